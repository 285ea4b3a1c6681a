"""The data points of the policies, described as those of a site are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from energy_control.demand import Demand
from mqtt_schema.model import Site
from mqtt_schema.points import Point, Scope, ScopeKind, Value, is_measured
from mqtt_schema.quantities import Quantity, Role, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandPoint(Point):
    """A data point of the quarter-hour demand."""

    value: Callable[[Demand], Value]
    """None = unknown."""


def quarter_average(demand: Demand) -> float | None:
    """Imported energy of this clock quarter until now, spread over the whole quarter, in W: what a meter shows."""
    return demand.so_far_w


def quarter_forecast(demand: Demand) -> float | None:
    """Average of this clock quarter in W if it goes on as in the last minute."""
    return demand.forecast_w


def month_peak(demand: Demand) -> float | None:
    """Highest clock quarter of this month in W; quarters that were not seen do not count."""
    return demand.month_peak_w


def billed_peak(demand: Demand) -> float | None:
    """Mean of the peaks of the last twelve months, as far as they are known, each at least 2.5 kW, in W."""
    return demand.billed_w


_demand = partial(DemandPoint, scope=ScopeKind.SITE, quantity=Quantity.POWER, unit=Unit.WATT, needs=Role.GRID)

DEMAND_POINTS: tuple[DemandPoint, ...] = (
    _demand(key="quarter_average", value=quarter_average),
    _demand(key="quarter_forecast", value=quarter_forecast),
    _demand(key="month_peak", value=month_peak),
    _demand(key="billed_peak", value=billed_peak),
)


def demand_points(site: Site) -> Iterator[tuple[DemandPoint, Scope]]:
    """Every data point of the demand that this site has."""
    return ((point, Scope(point.scope)) for point in DEMAND_POINTS if is_measured(site, point))
