"""Plugs and switches: commanded by actions only, shown as the gateway confirms, and failed with a text that helps."""

import pytest
from homeassistant.components.switch.const import DATA_COMPONENT
from homeassistant.const import (
    ATTR_ASSUMED_STATE,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity._vendor.smappee_gateway import commands
from custom_components.smappee_infinity.switch import SmappeePlug
from tests import genius
from tests.custom_components.relays import HEATER, LAMP, SWITCH_SERIAL, Relays, act, switch
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto
from tests.waiting import until


async def test_what_the_gateway_says_is_shown_and_nothing_is_commanded(hass: HomeAssistant, home: Relays) -> None:
    assert (switch(hass, LAMP).state, switch(hass, HEATER).state) == (STATE_OFF, STATE_ON)
    assert home.commands == []


async def test_only_a_switch_that_answers_is_sure_of_its_state(hass: HomeAssistant, home: Relays) -> None:  # noqa: ARG001 - fixture
    assert switch(hass, LAMP).attributes.get(ATTR_ASSUMED_STATE) is True
    assert ATTR_ASSUMED_STATE not in switch(hass, HEATER).attributes


async def test_plugs_are_devices_below_their_gateway(hass: HomeAssistant, home: Relays, entry: MockConfigEntry) -> None:  # noqa: ARG001 - fixture
    devices = {device.name: device for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)}
    heater, lamp = devices["Heater"], devices["Lamp"]
    assert (heater.model, heater.serial_number, lamp.model, lamp.serial_number) == (
        "Smappee Switch",
        SWITCH_SERIAL,
        "Comfort plug",
        None,
    )
    assert heater.via_device_id == lamp.via_device_id == devices["Smappee Genius"].id
    assert switch(hass, HEATER).name == "Heater"


async def test_each_action_is_one_command_and_its_echo_is_shown_at_once(hass: HomeAssistant, home: Relays) -> None:
    await act(hass, SERVICE_TURN_ON, LAMP)
    assert switch(hass, LAMP).state == STATE_ON
    await act(hass, SERVICE_TURN_OFF, HEATER)
    assert switch(hass, HEATER).state == STATE_OFF
    assert home.commands == [(str(LAMP), "ON"), (str(HEATER), "OFF")]


async def test_a_command_without_an_echo_fails_with_a_text_and_the_old_state_stays(
    hass: HomeAssistant, gateway: Sender, home: Relays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "CONFIRMATION_TIMEOUT_S", 0.5)
    home.answers = False
    with pytest.raises(HomeAssistantError) as failure:
        await gateway.living(act(hass, SERVICE_TURN_ON, LAMP))
    assert failure.value.translation_key == "not_confirmed"
    assert failure.value.translation_placeholders == {"name": "Lamp", "serial": genius.SERIAL}
    assert switch(hass, LAMP).state == STATE_OFF
    assert home.commands == [(str(LAMP), "ON")]


async def test_without_a_connection_a_command_fails_at_once(
    hass: HomeAssistant, broker: Mosquitto, home: Relays, entry: MockConfigEntry
) -> None:
    lamp = hass.data[DATA_COMPONENT].get_entity(switch(hass, LAMP).entity_id)
    assert isinstance(lamp, SmappeePlug)
    broker.stop()
    await until(lambda: not entry.runtime_data.gateway.connected)
    with pytest.raises(HomeAssistantError) as failure:
        await lamp.async_turn_on()
    assert failure.value.translation_key == "not_connected"
    assert home.commands == []


async def test_what_somebody_else_switches_is_shown_at_once(hass: HomeAssistant, home: Relays) -> None:
    await home.tell(LAMP, "ON")
    await until(lambda: switch(hass, LAMP).state == STATE_ON)
    assert home.commands == []


async def test_a_switch_that_the_gateway_has_lost_is_unavailable_and_the_plug_is_not(
    hass: HomeAssistant, home: Relays
) -> None:
    await home.tell(HEATER, "UNREACHABLE", kind="connectionState")
    await until(lambda: switch(hass, HEATER).state == STATE_UNAVAILABLE)
    await until(lambda: switch(hass, HEATER, "binary_sensor", "plug_connected").state == STATE_OFF)
    assert switch(hass, LAMP).state == STATE_OFF
    await home.tell(HEATER, "CONNECTED", kind="connectionState")
    await until(lambda: switch(hass, HEATER).state == STATE_ON)


async def test_a_plug_that_is_removed_and_one_that_is_added(hass: HomeAssistant, gateway: Sender, home: Relays) -> None:
    await gateway.send("homeControlConfig", genius.home_control((LAMP, "Lamp"), (3, "Fountain")), retain=True)
    await until(lambda: switch(hass, HEATER).state == STATE_UNAVAILABLE)
    await home.tell(3, "ON")
    await until(lambda: switch(hass, 3).state == STATE_ON)
    assert home.commands == []


async def test_a_restart_switches_nothing(
    hass: HomeAssistant, gateway: Sender, home: Relays, entry: MockConfigEntry
) -> None:
    await act(hass, SERVICE_TURN_ON, LAMP)
    assert await gateway.living(hass.config_entries.async_reload(entry.entry_id))
    await gateway.living(until(lambda: switch(hass, LAMP).state == STATE_ON))
    assert home.commands == [(str(LAMP), "ON")]
