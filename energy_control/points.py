"""The data points of the policies, described as those of a site are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from energy_control.demand import Demand
from energy_control.running import State as RunningState
from energy_control.running import is_running
from energy_control.today import Shares
from mqtt_schema.model import Site
from mqtt_schema.points import Point, Scope, ScopeKind, Value
from mqtt_schema.quantities import CONSUMING, Medium, Nature, Quantity, Role, Unit


class Answers(NamedTuple):
    """What the policies last said."""

    demand: Demand = Demand()
    today: Shares = Shares()
    running: RunningState = RunningState()
    leaks: Mapping[str, bool | None] = {}
    """By water meter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPoint(Point):
    """A data point that a policy works out."""

    needs_all: frozenset[Role] = frozenset()
    """For the site: the roles that must be measured for it to exist."""
    roles: frozenset[Role] = frozenset(Role)
    """For loads: the roles that have this point."""
    media: frozenset[Medium] = frozenset(Medium)
    """For meters: the media that have this point."""
    value: Callable[[Answers, str], Value]
    """`(answers, scope id) -> value`; None = unknown."""


def quarter_average(answers: Answers, _scope: str) -> float | None:
    """Imported energy of this clock quarter until now, spread over the whole quarter, in W: what a meter shows."""
    return answers.demand.so_far_w


def quarter_forecast(answers: Answers, _scope: str) -> float | None:
    """Average of this clock quarter in W if it goes on as in the last minute."""
    return answers.demand.forecast_w


def month_peak(answers: Answers, _scope: str) -> float | None:
    """Highest clock quarter of this month in W; quarters that were not seen do not count."""
    return answers.demand.month_peak_w


def billed_peak(answers: Answers, _scope: str) -> float | None:
    """Mean of the peaks of the last twelve months, as far as they are known, each at least 2.5 kW, in W."""
    return answers.demand.billed_w


def self_consumption(answers: Answers, _scope: str) -> float | None:
    """Share of the energy produced today that was not exported, in %."""
    return answers.today.self_consumption


def self_sufficiency(answers: Answers, _scope: str) -> float | None:
    """Share of the energy used today that the house produced itself, in %."""
    return answers.today.self_sufficiency


def load_running(answers: Answers, load: str) -> bool | None:
    """It works: its power has reached a threshold for a while, and not yet stayed below for a longer one."""
    return is_running(answers.running, load)


def water_leak(answers: Answers, meter: str) -> bool | None:
    """Water flowed in every half hour of the last night that was seen whole; a hint of a leak, no proof."""
    return answers.leaks.get(meter)


_GRID = frozenset({Role.GRID})
_GRID_AND_SOLAR = frozenset({Role.GRID, Role.SOLAR})

_site = partial(ControlPoint, scope=ScopeKind.SITE)
_demand = partial(_site, quantity=Quantity.POWER, unit=Unit.WATT, needs_all=_GRID)
_state = partial(ControlPoint, nature=Nature.STATE)
_share = partial(_site, quantity=Quantity.SHARE, unit=Unit.PERCENT, needs_all=_GRID_AND_SOLAR)

CONTROL_POINTS: tuple[ControlPoint, ...] = (
    _demand(key="quarter_average", value=quarter_average),
    _demand(key="quarter_forecast", value=quarter_forecast),
    _demand(key="month_peak", value=month_peak),
    _demand(key="billed_peak", value=billed_peak),
    _share(key="self_consumption", value=self_consumption),
    _share(key="self_sufficiency", value=self_sufficiency),
    _state(key="load_running", scope=ScopeKind.LOAD, roles=CONSUMING, quantity=Quantity.RUNNING, value=load_running),
    _state(
        key="water_leak",
        scope=ScopeKind.METER,
        media=frozenset({Medium.WATER}),
        quantity=Quantity.LEAK,
        value=water_leak,
    ),
)


def control_points(site: Site) -> Iterator[tuple[ControlPoint, Scope]]:
    """Every data point of the policies that this site has."""
    return ((point, Scope(point.scope, part)) for point in CONTROL_POINTS for part in _parts(site, point))


def _parts(site: Site, point: ControlPoint) -> Iterable[str]:
    """Return the identifiers of what has a point."""
    match point.scope:
        case ScopeKind.LOAD:
            return (load.id for load in site.loads if load.role in point.roles)
        case ScopeKind.METER:
            return (meter.id for meter in site.meters if meter.medium in point.media)
        case _:
            return ("",) if point.needs_all <= {channel.role for channel in site.channels} else ()
