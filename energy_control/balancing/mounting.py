"""Whether the CTs of a circuit seem to be the wrong way round: what they call fed in is drawn then.

There are two signs of it. Chargers and loads with CTs of their own change by some amperes, and the circuit that
contains them changes by as much the other way in the very same moments, several times in a row. And a line of a house
that makes no electricity feeds in, and was never seen to draw.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from energy_control.balancing.circuits import Circuits
from energy_control.balancing.reading import NO_LINES, CircuitReading, Lines, Reading
from energy_control.balancing.settings import Charger, Settings, ShedLoad
from mqtt_schema.quantities import Phase

STEP_A = 4.0
"""A change that shows something; others change at the same time, but seldom by so much."""
MOVES_A = 0.5
"""From moment to moment: a car takes some seconds for a change, and all of it is one."""
LONGEST_CHANGE_S = 10.0
LEAST_LIKE, MOST_LIKE = 0.5, 1.5
"""A circuit changes with what is behind it when it changes by so many times as much."""
LONGEST_STEP_S = 3.0
"""Between two moments that are compared."""
TIMES_AGAINST, TIMES_WITH = 4, 2
"""So often in a row the other way: it is the wrong way round; so often the same way: it is not (any more)."""
NOISE_A = 0.5
"""A charger or load that seems to give back more than that is itself measured the wrong way round: it shows nothing."""
FLOWS_A, LASTS_S = 1.0, 60.0
"""What flows for so long is no mistake."""

type Key = tuple[str, Phase]
"""A line of a circuit."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a line of a circuit. None = it is not known."""

    row: int = 0
    """How often in a row it changed the other way than what is behind it; below 0: the same way."""
    by_steps: bool | None = None
    """Those say that it is the wrong way round."""
    behind_a: float = 0.0
    """The change so far of what is behind it, while that goes on in one direction."""
    changed_a: float = 0.0
    """Its own change in the same time."""
    moving_since: float = 0.0
    direction: int = 0
    """1: it draws, -1: it feeds in, 0: hardly anything."""
    direction_since: float = 0.0
    by_flow: bool | None = None
    """What flows says that it is the wrong way round; once it was seen to draw, it is not."""

    @property
    def is_backwards(self) -> bool:
        """Whether it is to be taken for the wrong way round. Steps tell more than what flows."""
        return self.by_flow is True if self.by_steps is None else self.by_steps


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What flowed."""

    at: float
    circuits: Mapping[str, Lines]
    consumers: Mapping[str, Lines]
    """Of chargers and loads that are measured in the same moment."""


class Mounting(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept."""

    last: Moment | None = None
    signs: Mapping[str, Mapping[Phase, Sign]] = {}
    """By circuit."""

    def backwards(self, circuit: str) -> frozenset[Phase]:
        """Return the lines of a circuit that seem to be the wrong way round."""
        return frozenset(line for line, sign in self.signs.get(circuit, {}).items() if sign.is_backwards)


_UNKNOWN = Sign()


def begun(mounting: Mounting) -> Mounting:
    """Return what still counts after a restart: how a CT is mounted does."""
    signs = {
        circuit: {line: _interrupted(sign) for line, sign in lines.items()} for circuit, lines in mounting.signs.items()
    }
    return Mounting(signs=signs)


def watched(before: Mounting, reading: Reading, circuits: Circuits) -> Mounting:
    """Take in what flows now. Nothing is learnt where currents have no direction."""
    if not reading.fresh or not circuits.settings.has_directions:
        return before
    now = _moment(reading, circuits.settings)
    moved = {} if before.last is None else _moved(before.last, now, circuits)
    signs = {
        circuit.id: {line: _sign(before, now, (circuit.id, line), moved, circuits.settings) for line in circuit.lines}
        for circuit in circuits.settings.circuits
    }
    return Mounting(last=now, signs=signs)


def at_worst(reading: Reading, mounting: Mounting) -> Reading:
    """Return a reading in which all that flows in such lines is drawn."""
    wrong = {circuit: mounting.backwards(circuit) for circuit in reading.circuits}
    if not any(wrong.values()):
        return reading
    circuits = {
        circuit: _at_worst(carried, wrong[circuit]) if wrong[circuit] else carried
        for circuit, carried in reading.circuits.items()
    }
    return msgspec.structs.replace(reading, circuits=circuits)


