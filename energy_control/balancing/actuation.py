"""Makes a charger do what was decided: the right order, asserted again, and no more commands than it takes.

The current is set before charging is switched on, and again after: some chargers go back to their maximum then (peers
§3.13). A charger that tells something else than it was set to is set again. One that stays at its least although it may
draw more is paused for a moment, which is what their users do.
"""

import math
from collections.abc import Iterable, Iterator

import msgspec

from energy_control.balancing.charging import TOLERANCE_A
from energy_control.balancing.decisions import AllowCharging, Command, Heartbeat, SetCurrent
from energy_control.balancing.reading import ChargerReading
from energy_control.balancing.settings import NOISE, Charger

REASSERT_S = 2.0
"""After charging was switched on, the current is set once more."""
RETRY_S = 10.0
"""A charger that does not tell what it was set to within that is set again."""
MOST_DOUBLINGS = 5
"""Then the longest wait is reached."""
BEATS = 3
"""A heartbeat is sent as often within its time: two may get lost."""
STUCK_S = 90.0
"""So long at its least current although it may draw more: it is stuck."""
KICK_S = 10.0
"""It is paused for so long."""
LONGEST_RETRY_S = 300.0
"""Each attempt waits twice as long as the one before, up to this."""
KICKS = 2
"""Then it is the car that does not want more."""


