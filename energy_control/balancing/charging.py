"""What one charger is set to: down at once, up when there has been room for a while, and a pause below 6 A."""

import math

import msgspec

from energy_control.balancing.circumstances import Circumstances
from energy_control.balancing.reading import ChargerReading, Lines
from energy_control.balancing.settings import NOISE, Charger, Mode, Settings
from mqtt_schema.quantities import Phase

DRAWS_A = 0.5
"""From here on a line counts as used: below is the noise of a CT, and what a charger itself takes."""
TOLERANCE_A = 1.0
"""So much more than it may draw is no disobedience: cars and their meters are not exact."""
UNDER_A, UNDER_S = 1.5, 60.0
"""A car that has drawn so much less than it may for so long does not want more for now."""
GROWTH_A = 2.0
"""It keeps at least so much above what it draws, so that it is seen when it wants more again."""
DOUBTED_S = 3600.0
"""After it has made room in vain, nobody starts for so long on what it would have to give up."""
LEAST_RAISE_A = 0.5
"""Less is not worth a command, unless it is the last bit."""


class ChargerState(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a charger. Times are those of the readings."""

    set_a: float | None = None
    """What it was last decided to draw; 0 = to pause; None = nothing is decided yet."""
    set_at: float = 0.0
    ours: bool = False
    """It was set from here; what was found at the start may be anything."""
    lowered_at: float | None = None
    """Since when it should draw less."""
    paused_at: float | None = None
    """When it had to pause because there was no room; None = it did not."""
    blocked_since: float | None = None
    """Since when there is no room for its least, while it charges."""
    room_a: float = 0.0
    room_since: float | None = None
    """Since when there is room for more, and how much there was at least."""
    under_since: float | None = None
    """Since when the car has drawn less than it may."""
    over_since: float | None = None
    """Since when it has drawn more than it may."""
    lines: tuple[Phase, ...] = ()
    """On which lines this car has drawn."""
    made_room: bool = False
    """It was lowered for somebody else, and not because too much flowed."""
    in_vain_at: float | None = None
    """When it took back soon what it had made room with."""
    mode: Mode = Mode.OFF
    seen_on: bool = False
    """It told that charging was switched on, and was not told from here to switch it off since."""
    off_at: float | None = None
    """When it was last told from here to switch charging off; None = it was told to switch it on since."""
    user_off: bool = False
    """Somebody has switched charging off at the charger itself."""


def wanted_a(charger: Charger, state: ChargerState, reading: ChargerReading, at: float) -> float:
    """Return the most that is of any use to it now, in A."""
    most_a = charger.max_a if reading.wish_a is None else min(charger.max_a, reading.wish_a)
    if state.under_since is not None and at - state.under_since >= UNDER_S:
        most_a = min(most_a, max(reading.current_a.values(), default=0.0) + GROWTH_A + charger.step_a)
    return max(most_a, charger.least_a)


def is_idle(state: ChargerState, reading: ChargerReading, at: float) -> bool:
    """Tell whether its car has drawn nothing for so long although it may: it is full."""
    is_under = state.under_since is not None and at - state.under_since >= UNDER_S
    return is_under and max(reading.current_a.values(), default=0.0) < DRAWS_A


def is_doubtful(state: ChargerState, at: float) -> bool:
    """Tell whether what it may draw seems to be more than it draws, where nobody sees it."""
    return state.in_vain_at is not None and 0.0 <= at - state.in_vain_at < DOUBTED_S


def aimed(charger: Charger, state: ChargerState, granted_a: float, now: Circumstances) -> ChargerState:
    """Move towards what is granted, in A."""
    now_a, goal_a = state.set_a or 0.0, rounded(charger, granted_a)
    if _is_worth_it(charger, now_a, goal_a) and not now.held:
        return _raised(charger, state, granted_a, now)
    state = msgspec.structs.replace(state, room_since=None)
    if goal_a > now_a - NOISE:
        return state
    is_due = now.at - state.set_at >= charger.write_interval_s
    if goal_a == 0.0 or is_due or (now.urgent and not charger.is_slow):
        return msgspec.structs.replace(lowered(state, goal_a, now.at), made_room=not now.urgent)
    return lowered(state, 0.0, now.at) if now.urgent and charger.can_pause else state


def lowered(state: ChargerState, goal_a: float, at: float) -> ChargerState:
    """Set it to less at once; to 0 when it has to pause."""
    return msgspec.structs.replace(
        state,
        set_a=goal_a,
        set_at=at,
        ours=True,
        lowered_at=at,
        paused_at=at if goal_a == 0.0 else state.paused_at,
        blocked_since=None if goal_a == 0.0 else state.blocked_since,
        room_since=None,
        made_room=False,
    )


def stopped(state: ChargerState, at: float) -> ChargerState:
    """Let it pause because its user wants that: it may start whenever that changes."""
    state = state if state.set_a == 0.0 else lowered(state, 0.0, at)
    return msgspec.structs.replace(state, paused_at=None, blocked_since=None)


def interrupted(state: ChargerState) -> ChargerState:
    """Forget that there was room: nobody knows whether there is all the time."""
    return msgspec.structs.replace(state, room_since=None)


def woken(state: ChargerState) -> ChargerState:
    """Forget that its car drew little: it was paused for a moment so that it may draw more."""
    return msgspec.structs.replace(state, under_since=None)


def forgotten(state: ChargerState) -> ChargerState:
    """Return what still counts after a restart: timers do; what the charger is set to is looked up anew."""
    return msgspec.structs.replace(
        state,
        set_a=None,
        ours=False,
        lowered_at=None,
        over_since=None,
        room_since=None,
        blocked_since=None,
    )


def on_other_lines(state: ChargerState) -> ChargerState:
    """Forget on which lines its car has drawn."""
    return msgspec.structs.replace(state, lines=())


def held_down(charger: Charger, state: ChargerState, most_a: float, at: float) -> ChargerState:
    """Set it to what is safe when not everything is known; what is lower stays. One that cannot be set now pauses."""
    goal_a = rounded(charger, most_a)
    if goal_a >= (state.set_a or 0.0) - NOISE:
        return state
    must_wait = charger.is_slow and charger.can_pause and at - state.set_at < charger.write_interval_s
    return lowered(state, 0.0 if must_wait else goal_a, at)


def found(charger: Charger, reading: ChargerReading) -> float:
    """Return what a charger is set to that nobody here has set; at its worst where it does not tell."""
    if reading.allowed is False:
        return 0.0
    if reading.set_a is None:
        return charger.max_a
    return max(rounded(charger, reading.set_a), charger.least_a) if reading.set_a >= charger.min_a - NOISE else 0.0


def rounded(charger: Charger, current_a: float) -> float:
    """Return the highest current that it can be set to and that is not above; 0 when that is below its least."""
    steps = math.floor(min(current_a, charger.max_a) / charger.step_a + NOISE)
    stepped_a = round(steps * charger.step_a, 3)
    return stepped_a if stepped_a >= charger.min_a - NOISE else 0.0


def rest_ends_at(state: ChargerState, settings: Settings) -> float | None:
    """Return until when it must pause; None = it need not."""
    if state.paused_at is None or state.set_a != 0.0:
        return None
    return state.paused_at + settings.least_pause_s


def is_falling(charger: Charger, state: ChargerState, reading: ChargerReading, at: float) -> bool:
    """Tell whether it draws more than it may and still has time to come down."""
    if not _may_still_fall(charger, state, at):
        return False
    if reading.current_a:
        return max(reading.current_a.values()) > (state.set_a or 0.0) + DRAWS_A
    return True


def disobeys(charger: Charger, state: ChargerState, at: float) -> bool:
    """Tell whether it has drawn more than it may for longer than it needs to come down."""
    return state.over_since is not None and at - state.over_since >= charger.response_s


def used_lines(
    charger: Charger, state: ChargerState, reading: ChargerReading, may_use: tuple[Phase, ...]
) -> tuple[Phase, ...]:
    """Return the lines that count: those its car was seen to use, and all that it may where that cannot be seen.

    One that draws on a line it should not be on is wired otherwise than was said: then only what is seen counts.
    """
    if not state.lines or not reading.current_a:
        return state.lines or may_use
    if not frozenset(state.lines) <= frozenset(charger.lines):
        return state.lines
    unseen = [line for line in may_use if line not in reading.current_a and line not in state.lines]
    return (*state.lines, *unseen)


def credited(
    charger: Charger, state: ChargerState, reading: ChargerReading, lines: tuple[Phase, ...], at: float
) -> Lines:
    """Return what of the measured currents is its own, and gives room when it is lowered, in A by line.

    `lines`: those that count for it. What it draws above what it is set to for good is none of it: lowering it to that
    again would change nothing. Where nothing is measured, it counts as drawing all that it may.
    """
    set_a = state.set_a or 0.0
    cap_a = math.inf if _may_still_fall(charger, state, at) else set_a
    measured = {line: min(current_a, cap_a) for line, current_a in reading.current_a.items()}
    return (dict.fromkeys(lines, set_a) if state.ours else {}) | measured


def _may_still_fall(charger: Charger, state: ChargerState, at: float) -> bool:
    """Tell whether it has still time to come down; one that has not obeyed so far gets none for being told again."""
    if disobeys(charger, state, at):
        return False
    since = max(state.lowered_at or -math.inf, state.over_since or -math.inf)
    return at - since < charger.response_s


def _raised(charger: Charger, state: ChargerState, granted_a: float, now: Circumstances) -> ChargerState:
    """Give room when it has lasted; as much as there was all the time."""
    since = now.at if state.room_since is None else state.room_since
    room_a = granted_a if state.room_since is None else min(state.room_a, granted_a)
    state = msgspec.structs.replace(state, room_a=room_a, room_since=since)
    if now.at < raised_at(charger, state, now.settings):
        return state
    now_a = state.set_a or 0.0
    reach_a = room_a if now_a == 0.0 else min(room_a, now_a + charger.ramp_a_per_s * (now.at - state.set_at))
    goal_a = rounded(charger, reach_a)
    if not _is_worth_it(charger, now_a, goal_a):
        return msgspec.structs.replace(state, room_since=None)
    return msgspec.structs.replace(
        state,
        set_a=goal_a,
        set_at=now.at,
        ours=True,
        paused_at=None,
        room_since=None,
        under_since=None,
        made_room=False,
        in_vain_at=now.at if _was_in_vain(charger, state, now) else state.in_vain_at,
    )


def _was_in_vain(charger: Charger, state: ChargerState, now: Circumstances) -> bool:
    """Tell whether it has made room that nobody took: it may never have drawn what it gave up."""
    soon_s = 2.0 * max(now.settings.least_pause_s, charger.write_interval_s)
    return state.made_room and state.lowered_at is not None and now.at - state.lowered_at <= soon_s


def _is_worth_it(charger: Charger, now_a: float, goal_a: float) -> bool:
    """Tell whether a raise is worth a command."""
    return goal_a - now_a >= LEAST_RAISE_A or (goal_a > now_a and goal_a >= charger.max_a - NOISE)


def raised_at(charger: Charger, state: ChargerState, settings: Settings) -> float:
    """Return when it may have more, if there is room until then."""
    lasted_at = (state.room_since or 0.0) + max(settings.raise_after_s, charger.write_interval_s)
    return max(lasted_at, rest_ends_at(state, settings) or lasted_at)