def _at_worst(carried: CircuitReading, wrong: frozenset[Phase]) -> CircuitReading:
    """Its power is left out: it is that of its currents then."""
    drawn = {line: abs(flows_a) if line in wrong else flows_a for line, flows_a in carried.current_a.items()}
    return msgspec.structs.replace(carried, current_a=drawn, power_w=None)


def _moment(reading: Reading, settings: Settings) -> Moment:
    chargers = {
        charger.id: reading.chargers[charger.id].current_a
        for charger in settings.chargers
        if charger.id in reading.chargers and charger.shows_lines
    }
    loads = {load.id: reading.loads[load.id].current_a for load in settings.loads if load.id in reading.loads}
    carried = {circuit: found.current_a for circuit, found in reading.circuits.items()}
    return Moment(at=reading.at, circuits=carried, consumers={**chargers, **loads})


def _sign(before: Mounting, now: Moment, key: Key, moved: Mapping[Key, float], settings: Settings) -> Sign:
    circuit, line = key
    sign = before.signs.get(circuit, {}).get(line, _UNKNOWN)
    flows_a = now.circuits.get(circuit, NO_LINES).get(line)
    if flows_a is None:
        return _interrupted(sign)
    if not settings.produces:
        sign = _by_flow(sign, flows_a, now.at)
    last = before.last
    if last is None or line not in last.circuits.get(circuit, NO_LINES) or now.at - last.at > LONGEST_STEP_S:
        return msgspec.structs.replace(sign, behind_a=0.0)
    return _by_steps(sign, moved.get(key, 0.0), flows_a - last.circuits[circuit][line], now.at)


def _interrupted(sign: Sign) -> Sign:
    return msgspec.structs.replace(sign, direction=0, behind_a=0.0)


def _by_flow(sign: Sign, flows_a: float, at: float) -> Sign:
    direction = int(flows_a > FLOWS_A) - int(flows_a < -FLOWS_A)
    if direction != sign.direction:
        return msgspec.structs.replace(sign, direction=direction, direction_since=at)
    if not direction or at - sign.direction_since < LASTS_S:
        return sign
    by_flow = direction < 0 and sign.by_flow is not False
    return msgspec.structs.replace(sign, by_flow=by_flow)


def _by_steps(sign: Sign, behind_a: float, changed_a: float, at: float) -> Sign:
    """Follow a change of what is behind it until that is over, and judge it then."""
    moves = abs(behind_a) >= MOVES_A
    if moves and behind_a * sign.behind_a > 0.0:
        so_far_a, own_a = sign.behind_a + behind_a, sign.changed_a + changed_a
        return msgspec.structs.replace(sign, behind_a=so_far_a, changed_a=own_a)
    if abs(sign.behind_a) >= STEP_A and at - sign.moving_since <= LONGEST_CHANGE_S:
        sign = _judged(sign, sign.changed_a / sign.behind_a)
    begun_a = behind_a if moves else 0.0
    return msgspec.structs.replace(sign, behind_a=begun_a, changed_a=changed_a, moving_since=at)


def _judged(sign: Sign, ratio: float) -> Sign:
    """`ratio`: how much it changed for each ampere of what is behind it."""
    if not LEAST_LIKE <= abs(ratio) <= MOST_LIKE:
        return sign
    row = max(sign.row, 0) + 1 if ratio < 0.0 else min(sign.row, 0) - 1
    row = min(max(row, -TIMES_WITH), TIMES_AGAINST)
    by_steps = {TIMES_AGAINST: True, -TIMES_WITH: False}.get(row, sign.by_steps)
    return msgspec.structs.replace(sign, row=row, by_steps=by_steps)


def _moved(last: Moment, now: Moment, circuits: Circuits) -> Mapping[Key, float]:
    """Return by how much what is behind each line of each circuit has changed, in A."""
    moved: dict[Key, float] = defaultdict(float)
    consumers: tuple[Charger | ShedLoad, ...] = (*circuits.settings.chargers, *circuits.settings.loads)
    for consumer in consumers:
        path = circuits.path(consumer.circuit)
        for line, changed_a in _changes(last.consumers.get(consumer.id), now.consumers.get(consumer.id)):
            for above in path:
                moved[above.id, line] += changed_a
    return moved


def _changes(before: Lines | None, after: Lines | None) -> Iterator[tuple[Phase, float]]:
    """Return by how much a charger or load has changed on each line, where that shows something."""
    if before is None or after is None:
        return
    for line, drawn_a in after.items():
        before_a = before.get(line)
        if before_a is not None and before_a >= -NOISE_A and drawn_a >= -NOISE_A:
            yield line, drawn_a - before_a
