"""How a charger is wired, in words: the names of lines are the same in all languages."""

from collections.abc import Iterable

from .._vendor.energy_control.balancing.wiring import Wiring
from .._vendor.mqtt_schema.quantities import Phase


def said(lines: Iterable[Phase]) -> str:
    """Return which line of a charger is wired to which of the house."""
    return ", ".join(f"{own.name} → {line.name}" for own, line in zip(Phase, lines, strict=False))


def learned(wiring: Wiring) -> str:
    """Return what was learned, if anything. Of two lines it may be known only that they are the first two."""
    if not wiring.pair:
        return said(() if wiring.first is None else (wiring.first,))
    others = tuple(line for line in wiring.pair if line is not wiring.first)
    if wiring.first is not None:
        return said((wiring.first, *others))
    return f"L1 + L2 → {' + '.join(line.name for line in others)}"
