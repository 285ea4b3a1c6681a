"""To which lines of the house a charger is wired: said by its owner, and learned from what its car draws.

A car of one line uses L1 of its charger, one of two lines uses L1 and L2; so does a charger that is told to use fewer.
So whoever sees on which lines of the house it draws knows more than most owners. What was seen goes before what was
said.
"""

from itertools import permutations

import msgspec

from energy_control.balancing.charging import DRAWS_A, TOLERANCE_A, UNDER_A
from energy_control.balancing.reading import ChargerReading
from energy_control.balancing.settings import Charger
from mqtt_schema.quantities import Phase

LEARNS_AFTER_S = 300.0
"""So long it must draw on the same lines: cars of three lines may start on one, and need a minute for the others."""
LEAST_A = 5.0
"""So much on each of them: a car that charges takes about 6 A at least, lamps and a freezer take less."""


class Wiring(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned of one charger, and what is being learned."""

    first: Phase | None = None
    """The line of the house that is its L1."""
    pair: tuple[Phase, ...] = ()
    """The two that are its L1 and L2, in no order."""
    seen: tuple[Phase, ...] = ()
    """On which lines it draws now, and on no others."""
    lasted_s: float = 0.0
    """How long it has drawn there what its charger offers."""
    at: float | None = None
    """When it last did; None = not a moment ago."""


def observed(charger: Charger, wiring: Wiring, reading: ChargerReading, offered_a: float | None, at: float) -> Wiring:
    """Take in on which lines it draws; `offered_a`: what its charger is set to, in A."""
    lines = _used(charger, reading)
    if not lines:
        return interrupted(wiring)
    if lines != wiring.seen:
        return msgspec.structs.replace(wiring, seen=lines, lasted_s=0.0, at=None)
    if offered_a is None or not _is_the_car(lines, reading, offered_a):
        return msgspec.structs.replace(wiring, at=None)
    lasted_s = wiring.lasted_s + (0.0 if wiring.at is None else at - wiring.at)
    wiring = msgspec.structs.replace(wiring, lasted_s=min(lasted_s, LEARNS_AFTER_S), at=at)
    return wiring if lasted_s < LEARNS_AFTER_S else _learned(wiring, lines)


def interrupted(wiring: Wiring) -> Wiring:
    """Begin anew with what is being learned: it draws nothing, or nobody has watched all the time."""
    return Wiring(first=wiring.first, pair=wiring.pair)


def may_use(charger: Charger, wiring: Wiring, phases: int) -> tuple[Phase, ...]:
    """Return the lines of the house that may be the first so many of the charger: more where it is not known."""
    orders = _orders(charger, wiring)
    if len(orders) == 1:
        return orders[0][:phases]
    return tuple(sorted({line for order in orders for line in order[:phases]}))


def contradicts(charger: Charger, wiring: Wiring) -> bool:
    """Tell whether what was learned is something else than what its owner has said."""
    return charger.wiring_known and not _fits(charger.lines, wiring)


def _used(charger: Charger, reading: ChargerReading) -> tuple[Phase, ...]:
    """Return the lines on which it draws, if that can teach anything: others of it are seen to be free of current."""
    seen = reading.current_a
    if not charger.shows_lines or not seen.keys() >= frozenset(charger.lines):
        return ()
    used = tuple(sorted(line for line, current_a in seen.items() if abs(current_a) > DRAWS_A))
    return used if len(used) < len(seen) else ()


def _is_the_car(lines: tuple[Phase, ...], reading: ChargerReading, offered_a: float) -> bool:
    """Tell whether each line carries what the charger offers: other loads do not follow it, and a car does."""
    if reading.allowed is False or reading.connected is False:
        return False
    least_a, most_a = max(offered_a - UNDER_A, LEAST_A), offered_a + TOLERANCE_A
    return all(least_a <= reading.current_a[line] <= most_a for line in lines)


def _learned(wiring: Wiring, lines: tuple[Phase, ...]) -> Wiring:
    """Take what was seen for long enough; what was learned before and cannot be true beside it is forgotten."""
    if len(lines) == 1:
        pair = wiring.pair if lines[0] in wiring.pair else ()
        return msgspec.structs.replace(wiring, first=lines[0], pair=pair)
    return msgspec.structs.replace(wiring, first=wiring.first if wiring.first in lines else None, pair=lines)


def _orders(charger: Charger, wiring: Wiring) -> list[tuple[Phase, ...]]:
    """Return all wirings that may be: the one that was said, unless that is known to be wrong."""
    if charger.wiring_known and _fits(charger.lines, wiring):
        return [charger.lines]
    learned = {*wiring.pair, *([] if wiring.first is None else [wiring.first])}
    among = charger.lines if learned <= frozenset(charger.lines) else tuple(Phase)
    count = max(len(charger.lines), len(wiring.pair))
    return [order for order in permutations(among, count) if _fits(order, wiring)]


def _fits(order: tuple[Phase, ...], wiring: Wiring) -> bool:
    is_first = wiring.first is None or order[:1] == (wiring.first,)
    return is_first and (not wiring.pair or frozenset(order[:2]) == frozenset(wiring.pair))
