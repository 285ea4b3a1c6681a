"""Commands leave in their order, none waits for another charger, and the newest of a kind is the one that counts."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from homeassistant.core import HomeAssistant, ServiceCall
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity._vendor.energy_control.balancing.decisions import (
    AllowCharging,
    Command,
    Heartbeat,
    SetCurrent,
    SetPhases,
)
from custom_components.smappee_infinity.balancing import sending
from custom_components.smappee_infinity.balancing.charger_entities import ChargerEntities
from custom_components.smappee_infinity.balancing.sending import Sender, Senders
from custom_components.smappee_infinity.const import DOMAIN

PHASES = {"phases_entity": "select.phases", "one_phase": "single", "three_phases": "three"}


class Slow:
    """A charger whose every action waits until it may end."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.begun: list[object] = []
        self.may_end = asyncio.Event()
        for domain, action in (
            ("number", "set_value"),
            ("switch", "turn_on"),
            ("switch", "turn_off"),
            ("button", "press"),
        ):
            hass.services.async_register(domain, action, self.act)

    async def act(self, call: ServiceCall) -> None:
        self.begun.append(call.data.get("value", call.service))
        await self.may_end.wait()


@pytest.fixture
async def entry(hass: HomeAssistant) -> AsyncIterator[MockConfigEntry]:
    entry = MockConfigEntry(domain=DOMAIN)
    entry.add_to_hass(hass)
    yield entry
    await entry._async_process_on_unload(hass)  # noqa: SLF001 - ends what the entry still does


@pytest.fixture
def senders(hass: HomeAssistant, entry: MockConfigEntry) -> Senders:
    def sender(name: str) -> Sender:
        table = {
            "current_entity": f"number.{name}",
            "switch_entity": f"switch.{name}",
            "heartbeat_entity": f"button.{name}",
        }
        return Sender(hass, entry, name, ChargerEntities(hass, table).action)

    return Senders({"left": sender("left"), "right": sender("right")})


async def settled(condition: Callable[[], bool]) -> None:
    for _ in range(100):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError


async def test_the_first_leaves_at_once_and_the_others_in_their_order(hass: HomeAssistant, senders: Senders) -> None:
    slow = Slow(hass)
    senders.send([SetCurrent("left", 10.0), AllowCharging("left", on=True)])
    assert slow.begun == [10.0]  # before anything else could run
    slow.may_end.set()
    await settled(lambda: len(slow.begun) > 1)
    assert slow.begun == [10.0, "turn_on"]


async def test_nobody_waits_for_another_charger(hass: HomeAssistant, senders: Senders) -> None:
    slow = Slow(hass)
    senders.send([SetCurrent("left", 10.0), SetCurrent("right", 11.0)])
    assert slow.begun == [10.0, 11.0]
    slow.may_end.set()


async def test_of_what_still_waits_only_the_newest_of_a_kind_is_sent(hass: HomeAssistant, senders: Senders) -> None:
    slow = Slow(hass)
    senders.send([SetCurrent("left", 10.0)])
    senders.send([AllowCharging("left", on=True), SetCurrent("left", 9.0)])
    senders.send([SetCurrent("left", 8.0), AllowCharging("left", on=False)])
    slow.may_end.set()
    await settled(lambda: len(slow.begun) > 2)
    assert slow.begun == [10.0, 8.0, "turn_off"]


async def test_charging_is_not_allowed_at_a_current_that_could_not_be_set(
    hass: HomeAssistant, senders: Senders
) -> None:
    slow = Slow(hass)
    slow.may_end.set()
    hass.services.async_remove("number", "set_value")
    senders.send([SetCurrent("left", 10.0), AllowCharging("left", on=True)])
    senders.send([SetCurrent("right", 10.0), AllowCharging("right", on=False)])
    await settled(lambda: len(senders.failures()) == 1 and "turn_off" in slow.begun)
    assert slow.begun == ["turn_off"]


