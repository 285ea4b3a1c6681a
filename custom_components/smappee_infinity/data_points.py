"""All data points of a gateway in one list: those of the site, and those of the policies."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from ._vendor.energy_control.points import ControlPoint, control_points
from ._vendor.energy_control.policies import Policies
from ._vendor.mqtt_schema.points import Point, Row, Scope, Value, points
from ._vendor.smappee_gateway.session import Session


class DataPoint(NamedTuple):
    """What an entity shows, and how it is read now."""

    point: Point
    scope: Scope
    read: Callable[[], Value]

    @property
    def key(self) -> tuple[str, Scope]:
        """What it is known by."""
        return self.point.key, self.scope


def data_points(session: Session, policies: Policies) -> Iterator[DataPoint]:
    """Every data point there is now."""
    for row, scope in points(session.site):
        yield DataPoint(row, scope, partial(_of_site, session, row, scope))
    for point, scope in control_points(session.site):
        yield DataPoint(point, scope, partial(_of_policies, policies, point, scope))


def _of_site(session: Session, row: Row, scope: Scope) -> Value:
    return row.value(session.site, session.readings, scope.id)


def _of_policies(policies: Policies, point: ControlPoint, scope: Scope) -> Value:
    return point.value(policies.answers, scope.id)
