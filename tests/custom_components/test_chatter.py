"""A relay is not switched back and forth without end, and can always be switched off."""

import pytest
from homeassistant.const import SERVICE_TURN_OFF, SERVICE_TURN_ON, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from hypothesis import given
from hypothesis import strategies as st

from custom_components.smappee_infinity._vendor.energy_control import chatter
from custom_components.smappee_infinity._vendor.energy_control.chatter import MOST_SWITCHINGS, WINDOW_S, ChatterLimit
from tests.custom_components.relays import HEATER, LAMP, Relays, act, off_at, switch, turn_on_for

COMMANDS = st.lists(st.tuples(st.integers(0, 40).map(lambda quarters: quarters / 4), st.booleans()), max_size=60)
"""Pauses in seconds, and what is commanded then."""
LAMP_ON, LAMP_OFF = (str(LAMP), "ON"), (str(LAMP), "OFF")
HEATER_ON, HEATER_OFF = (str(HEATER), "ON"), (str(HEATER), "OFF")


class Relay:
    """A relay behind the limit, and a note of every movement of its contacts."""

    def __init__(self) -> None:
        self.limit = ChatterLimit()
        self.now = 0.0
        self.on = False
        self.moved_at: list[float] = []

    def command(self, *, on: bool) -> float:
        wait_s = self.limit.admit(self.now, on=on, was_on=self.on)
        if not wait_s and on is not self.on:
            self.on = on
            self.moved_at.append(self.now)
        return wait_s

    def moves_within_a_window(self) -> int:
        return sum(at > self.now - WINDOW_S for at in self.moved_at)


@pytest.mark.filterwarnings("ignore:It looks like `register_random`")  # hypothesis, beside Home Assistant's plugin
@given(COMMANDS)
def test_within_any_minute_there_are_six_switchings_and_perhaps_an_off(steps: list[tuple[float, bool]]) -> None:
    relay = Relay()
    for pause_s, on in steps:
        relay.now += pause_s
        relay.command(on=on)
        assert relay.moves_within_a_window() <= MOST_SWITCHINGS + (not relay.on)


@given(COMMANDS)
def test_off_is_never_refused(steps: list[tuple[float, bool]]) -> None:
    relay = Relay()
    for pause_s, on in steps:
        relay.now += pause_s
        if relay.command(on=on):
            assert on
        assert relay.limit.admit(relay.now, on=False, was_on=None) == 0.0


@given(COMMANDS)
def test_on_is_refused_only_after_six_switchings_and_passes_after_the_wait_and_not_before(
    steps: list[tuple[float, bool]],
) -> None:
    relay = Relay()
    for pause_s, on in steps:
        relay.now += pause_s
        moves = relay.moves_within_a_window()
        wait_s = relay.command(on=on)
        assert 0.0 <= wait_s <= WINDOW_S
        if not wait_s:
            continue
        assert moves >= MOST_SWITCHINGS
        relay.now += wait_s - 0.25
        assert relay.command(on=True) == 0.25
        relay.now += 0.25
        assert relay.command(on=True) == 0.0


@given(st.integers(0, 100))
def test_what_moves_no_contact_does_not_count(repetitions: int) -> None:
    relay = Relay()
    relay.command(on=True)
    for _ in range(repetitions):
        assert relay.command(on=True) == 0.0
    assert [relay.command(on=not relay.on) for _ in range(MOST_SWITCHINGS)] == [0.0] * 5 + [WINDOW_S]


def test_a_state_that_is_not_known_counts() -> None:
    limit = ChatterLimit()
    waits = [limit.admit(0.0, on=True, was_on=None) for _ in range(MOST_SWITCHINGS + 1)]
    assert waits == [0.0] * MOST_SWITCHINGS + [WINDOW_S]


async def back_and_forth(hass: HomeAssistant) -> None:
    """Three times on and off."""
    for _ in range(MOST_SWITCHINGS // 2):
        await act(hass, SERVICE_TURN_ON, LAMP)
        await act(hass, SERVICE_TURN_OFF, LAMP)


async def test_the_seventh_switching_fails_with_the_seconds_to_wait(hass: HomeAssistant, home: Relays) -> None:
    await back_and_forth(hass)
    with pytest.raises(HomeAssistantError) as failure:
        await act(hass, SERVICE_TURN_ON, LAMP)
    assert failure.value.translation_key == "switched_too_often"
    texts = failure.value.translation_placeholders
    assert texts is not None
    assert texts.keys() == {"name", "count", "seconds"}
    assert (texts["name"], texts["count"]) == ("Lamp", "6")
    assert 0 < int(texts["seconds"]) <= WINDOW_S
    assert switch(hass, LAMP).state == STATE_OFF
    assert home.commands == [LAMP_ON, LAMP_OFF] * 3


async def test_each_relay_has_a_limit_of_its_own(hass: HomeAssistant, home: Relays) -> None:
    await back_and_forth(hass)
    await act(hass, SERVICE_TURN_OFF, HEATER)
    await act(hass, SERVICE_TURN_ON, HEATER)
    assert home.commands == [LAMP_ON, LAMP_OFF] * 3 + [HEATER_OFF, HEATER_ON]


async def test_a_turn_on_for_a_time_that_is_refused_sets_no_timer(hass: HomeAssistant, home: Relays) -> None:
    await back_and_forth(hass)
    before = off_at(hass, LAMP)
    with pytest.raises(HomeAssistantError):
        await turn_on_for(hass, LAMP, 60)
    assert off_at(hass, LAMP) == before
    assert home.commands == [LAMP_ON, LAMP_OFF] * 3


async def test_off_works_however_often_it_has_been_switched(hass: HomeAssistant, home: Relays) -> None:
    await back_and_forth(hass)
    await home.tell(LAMP, "ON")
    await act(hass, SERVICE_TURN_OFF, LAMP)
    assert switch(hass, LAMP).state == STATE_OFF
    assert home.commands[-1] == LAMP_OFF


async def test_it_can_be_switched_on_again_after_the_wait(
    hass: HomeAssistant, home: Relays, monkeypatch: pytest.MonkeyPatch
) -> None:
    await back_and_forth(hass)
    monkeypatch.setattr(chatter, "WINDOW_S", 0.0)
    await act(hass, SERVICE_TURN_ON, LAMP)
    assert switch(hass, LAMP).state == STATE_ON
    assert home.commands == [LAMP_ON, LAMP_OFF] * 3 + [LAMP_ON]