class Actuation(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent to a charger. Nothing of it matters after a restart."""

    current_a: float | None = None
    current_at: float = 0.0
    tries: int = 0
    """How often this current was set without being told to be in force."""
    allowed: bool | None = None
    allowed_at: float = 0.0
    switchings: int = 0
    """How often it was switched in vain."""
    beat_at: float | None = None
    """When it was last told that somebody watches, where that is a command of its own."""
    again_at: float | None = None
    """When the current is to be set once more."""
    stuck_since: float | None = None
    kicked_at: float | None = None
    kicks: int = 0
    """Since this car came."""


def due(
    charger: Charger, sent: Actuation, goal_a: float, reading: ChargerReading, at: float
) -> tuple[Actuation, tuple[Command, ...]]:
    """Return what to send so that it draws no more than `goal_a`; 0 = so that it pauses."""
    sent = _followed(charger, _confirmed(sent, reading), goal_a, reading, at)
    is_on = goal_a > 0.0 and not _is_kicked(sent, at)
    return sent, tuple(_running(charger, sent, goal_a, reading, at) if is_on else _pausing(charger, sent, reading, at))


def beat(charger: Charger, sent: Actuation, goal_a: float, reading: ChargerReading, at: float) -> tuple[Command, ...]:
    """Return the sign of life that is due, where that is a command of its own.

    There is none while it says that it is set to more than it may draw: then it has to fall back.
    """
    if charger.heartbeat_s is None or not charger.beats_by_button:
        return ()
    most_a = max(goal_a, charger.least_a)
    stands = reading.set_a is None or reading.set_a <= most_a or _agrees(reading.set_a, most_a)
    is_due = sent.beat_at is None or at - sent.beat_at >= charger.heartbeat_s / BEATS
    return (Heartbeat(charger.id),) if stands and is_due else ()


def is_kept_alive(charger: Charger, sent: Actuation, at: float) -> bool:
    """Tell whether it cannot have fallen back for want of a sign of life that is a command of its own."""
    lasts_s = math.inf if charger.heartbeat_s is None else charger.heartbeat_s
    return sent.beat_at is not None and at - sent.beat_at < lasts_s


def noted(sent: Actuation, commands: Iterable[Command], at: float) -> Actuation:
    """Remember what is really sent."""
    for command in commands:
        sent = _noted(sent, command, at)
    return sent


def must_wait(charger: Charger, sent: Actuation, at: float) -> bool:
    """Tell whether it would refuse to be set, because it was set a short while ago."""
    return charger.is_slow and sent.current_a is not None and at - sent.current_at < charger.write_interval_s


def is_at_most(sent: Actuation, reading: ChargerReading, most_a: float) -> bool:
    """Tell whether it is set to no more than that, by what it tells and by what is on its way to it."""
    known = [current_a for current_a in (sent.current_a, reading.set_a) if current_a is not None]
    return bool(known) and max(known) <= most_a + NOISE


def raises(command: Command, reading: ChargerReading) -> bool:
    """Tell whether it may draw more after a command than it says it may now."""
    match command:
        case SetCurrent(current_a=current_a):
            return reading.set_a is not None and current_a > reading.set_a + NOISE
        case AllowCharging(on=on):
            return on
        case _:
            return False


def _running(charger: Charger, sent: Actuation, goal_a: float, reading: ChargerReading, at: float) -> Iterator[Command]:
    switches_on = charger.can_pause and _is_to_switch(sent, reading, at, on=True)
    sets = _must_set(charger, sent, goal_a, reading, at) or (switches_on and not charger.is_slow)
    if sets:
        yield SetCurrent(charger.id, goal_a)
    in_force_a = sent.current_a if reading.set_a is None else reading.set_a
    if switches_on and (sets or (in_force_a is not None and in_force_a <= goal_a + NOISE)):
        yield AllowCharging(charger.id, on=True)


def _pausing(charger: Charger, sent: Actuation, reading: ChargerReading, at: float) -> Iterator[Command]:
    if charger.can_pause and _is_to_switch(sent, reading, at, on=False):
        yield AllowCharging(charger.id, on=False)
    pauses_by_itself = reading.set_a is not None and reading.set_a < charger.min_a - NOISE
    if not pauses_by_itself and _must_set(charger, sent, charger.least_a, reading, at):
        yield SetCurrent(charger.id, charger.least_a)


def _must_set(charger: Charger, sent: Actuation, goal_a: float, reading: ChargerReading, at: float) -> bool:
    """Tell whether its current is to be set: it is new, it is due again, or it is said to be another."""
    if must_wait(charger, sent, at):
        return False
    age_s = at - sent.current_at
    if charger.heartbeat_s is not None and not charger.beats_by_button and age_s >= charger.heartbeat_s / BEATS:
        return True
    told_a = math.inf if reading.set_a is None else reading.set_a
    agrees = _agrees(told_a, goal_a)
    if sent.current_a != goal_a:
        return sent.current_a is not None or not agrees or told_a > goal_a + NOISE
    if sent.again_at is not None and at >= sent.again_at:
        return True
    return reading.set_a is not None and not agrees and age_s >= _retry_s(sent.tries)


def _agrees(told_a: float, goal_a: float) -> bool:
    """Tell whether a charger says what it was set to; some round to whole amperes."""
    return abs(told_a - goal_a) < TOLERANCE_A / 2 + NOISE


def _is_to_switch(sent: Actuation, reading: ChargerReading, at: float, *, on: bool) -> bool:
    """Tell whether charging is to be switched: a change at once, the same again when it is said not to be so.

    A charger that does not tell is taken for one that may charge, so it is only switched on after it was switched off.
    """
    if reading.allowed is on or (on and reading.allowed is None and sent.allowed is None):
        return False
    return sent.allowed is not on or (reading.allowed is not None and at - sent.allowed_at >= _retry_s(sent.switchings))


def _retry_s(tries: int) -> float:
    return min(RETRY_S * 2.0 ** min(tries, MOST_DOUBLINGS), LONGEST_RETRY_S)


def _confirmed(sent: Actuation, reading: ChargerReading) -> Actuation:
    """Forgive earlier attempts once a charger says that it does what it was told."""
    if sent.switchings and reading.allowed is sent.allowed:
        sent = msgspec.structs.replace(sent, switchings=0)
    if not sent.tries or reading.set_a is None or sent.current_a is None:
        return sent
    return msgspec.structs.replace(sent, tries=0) if _agrees(reading.set_a, sent.current_a) else sent


def _followed(charger: Charger, sent: Actuation, goal_a: float, reading: ChargerReading, at: float) -> Actuation:
    """Watch whether it is stuck at its least; a car that leaves ends that."""
    if reading.connected is False:
        return msgspec.structs.replace(sent, stuck_since=None, kicks=0)
    drawn_a = max(reading.current_a.values(), default=0.0)
    is_stuck = goal_a >= charger.least_a + TOLERANCE_A and abs(drawn_a - charger.least_a) < TOLERANCE_A / 2
    if not is_stuck or not charger.can_pause or charger.is_slow:
        return msgspec.structs.replace(sent, stuck_since=None)
    since = at if sent.stuck_since is None else sent.stuck_since
    if at - since < STUCK_S or sent.kicks >= KICKS:
        return msgspec.structs.replace(sent, stuck_since=since)
    return msgspec.structs.replace(sent, stuck_since=None, kicked_at=at, kicks=sent.kicks + 1)


def _is_kicked(sent: Actuation, at: float) -> bool:
    return sent.kicked_at is not None and at - sent.kicked_at < KICK_S


def _noted(sent: Actuation, command: Command, at: float) -> Actuation:
    match command:
        case SetCurrent(current_a=current_a):
            tries = sent.tries + 1 if current_a == sent.current_a else 0
            again_at = sent.again_at if sent.again_at is not None and at < sent.again_at else None
            return msgspec.structs.replace(sent, current_a=current_a, current_at=at, tries=tries, again_at=again_at)
        case AllowCharging(on=on):
            again_at = at + REASSERT_S if on else None
            switchings = sent.switchings + 1 if on is sent.allowed else 0
            return msgspec.structs.replace(sent, allowed=on, allowed_at=at, switchings=switchings, again_at=again_at)
        case Heartbeat():
            return msgspec.structs.replace(sent, beat_at=at)
        case _:
            return sent
