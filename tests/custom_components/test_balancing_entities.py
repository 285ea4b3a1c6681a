"""What the balancing shows: devices, entities, names, and when a state is written."""

import json

import pytest
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity import async_remove_config_entry_device
from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.balanced import (
    CHARGER_ID,
    CURRENT,
    HOUSE_W,
    LAMP_ID,
    MAIN,
    MAIN_ID,
    THE_CHARGER,
    THE_LAMP,
    THE_MAIN_FUSE,
    add_helpers,
    balanced,
    entity_of,
    measured,
    shown,
)
from tests.custom_components.conftest import entry_for
from tests.custom_components.running import set_up
from tests.custom_components.sender import Sender
from tests.custom_components.test_simulated_houses import reference
from tests.mosquitto import Mosquitto

LIMITED = (*THE_MAIN_FUSE[:3], {**MAIN, "limit": 9.2})
CHARGING_W = {"grid2": 3910, "oven": 3680}
EXPECTED = {
    "Main fuse": [
        "binary_sensor.main_fuse_overloaded | problem | -",
        "sensor.main_fuse_headroom_l1 | current | A",
        "sensor.main_fuse_headroom_l2 | current | A",
        "sensor.main_fuse_headroom_l3 | current | A",
        "sensor.main_fuse_headroom_power | power | W",
        "sensor.main_fuse_trip_risk | - | %",
    ],
    "Left charger": [
        "binary_sensor.left_charger_charging_allowed | - | -",
        "number.left_charger_maximum_current | current | A",
        "select.left_charger_mode | - | -",
        "sensor.left_charger_reason | enum | -",
        "sensor.left_charger_target_current | current | A",
    ],
    "Lamp": [
        "binary_sensor.lamp_switched_off | - | -",
        "sensor.lamp_reason | enum | -",
    ],
}


@pytest.fixture
def entry(broker: Mosquitto) -> MockConfigEntry:
    return balanced(entry_for(broker, genius.SERIAL), LIMITED, THE_CHARGER, THE_LAMP)


@pytest.fixture
async def home(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> MockConfigEntry:
    await add_helpers(hass)
    gateway.live = genius.powers(0, **{**HOUSE_W, **CHARGING_W})
    await set_up(hass, entry, gateway)
    await measured(entry, gateway, **CHARGING_W)
    return entry


def device_of(hass: HomeAssistant, entry: MockConfigEntry, part: str) -> dr.DeviceEntry:
    identifier = (DOMAIN, "_".join(word for word in (genius.SERIAL, part) if word))
    device = dr.async_get(hass).async_get_device_by_identifier(identifier, entry.entry_id)
    assert isinstance(device, dr.DeviceEntry)
    return device


async def test_each_thing_that_is_declared_is_a_device_below_the_gateway(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    gateway = device_of(hass, home, "")
    registry = er.async_get(hass)
    found = {}
    for part in (MAIN_ID, CHARGER_ID, LAMP_ID):
        device = device_of(hass, home, part)
        assert device.via_device_id == gateway.id
        entities = er.async_entries_for_device(registry, device.id)
        assert {entity.config_subentry_id for entity in entities} == {part}
        found[str(device.name)] = sorted(
            f"{entity.entity_id} | {entity.original_device_class or '-'} | {entity.unit_of_measurement or '-'}"
            for entity in entities
        )
    assert found == EXPECTED
    assert registry.async_get(entity_of(hass, "switch", "control_enabled")).device_id == gateway.id  # type: ignore[union-attr]


async def test_each_entity_stands_in_the_reference(hass: HomeAssistant, home: MockConfigEntry) -> None:
    ids = {MAIN_ID, CHARGER_ID, LAMP_ID}
    for item in er.async_entries_for_config_entry(er.async_get(hass), home.entry_id):
        if item.config_subentry_id in ids or item.unique_id.endswith("control_enabled"):
            assert len([row for row in reference() if row.describes(item, genius.SERIAL)]) == 1, item.entity_id


async def test_a_house_in_which_nothing_is_declared_shows_nothing_of_it(
    hass: HomeAssistant, gateway: Sender, broker: Mosquitto
) -> None:
    await set_up(hass, entry_for(broker, genius.SERIAL), gateway)
    assert not [entity for entity in er.async_get(hass).entities.values() if entity.domain == "number"]
    assert hass.states.get("switch.smappee_genius_control_enabled") is None


async def test_what_is_declared_cannot_be_deleted_as_a_device(hass: HomeAssistant, home: MockConfigEntry) -> None:
    assert not await async_remove_config_entry_device(hass, home, device_of(hass, home, CHARGER_ID))


async def test_headroom_in_power_is_shown_where_power_is_limited(hass: HomeAssistant, home: MockConfigEntry) -> None:  # noqa: ARG001
    assert shown(hass, "sensor", "headroom_power_main").state == str(9200 - 3910 - 2 * 230)


async def test_a_decision_is_shown_at_once_and_numbers_at_the_update_interval(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    written: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        assert state is not None
        written.append(state.state)

    headroom = entity_of(hass, "sensor", "headroom_main_L1")
    stop = async_track_state_change_event(hass, [headroom], note)
    for watts in (460, 690, 920):
        await measured(home, gateway, grid1=watts, **CHARGING_W)
    assert written == []
    await measured(home, gateway, grid1=9200, **CHARGING_W)
    await hass.async_block_till_done()
    assert written == ["-16.2"]  # the circuit is overloaded now
    stop()


async def test_diagnostics_tell_what_was_decided_and_no_entity_that_was_named(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, home: MockConfigEntry
) -> None:
    document = await get_diagnostics_for_config_entry(hass, hass_client, home)
    told = document["balancing"]
    assert isinstance(told, dict)
    assert told["settings"]["circuits"][0]["limit_w"] == 9200
    assert told["answer"]["chargers"][CHARGER_ID]["reason"]
    assert (told["enabled"], told["failures"]) == (False, {})
    text = json.dumps(document)
    assert CURRENT not in text
    assert "Left charger" not in text
