"""The data points of the policies, described as those of a site are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from energy_control.demand import Demand
from energy_control.today import Shares
from mqtt_schema.model import Site
from mqtt_schema.points import Point, Scope, ScopeKind, Value
from mqtt_schema.quantities import Quantity, Role, Unit


class Answers(NamedTuple):
    """What the policies last said."""

    demand: Demand = Demand()
    today: Shares = Shares()


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPoint(Point):
    """A data point that a policy works out."""

    needs_all: frozenset[Role]
    """The roles that must be measured for it to exist."""
    value: Callable[[Answers], Value]
    """None = unknown."""


def quarter_average(answers: Answers) -> float | None:
    """Imported energy of this clock quarter until now, spread over the whole quarter, in W: what a meter shows."""
    return answers.demand.so_far_w


def quarter_forecast(answers: Answers) -> float | None:
    """Average of this clock quarter in W if it goes on as in the last minute."""
    return answers.demand.forecast_w


def month_peak(answers: Answers) -> float | None:
    """Highest clock quarter of this month in W; quarters that were not seen do not count."""
    return answers.demand.month_peak_w


def billed_peak(answers: Answers) -> float | None:
    """Mean of the peaks of the last twelve months, as far as they are known, each at least 2.5 kW, in W."""
    return answers.demand.billed_w


def self_consumption(answers: Answers) -> float | None:
    """Share of the energy produced today that was not exported, in %."""
    return answers.today.self_consumption


def self_sufficiency(answers: Answers) -> float | None:
    """Share of the energy used today that the house produced itself, in %."""
    return answers.today.self_sufficiency


_GRID = frozenset({Role.GRID})
_GRID_AND_SOLAR = frozenset({Role.GRID, Role.SOLAR})

_site = partial(ControlPoint, scope=ScopeKind.SITE)
_demand = partial(_site, quantity=Quantity.POWER, unit=Unit.WATT, needs_all=_GRID)
_share = partial(_site, quantity=Quantity.SHARE, unit=Unit.PERCENT, needs_all=_GRID_AND_SOLAR)

CONTROL_POINTS: tuple[ControlPoint, ...] = (
    _demand(key="quarter_average", value=quarter_average),
    _demand(key="quarter_forecast", value=quarter_forecast),
    _demand(key="month_peak", value=month_peak),
    _demand(key="billed_peak", value=billed_peak),
    _share(key="self_consumption", value=self_consumption),
    _share(key="self_sufficiency", value=self_sufficiency),
)


def control_points(site: Site) -> Iterator[tuple[ControlPoint, Scope]]:
    """Every data point of the policies that this site has."""
    measured = {channel.role for channel in site.channels}
    return ((point, Scope(point.scope)) for point in CONTROL_POINTS if point.needs_all <= measured)
