"""How units are written for others."""

from collections.abc import Mapping
from typing import Final

from mqtt_schema.points import Point
from mqtt_schema.quantities import Unit

SPELLED: Final[Mapping[Unit, str]] = {Unit.LITRE_PER_MINUTE: "l/min"}
"""Otherwise than in the table of data points. Homie recommends `L`, but openHAB's library of units knows only `l` and
would show the number without a unit."""


def unit_of(point: Point) -> str:
    """Return the symbol of a unit as openHAB reads it, in Homie and in its own files; empty for what has none."""
    return "" if point.unit is None else SPELLED.get(point.unit, point.unit.value)
