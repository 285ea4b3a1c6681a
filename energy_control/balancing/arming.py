"""Whether control may be enabled: only where the balancing can see what it is to protect."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from energy_control.balancing.settings import Circuit, Settings
from mqtt_schema.quantities import Phase


class Obstacle(StrEnum):
    """Why control cannot be enabled; each is explained to users."""

    NO_MAIN_FUSE = "no_main_fuse"
    """No circuit is the connection to the grid."""
    SEVERAL_MAIN_FUSES = "several_main_fuses"
    UNKNOWN_PARENT = "unknown_parent"
    """A circuit, a charger or a load belongs to a circuit that does not exist."""
    CIRCLE = "circle"
    """Circuits that contain each other."""
    NOTHING_TO_CONTROL = "nothing_to_control"
    LINE_NOT_MEASURED = "line_not_measured"
    """A line that has a voltage has no CT at the grid connection."""
    LINE_UNKNOWN = "line_unknown"
    """A line that should be measured is not now."""
    SIGN_FAULT = "sign_fault"
    """A CT is known to be the wrong way round, or to be on another phase."""
    BACKWARDS = "backwards"
    """A CT of a circuit seems to be the wrong way round, or to be on another phase."""
    TOO_SMALL = "too_small"
    """A charger can never charge, even when nothing else is on: a limit of its circuits is below its least current."""


class Refusal(msgspec.Struct, frozen=True):
    """One obstacle, and what it is about."""

    obstacle: Obstacle
    about: str = ""
    """Identifier of a circuit, a charger or a load; or a line."""


class Supply(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the connection to the grid now."""

    connected: frozenset[Phase]
    """Lines that have shown a voltage."""
    measured: frozenset[Phase]
    """Lines with a current now."""
    sign_faults: tuple[str, ...] = ()
    """Names of CTs of chargers and loads that are known to be wrong."""
    backwards: tuple[str, ...] = ()
    """Names of CTs of circuits that seem to be the wrong way round."""


def refusals(settings: Settings, supply: Supply) -> tuple[Refusal, ...]:
    """Return all that stands in the way of control; nothing when it can be enabled."""
    return (
        *faults(settings),
        *_unseen(settings, supply),
        *(Refusal(Obstacle.SIGN_FAULT, ct) for ct in supply.sign_faults),
        *(Refusal(Obstacle.BACKWARDS, ct) for ct in supply.backwards),
    )


def faults(settings: Settings) -> tuple[Refusal, ...]:
    """Return what is wrong with the settings by themselves."""
    return (*_of_the_tree(settings), *_of_consumers(settings))


def main_circuit(settings: Settings) -> Circuit | None:
    """Return the connection to the grid."""
    return next((circuit for circuit in settings.circuits if circuit.parent is None), None)


def _of_the_tree(settings: Settings) -> Iterator[Refusal]:
    parents = {circuit.id: circuit.parent for circuit in settings.circuits}
    mains = [circuit.id for circuit in settings.circuits if circuit.parent is None]
    if not mains:
        yield Refusal(Obstacle.NO_MAIN_FUSE)
    yield from (Refusal(Obstacle.SEVERAL_MAIN_FUSES, circuit) for circuit in mains[1:])
    for circuit, parent in parents.items():
        if parent is not None and parent not in parents:
            yield Refusal(Obstacle.UNKNOWN_PARENT, circuit)
        elif _is_in_a_circle(circuit, parents):
            yield Refusal(Obstacle.CIRCLE, circuit)


def _is_in_a_circle(circuit: str, parents: dict[str, str | None]) -> bool:
    above = parents[circuit]
    for _ in parents:
        if above is None or above not in parents:
            return False
        above = parents[above]
    return True


def _of_consumers(settings: Settings) -> Iterator[Refusal]:
    limits_a = {circuit.id: circuit.limit_a for circuit in settings.circuits}
    if not settings.chargers and not settings.loads:
        yield Refusal(Obstacle.NOTHING_TO_CONTROL)
    homes = {consumer.id: consumer.circuit for consumer in settings.chargers}
    homes |= {consumer.id: consumer.circuit for consumer in settings.loads}
    yield from (Refusal(Obstacle.UNKNOWN_PARENT, consumer) for consumer, home in homes.items() if home not in limits_a)
    for charger in settings.chargers:
        if min(limits_a.get(charger.circuit, charger.max_a), charger.max_a) < charger.least_a:
            yield Refusal(Obstacle.TOO_SMALL, charger.id)


def _unseen(settings: Settings, supply: Supply) -> Iterator[Refusal]:
    main = main_circuit(settings)
    if main is None:
        return
    lines = frozenset(main.lines)
    connected = supply.connected or {Phase.L1}  # a house has a line, whether it has shown its voltage yet or not
    yield from (Refusal(Obstacle.LINE_NOT_MEASURED, line.name) for line in sorted(connected - lines))
    yield from (Refusal(Obstacle.LINE_UNKNOWN, line.name) for line in sorted(lines - supply.measured))
