"""All data points of a gateway in one list: those of the site, and those of the policies. Both hosts show it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, Protocol

from energy_control.points import ControlPoint, control_points
from energy_control.policies import Policies
from mqtt_schema.model import Site
from mqtt_schema.points import Point, Row, Scope, Value, points
from mqtt_schema.readings import Readings

type Key = tuple[str, Scope]
"""What a data point is known by, for ever: the key of its row and the part it belongs to."""


class Source(Protocol):
    """Where a site is as it is now. Both may be replaced by others at any time."""

    site: Site
    readings: Readings


class DataPoint(NamedTuple):
    """What is shown, and how it is read now."""

    point: Point
    scope: Scope
    read: Callable[[], Value]
    """Returns the value now; None = unknown."""

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.point.key, self.scope


def data_points(source: Source, policies: Policies) -> Iterator[DataPoint]:
    """Every data point there is now."""
    for row, scope in points(source.site):
        yield DataPoint(row, scope, partial(_of_site, source, row, scope))
    for point, scope in control_points(source.site):
        yield DataPoint(point, scope, partial(_of_policies, policies, point, scope))


def _of_site(source: Source, row: Row, scope: Scope) -> Value:
    return row.value(source.site, source.readings, scope.id)


def _of_policies(policies: Policies, point: ControlPoint, scope: Scope) -> Value:
    return point.value(policies.answers, scope.id)
