"""Shares out what is free: first the least that each needs, by priority, then the rest.

Whoever has a higher priority is served first. Of one priority, those that are on keep what they need before others
start, loads before chargers, which can be lowered. All chargers of it are raised alike until a limit is met. Nobody is
put off so that another gets more than its least.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from mqtt_schema.quantities import Phase

EPSILON = 1e-6

type Key = tuple[str, Phase | None]
"""What is limited: a line of a circuit, in A; or, without a line, the power of the circuit, in W."""
type Pools = dict[Key, float]
"""How much is left of each. Below 0 it is exceeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for, in units of its own: the A of a charger, or a whole load."""

    id: str
    priority: int
    uses: tuple[tuple[Key, float], ...]
    """How much of each pool a unit takes."""
    least: float
    most: float
    entry: float
    """There must be room for as much before it starts; its least once it is on."""
    on: bool
    firm: bool = False
    """It cannot be put off."""
    kept: tuple[tuple[Key, float], ...] = ()
    """Once it has its least, nobody may start on so much of the pools."""
    doubtful: tuple[tuple[Key, float], ...] = ()
    """So much of the pools is there only if it draws what it may, which it seems not to: nobody may start on that."""
    disobeys: bool = False
    """It does not go off, so what it draws is taken off already; it is put off all the same, to be tried again."""


@dataclass(slots=True)
class Grant:
    """What it gets."""

    units: float = 0.0
    blocked_by: Key | None = None
    """Why even its least does not fit. It keeps that when this is tolerated."""
    limited_by: Key | None = None
    """Why it does not get more; None = it has all it wants, or nothing."""


type Tolerates = Callable[[Request, Sequence[tuple[Key, float]]], bool]
"""Whether something that is on may stay on although so much is missing of these."""


def allocate(requests: Iterable[Request], pools: Pools, tolerates: Tolerates) -> dict[str, Grant]:
    """Share out the pools, which are left with what is over."""
    served = sorted(requests, key=lambda one: (not one.firm, -one.priority, not one.on, one.least < one.most, one.id))
    kept: Pools = defaultdict(float)
    for request in served:
        _add(kept, request.doubtful, 1.0)
    grants = {request.id: _least(request, pools, kept, tolerates) for request in served}
    growing = [one for one in served if 0.0 < grants[one.id].units < one.most]
    for _, group in groupby(sorted(growing, key=lambda one: -one.priority), key=lambda one: one.priority):
        _raise_alike(list(group), grants, pools)
    return grants


def _least(request: Request, pools: Pools, kept: Pools, tolerates: Tolerates) -> Grant:
    _add(kept, request.doubtful, -1.0)
    missing = _missing(request, pools, kept)
    short = [(key, amount) for key, amount in missing if amount > EPSILON]
    blocked_by = short[0][0] if short else None
    if short and not (request.firm or (request.on and tolerates(request, short))):
        return Grant(blocked_by=blocked_by)
    _take(request, request.least, pools)
    _add(kept, request.kept, 1.0)
    return Grant(units=request.least, blocked_by=blocked_by)


def _missing(request: Request, pools: Pools, kept: Pools) -> list[tuple[Key, float]]:
    """Return how much of each pool is missing. Who is on and draws nothing of one would free nothing of it."""
    if request.on:
        counts = (one for one in request.uses if one[1] > 0.0 or request.disobeys)
        return [(key, share * request.least - pools[key]) for key, share in counts]
    return [(key, share * request.entry - (pools[key] - kept[key])) for key, share in request.uses]


def _raise_alike(growing: Sequence[Request], grants: dict[str, Grant], pools: Pools) -> None:
    """Give all of them one more unit after the other until each has met a limit."""
    left = list(growing)
    while left:
        step = _common_step(left, grants, pools)
        for request in left:
            _take(request, step, pools)
            grants[request.id].units += step
        left = [request for request in left if _may_grow(request, grants[request.id], pools)]


def _common_step(growing: Sequence[Request], grants: dict[str, Grant], pools: Pools) -> float:
    drawn = defaultdict[Key, float](float)
    for request in growing:
        for key, share in request.uses:
            drawn[key] += share
    by_pool = min((pools[key] / share for key, share in drawn.items() if share > 0.0), default=float("inf"))
    by_wish = min(request.most - grants[request.id].units for request in growing)
    return max(min(by_pool, by_wish), 0.0)


def _may_grow(request: Request, grant: Grant, pools: Pools) -> bool:
    grant.limited_by = next((key for key, share in request.uses if share > 0.0 and pools[key] <= EPSILON), None)
    return grant.limited_by is None and request.most - grant.units > EPSILON


def _add(kept: Pools, amounts: Iterable[tuple[Key, float]], sign: float) -> None:
    for key, amount in amounts:
        kept[key] += sign * amount


def _take(request: Request, units: float, pools: Pools) -> None:
    for key, share in request.uses:
        pools[key] -= share * units