async def test_a_charger_whose_current_could_not_be_set_is_not_kept_from_falling_back(
    hass: HomeAssistant, senders: Senders
) -> None:
    slow = Slow(hass)
    slow.may_end.set()
    hass.services.async_remove("number", "set_value")
    senders.send([SetCurrent("left", 10.0), Heartbeat("left"), SetCurrent("right", 10.0)])
    await settled(lambda: len(senders.failures()) == 2)
    senders.send([Heartbeat("left")])
    senders.send([Heartbeat("right"), AllowCharging("right", on=False)])
    await settled(lambda: "turn_off" in slow.begun)
    assert "press" not in slow.begun
    hass.services.async_register("number", "set_value", slow.act)
    senders.send([SetCurrent("left", 10.0), Heartbeat("left")])
    await settled(lambda: "press" in slow.begun)
    assert slow.begun == ["turn_off", 10.0, "press"]


async def test_the_last_word_does_not_wait_for_what_came_before(hass: HomeAssistant, senders: Senders) -> None:
    slow = Slow(hass)
    senders.send([SetCurrent("left", 10.0), AllowCharging("left", on=True)])
    last = asyncio.create_task(senders.finish([SetCurrent("left", 6.0)]))
    await settled(lambda: len(slow.begun) > 1)
    slow.may_end.set()
    await last
    assert slow.begun == [10.0, 6.0]


async def test_a_charger_that_never_answers_keeps_nobody_from_stopping(
    hass: HomeAssistant, senders: Senders, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sending, "FAREWELL_TIMEOUT_S", 0.1)
    Slow(hass)
    await senders.finish([SetCurrent("left", 6.0), SetCurrent("right", 6.0)])
    assert caplog.text.count("has not taken its fallback current in time") == 2


async def test_an_action_that_does_not_end_is_a_failure(
    hass: HomeAssistant, senders: Senders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CALL_TIMEOUT_S", 0.1)
    Slow(hass)
    await senders.finish([SetCurrent("left", 6.0)])
    assert senders.failures() == {"left": "TimeoutError"}


async def test_an_action_that_does_not_exist_is_a_failure(senders: Senders) -> None:
    await senders.finish([AllowCharging("left", on=False)])
    assert senders.failures() == {"left": "Action switch.turn_off not found"}


@pytest.mark.parametrize(
    ("table", "command", "expected"),
    [
        ({"current_entity": "number.x"}, SetCurrent("x", 10.5), ("number", "set_value", 10500.0)),
        ({"current_entity": "number.new"}, SetCurrent("x", 10.5), ("number", "set_value", 10.5)),
        ({"switch_entity": "input_boolean.x"}, AllowCharging("x", on=True), ("input_boolean", "turn_on", None)),
        (PHASES, SetPhases("x", 1), ("select", "select_option", "single")),
        (PHASES, SetPhases("x", 3), ("select", "select_option", "three")),
        ({"phases_entity": "number.phases"}, SetPhases("x", 3), ("number", "set_value", 3)),
        ({"heartbeat_entity": "button.x"}, Heartbeat("x"), ("button", "press", None)),
        ({"heartbeat_entity": "input_button.x"}, Heartbeat("x"), ("input_button", "press", None)),
        ({}, Heartbeat("x"), None),
        ({}, SetCurrent("x", 10.5), None),
        ({}, SetPhases("x", 1), None),
        ({}, AllowCharging("x", on=True), None),
    ],
)
async def test_each_command_is_the_action_of_the_entity_that_was_named(
    hass: HomeAssistant, table: dict[str, str], command: Command, expected: tuple[str, str, object] | None
) -> None:
    hass.states.async_set("number.x", "6000", {"unit_of_measurement": "mA"})
    action = ChargerEntities(hass, table).action(command)
    found = (
        None if action is None else (action.domain, action.name, action.data.get("value", action.data.get("option")))
    )
    assert found == expected


@pytest.mark.parametrize(
    ("state", "phases"),
    [("single", 1), ("three", 3), ("both", None), ("unavailable", None)],
)
async def test_the_number_of_phases_is_read_from_a_select(hass: HomeAssistant, state: str, phases: int | None) -> None:
    hass.states.async_set("select.phases", state)
    assert ChargerEntities(hass, PHASES).phases == phases
    hass.states.async_set("number.phases", "2.5")
    assert ChargerEntities(hass, {"phases_entity": "number.phases"}).phases is None
    hass.states.async_set("number.phases", "3")
    assert ChargerEntities(hass, {"phases_entity": "number.phases"}).phases == 3
