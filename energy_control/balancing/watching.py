"""What a charger does by itself: its car's lines and appetite, and what its user has switched at it."""

from collections.abc import Iterable

import msgspec

from energy_control.balancing.charging import DRAWS_A, TOLERANCE_A, UNDER_A, ChargerState, found
from energy_control.balancing.decisions import AllowCharging, Command
from energy_control.balancing.reading import ChargerReading
from energy_control.balancing.settings import Charger, Mode
from mqtt_schema.quantities import Phase

FORGOTTEN_S = 600.0
"""After it has drawn nothing for so long, another car may have come that uses other lines."""
LATE_S = 60.0
"""Within that even a switch that is only polled has told that it went off."""


def observed(
    charger: Charger, state: ChargerState, reading: ChargerReading, at: float, *, sent_off: bool
) -> ChargerState:
    """Take in what a charger does by itself: its car's lines and appetite, and what its user has switched.

    `sent_off`: it was last told from here to switch charging off.
    """
    if state.mode is not reading.mode:
        state = _in_another_mode(state, reading.mode)
    if state.set_a is None:
        due_at = at - charger.write_interval_s
        state = msgspec.structs.replace(state, set_a=found(charger, reading), set_at=due_at)
    return msgspec.structs.replace(
        state,
        lines=_lines(charger, state, reading, at),
        under_since=_under_since(state, reading, at),
        over_since=_over_since(state, reading, at),
        seen_on=_is_seen_on(state, reading, sent_off=sent_off),
        user_off=_is_switched_off(state, reading, sent_off=sent_off),
        paused_at=None if reading.connected is False else state.paused_at,
        in_vain_at=None if reading.connected is False else state.in_vain_at,
    )


def switched(state: ChargerState, commands: Iterable[Command], at: float) -> ChargerState:
    """Note what is switched from here, so that it is not taken for its user's."""
    for command in commands:
        match command:
            case AllowCharging(on=True):
                state = msgspec.structs.replace(state, off_at=None)
            case AllowCharging():
                state = msgspec.structs.replace(state, off_at=at, seen_on=False)
            case _:
                pass
    return state


def may_be_going_off(state: ChargerState, at: float) -> bool:
    """Tell whether it may still tell that it is on although it was switched off from here."""
    return state.off_at is not None and 0.0 <= at - state.off_at < LATE_S


def _lines(charger: Charger, state: ChargerState, reading: ChargerReading, at: float) -> tuple[Phase, ...]:
    """Remember the lines of this car, whatever was said of the wiring; a new car may use others."""
    if reading.connected is False:
        return ()
    drawn = {line for line, current_a in reading.current_a.items() if current_a > DRAWS_A}
    if not drawn:
        return () if state.under_since is not None and at - state.under_since >= FORGOTTEN_S else state.lines
    seen = drawn.union(state.lines)
    return tuple(line for line in (*charger.lines, *sorted(seen.difference(charger.lines))) if line in seen)


def _under_since(state: ChargerState, reading: ChargerReading, at: float) -> float | None:
    if not reading.current_a or not state.set_a or reading.connected is False:
        return None
    in_force_a = state.set_a if reading.set_a is None else min(state.set_a, reading.set_a)
    if max(reading.current_a.values()) > in_force_a - UNDER_A:
        return None
    return at if state.under_since is None else state.under_since


def _over_since(state: ChargerState, reading: ChargerReading, at: float) -> float | None:
    if not reading.current_a or state.set_a is None:
        return None
    if max(reading.current_a.values()) <= state.set_a + TOLERANCE_A:
        return None
    return at if state.over_since is None else state.over_since


def _in_another_mode(state: ChargerState, mode: Mode) -> ChargerState:
    """Take what its user wants now. What it is set to is looked up anew when it was left alone until now."""
    if state.mode is Mode.OFF:
        state = msgspec.structs.replace(state, set_a=None, ours=False)
    return msgspec.structs.replace(state, mode=mode, user_off=False, seen_on=False)


def _is_seen_on(state: ChargerState, reading: ChargerReading, *, sent_off: bool) -> bool:
    """Tell whether somebody would have to switch it off; many do so by themselves when the car leaves."""
    if sent_off or reading.connected is False:
        return False
    return reading.allowed is True or state.seen_on


def _is_switched_off(state: ChargerState, reading: ChargerReading, *, sent_off: bool) -> bool:
    if reading.allowed is True or reading.connected is False:
        return False
    if reading.allowed is None:
        return state.user_off
    return state.user_off or (state.seen_on and not sent_off)
