"""What chargers and loads ask for, and what of the measured currents is theirs."""

from collections.abc import Iterable

from energy_control.balancing import shedding
from energy_control.balancing.allocation import Key, Pools, Request
from energy_control.balancing.charging import DRAWS_A
from energy_control.balancing.circuits import Circuits
from energy_control.balancing.reading import NO_LINES, Lines, LoadReading
from energy_control.balancing.settings import ShedLoad
from energy_control.balancing.shedding import LoadState

UNMETERED = 2.0
"""What nobody measures counts twice: once in what flows, and once as what it may draw at any moment. With what it was
given taken off, half of the room is its own, and it can use all of that without harm."""


def load_request(load: ShedLoad, state: LoadState, reading: LoadReading, circuits: Circuits) -> Request:
    """Return what a load asks for; a unit is the whole load. It comes on again only with an ampere to spare.

    One that does not go off has taken what it draws already.
    """
    rated = dict.fromkeys(load.lines, load.rated_a)
    drawn = _drawn(load, reading) if reading.on else rated
    disobeys = shedding.disobeys(state, reading)
    if disobeys:
        drawn = dict.fromkeys(load.lines, 0.0)
    return Request(
        id=load.id,
        priority=load.priority,
        uses=tuple(circuits.uses(load.circuit, drawn, rated)),
        least=1.0,
        most=1.0,
        entry=1.0 + 1.0 / load.rated_a,
        on=not state.shed,
        disobeys=disobeys,
    )


def give_back(pools: Pools, circuits: Circuits, circuit: str, own: Lines) -> None:
    """Take what a consumer draws out of what flows in the circuits that are measured, so that it can be shared out."""
    _add(pools, circuits.uses(circuit, own, NO_LINES), 1.0)


def set_aside(pools: Pools, circuits: Circuits, circuit: str, rated: Lines) -> None:
    """Keep room in circuits that nobody measures for what cannot be controlled there, at its worst."""
    _add(pools, circuits.uses(circuit, NO_LINES, rated), -1.0)


def drawn_by(load: ShedLoad, state: LoadState, reading: LoadReading, at: float) -> Lines:
    """Return what of the measured currents is free when a load goes off, or already on its way."""
    counts = shedding.is_going_off(state, reading, at) if state.shed else bool(reading.on)
    if not counts or shedding.disobeys(state, reading):
        return NO_LINES
    return _drawn(load, reading)


def _drawn(load: ShedLoad, reading: LoadReading) -> Lines:
    """Return what would be free without a load: all of it on lines where nobody sees that, and no noise on others."""
    rated = dict.fromkeys(load.lines, load.rated_a)
    seen = reading.current_a if load.metered else NO_LINES
    return rated | {line: current_a if current_a >= DRAWS_A else 0.0 for line, current_a in seen.items()}


def _add(pools: Pools, uses: Iterable[tuple[Key, float]], sign: float) -> None:
    for key, amount in uses:
        pools[key] += sign * amount
