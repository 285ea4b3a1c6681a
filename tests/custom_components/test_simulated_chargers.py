"""Home Assistant's MQTT finds the simulator's chargers by itself, as a real charger's integration would offer them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import aiomqtt
import pytest
from homeassistant.const import ATTR_ENTITY_ID, SERVICE_TURN_OFF, STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant

from simulator import SITES, Gateway, House
from simulator.charger_topics import ChargerTopics
from simulator.endpoint import Endpoint
from simulator.house.charging import Heartbeat, LiveCharger, SetCurrent, SetEnabled, SetPhases
from simulator.runner import run
from tests.custom_components.home_mqtt import set_up_mqtt
from tests.mosquitto import Mosquitto
from tests.waiting import until

START = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Home Assistant's MQTT reads its configuration file."""
    (Path(hass_tmp_config_dir) / "configuration.yaml").touch()
    return hass_tmp_config_dir


@asynccontextmanager
async def charging(broker: Mosquitto) -> AsyncIterator[LiveCharger]:
    """The house with two chargers at work; yields the left one."""
    house = House(SITES["two-cars"], seed=1, start=START)
    place = Endpoint(broker.host, broker.port)
    running = asyncio.create_task(run(Gateway(house), place, speed=20.0, chargers=ChargerTopics(house)))
    yield house.chargers["Left charger"]
    running.cancel()
    with suppress(asyncio.CancelledError, aiomqtt.MqttError):
        await running


async def test_a_charger_is_found_commanded_and_seen_to_go(hass: HomeAssistant, broker: Mosquitto) -> None:
    def shows(entity_id: str, value: str) -> bool:
        state = hass.states.get(entity_id)
        return state is not None and state.state == value

    async def call(domain: str, service: str, entity_id: str, **data: float | str) -> None:
        await hass.services.async_call(domain, service, {ATTR_ENTITY_ID: entity_id, **data}, blocking=True)

    entry = await set_up_mqtt(hass, broker)
    async with charging(broker) as charger:
        await until(lambda: shows("number.left_charger_current_limit", "32.0"))
        await until(lambda: shows("sensor.left_charger_status", "no_car"))
        number = hass.states.get("number.left_charger_current_limit")
        assert number
        assert (number.attributes["min"], number.attributes["max"], number.attributes["step"]) == (6.0, 32.0, 0.1)
        charger.plug_in(state_of_charge=0.2)
        await until(lambda: shows("sensor.left_charger_status", "charging"))
        await until(lambda: shows("sensor.left_charger_control_pilot", "C"))
        await call("number", "set_value", "number.left_charger_current_limit", value=10.3)
        await until(lambda: shows("number.left_charger_current_limit", "10.3"))
        await until(lambda: shows("sensor.left_charger_current", "10.0"))
        await call("switch", SERVICE_TURN_OFF, "switch.left_charger_charging_allowed")
        await until(lambda: shows("switch.left_charger_charging_allowed", STATE_OFF))
        await until(lambda: shows("sensor.left_charger_status", "connected"))
        await call("select", "select_option", "select.left_charger_phases", option="1")
        await until(lambda: shows("select.left_charger_phases", "1"))
        await call("button", "press", "button.left_charger_heartbeat")
        await until(lambda: charger.journal.commands(Heartbeat) != [])
        assert shows("switch.right_charger_charging_allowed", STATE_ON)
    await until(lambda: shows("switch.left_charger_charging_allowed", STATE_UNAVAILABLE))
    assert [entry.command for entry in charger.journal.entries] == [
        SetCurrent(10.3),
        SetEnabled(on=False),
        SetPhases(1),
        Heartbeat(),
    ]
    assert charger.journal.offences == []
    await hass.config_entries.async_unload(entry.entry_id)
