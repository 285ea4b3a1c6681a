"""Closed loop: a simulated house, its charger as Home Assistant's MQTT offers it, and the component between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import aiomqtt
import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity._vendor.energy_control.balancing import wiring
from custom_components.smappee_infinity.balancing.const import EV_CHARGER
from simulator import SITES, Gateway, House
from simulator.charger_topics import ChargerTopics
from simulator.endpoint import Endpoint
from simulator.house.charging import CHARACTERS, Car, Heartbeat, LiveCharger, SetCurrent
from simulator.runner import run
from simulator.sites.garages import with_character
from tests.custom_components.balanced import CHARGER, CHARGER_ID, MAIN, THE_MAIN_FUSE, Declared, balanced
from tests.custom_components.conftest import entry_for
from tests.custom_components.home_mqtt import set_up_mqtt
from tests.mosquitto import Mosquitto
from tests.waiting import until

START = datetime(2026, 1, 15, 14, tzinfo=UTC)
SERIAL = "5010002525"
SPEED = 4.0
FAST = 8.0
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
BY_BUTTON = {
    **TABLE,
    "heartbeat_entity": "button.ev_charger_heartbeat",
    "heartbeat": 60 / FAST,
    "fallback_current": 16.0,
}
"""It waits for a minute of its own time. What it is left with is no help, so that only its own fallback is."""
ROOMY: Declared = (*THE_MAIN_FUSE[:3], {**MAIN, "rating": 63.0})


class Loop:
    """The house, and what it has been through, second by second."""

    def __init__(self, character: str) -> None:
        self.house = House(with_character(SITES["garage"], CHARACTERS[character]), seed=1, start=START)
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
def character() -> str:
    return "exact"


@pytest.fixture
def speed() -> float:
    return SPEED


@pytest.fixture
async def loop(broker: Mosquitto, character: str, speed: float) -> AsyncIterator[Loop]:
    """A car charges with 16 A on three lines, in an afternoon."""
    loop = Loop(character)
    loop.charger.set_current(16.0)
    loop.charger.plug_in(state_of_charge=0.2)
    place = Endpoint(broker.host, broker.port)
    gateway, chargers = Gateway(loop.house, seed=1), ChargerTopics(loop.house)
    running = asyncio.create_task(run(gateway, place, speed=speed, chargers=chargers, watch=loop.note))
    yield loop
    running.cancel()
    with suppress(asyncio.CancelledError, aiomqtt.MqttError):
        await running


async def guard(hass: HomeAssistant, broker: Mosquitto, loop: Loop, *declared: Declared) -> None:
    """Set up all, and enable control when the car charges."""
    await set_up_mqtt(hass, broker)
    entry = balanced(entry_for(broker, SERIAL), *declared)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: hass.states.get("number.ev_charger_current_limit") is not None)
    await until(lambda: loop.charger.current_a > 14)
    switch = {"entity_id": "switch.smappee_genius_control_enabled"}
    await hass.services.async_call("switch", "turn_on", switch, blocking=True)


async def test_a_heat_pump_starts_and_the_car_makes_room_while_it_runs(
    hass: HomeAssistant, broker: Mosquitto, loop: Loop
) -> None:
    await guard(hass, broker, loop, THE_MAIN_FUSE, (CHARGER_ID, EV_CHARGER, "Car", TABLE))
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


@pytest.mark.parametrize(("character", "speed"), [("heartbeat", FAST)])
async def test_a_heartbeat_by_button_keeps_the_current_until_home_assistant_is_gone(
    hass: HomeAssistant, broker: Mosquitto, loop: Loop
) -> None:
    await guard(hass, broker, loop, ROOMY, (CHARGER_ID, EV_CHARGER, "Car", BY_BUTTON))
    begun = len(loop.offered_a)
    await until(lambda: len(loop.offered_a) > begun + 100)
    assert set(loop.offered_a[begun:]) == {16.0}
    assert loop.charger.journal.commands(SetCurrent) == [SetCurrent(16.0)]
    await hass.async_stop(force=True)
    beats = len(loop.charger.journal.commands(Heartbeat))
    await until(lambda: loop.offered_a[-1] == 6.0)
    assert len(loop.charger.journal.commands(Heartbeat)) == beats
    assert loop.charger.journal.offences == []


def contradictions(hass: HomeAssistant) -> list[dict[str, str] | None]:
    """What is said of chargers that are wired otherwise than their owner has said."""
    issues = ir.async_get(hass).issues.values()
    return [issue.translation_placeholders for issue in issues if issue.translation_key == "wired_otherwise"]


async def test_the_wiring_is_learned_from_a_car_of_one_line_and_whoever_said_otherwise_is_told(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Mosquitto,
    loop: Loop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def learned() -> str | None:
        state = hass.states.get("sensor.car_reason")
        return None if state is None else state.attributes.get("learned_wiring")

    monkeypatch.setattr(wiring, "LEARNS_AFTER_S", 2.0)
    loop.charger.unplug()
    loop.charger.plug_in(Car(phases=1), state_of_charge=0.2)
    await set_up_mqtt(hass, broker)
    said = {**TABLE, "line_1": "L1", "line_2": "L2", "line_3": "L3"}
    entry = balanced(entry_for(broker, SERIAL), THE_MAIN_FUSE, (CHARGER_ID, EV_CHARGER, "Car", said))
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert (learned(), contradictions(hass)) == (None, [])
    await until(lambda: learned() is not None)
    assert learned() == "L1 → L2"
    told = {"name": "Car", "serial": SERIAL, "said": "L1 → L1, L2 → L2, L3 → L3", "seen": "L1 → L2"}
    assert contradictions(hass) == [told]
    hass.config_entries.async_update_subentry(entry, entry.subentries[CHARGER_ID], data=TABLE)
    await hass.async_block_till_done()
    await until(lambda: learned() == "L1 → L2")
    assert contradictions(hass) == []
    document = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert document["balancing"]["memory"]["state"]["chargers"][CHARGER_ID]["wiring"]["first"] == 1
