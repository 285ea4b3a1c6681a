"""All data points of a gateway in one list: those of the site, and those of the policies."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from ._vendor.energy_control.points import DemandPoint, demand_points
from ._vendor.mqtt_schema.points import Point, Row, Scope, Value, points
from ._vendor.smappee_gateway.session import Session
from .demand_meter import DemandMeter


class DataPoint(NamedTuple):
    """What an entity shows, and how it is read now."""

    point: Point
    scope: Scope
    read: Callable[[], Value]

    @property
    def key(self) -> tuple[str, Scope]:
        """What it is known by."""
        return self.point.key, self.scope


def data_points(session: Session, meter: DemandMeter) -> Iterator[DataPoint]:
    """Every data point there is now."""
    for row, scope in points(session.site):
        yield DataPoint(row, scope, partial(_of_site, session, row, scope))
    for point, scope in demand_points(session.site):
        yield DataPoint(point, scope, partial(_of_demand, meter, point))


def _of_site(session: Session, row: Row, scope: Scope) -> Value:
    return row.value(session.site, session.readings, scope.id)


def _of_demand(meter: DemandMeter, point: DemandPoint) -> Value:
    return point.value(meter.demand)
