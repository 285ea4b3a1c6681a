"""Closed loop: a simulated house, its charger as Home Assistant's MQTT offers it, and the component between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import aiomqtt
import pytest
from homeassistant.core import HomeAssistant

from custom_components.smappee_infinity.balancing.const import EV_CHARGER
from simulator import SITES, Gateway, House
from simulator.charger_topics import ChargerTopics
from simulator.endpoint import Endpoint
from simulator.house.charging import LiveCharger, SetCurrent
from simulator.runner import run
from tests.custom_components.balanced import CHARGER, CHARGER_ID, THE_MAIN_FUSE, balanced
from tests.custom_components.conftest import entry_for
from tests.custom_components.home_mqtt import set_up_mqtt
from tests.mosquitto import Mosquitto
from tests.waiting import until

START = datetime(2026, 1, 15, 14, tzinfo=UTC)
SERIAL = "5010002525"
SPEED = 4.0
FALLS_WITHIN_S = 10
"""One second until the gateway has measured it, one until the charger has followed; the rest is for busy machines."""
TABLE = {
    **CHARGER,
    "current_entity": "number.ev_charger_current_limit",
    "switch_entity": "switch.ev_charger_charging_allowed",
    "load": "5500002502_0",
    "line_1": "L2",
    "line_2": "L3",
    "line_3": "L1",
}


class Loop:
    """The house, and what it has been through, second by second."""

    def __init__(self) -> None:
        self.house = House(SITES["garage"], seed=1, start=START)
        self.charger: LiveCharger = self.house.chargers["EV charger"]
        self.pump_w: list[float] = []
        self.offered_a: list[float] = []

    def note(self, _gateway: Gateway) -> None:
        self.pump_w.append(self.house.circuits["Heat pump"].demand.real)
        self.offered_a.append(self.charger.offered_a)


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Home Assistant's MQTT reads its configuration file."""
    (Path(hass_tmp_config_dir) / "configuration.yaml").touch()
    return hass_tmp_config_dir


@pytest.fixture
async def loop(broker: Mosquitto) -> AsyncIterator[Loop]:
    """A car charges with 16 A on three lines, in an afternoon."""
    loop = Loop()
    loop.charger.set_current(16.0)
    loop.charger.plug_in(state_of_charge=0.2)
    place = Endpoint(broker.host, broker.port)
    gateway, chargers = Gateway(loop.house, seed=1), ChargerTopics(loop.house)
    running = asyncio.create_task(run(gateway, place, speed=SPEED, chargers=chargers, watch=loop.note))
    yield loop
    running.cancel()
    with suppress(asyncio.CancelledError, aiomqtt.MqttError):
        await running


async def test_a_heat_pump_starts_and_the_car_makes_room_while_it_runs(
    hass: HomeAssistant, broker: Mosquitto, loop: Loop
) -> None:
    await set_up_mqtt(hass, broker)
    entry = balanced(entry_for(broker, SERIAL), THE_MAIN_FUSE, (CHARGER_ID, EV_CHARGER, "Car", TABLE))
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: hass.states.get("number.ev_charger_current_limit") is not None)
    await until(lambda: loop.charger.current_a > 14)
    switch = {"entity_id": "switch.smappee_genius_control_enabled"}
    await hass.services.async_call("switch", "turn_on", switch, blocking=True)
    loop.house.start("Heat pump")
    await until(lambda: max(loop.pump_w) > 8000)
    started = next(second for second, watts in enumerate(loop.pump_w) if watts > 8000)
    await until(lambda: len(loop.offered_a) > started + 20)
    assert loop.offered_a[started - 1] > 14
    assert max(loop.offered_a[started + FALLS_WITHIN_S :]) < 12
    assert loop.charger.journal.offences == []
    await hass.async_stop(force=True)
    await until(lambda: loop.offered_a[-1] == 6.0)
    assert loop.charger.journal.commands(SetCurrent)[-1] == SetCurrent(6.0)
