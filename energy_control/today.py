"""Self-consumption and self-sufficiency of today: how much of the sun stays in the house, and how much it covers.

Self-consumption is the share of the produced energy that was not exported, self-sufficiency the share of the used
energy that the house made itself (the usual definitions, protocol facts §8.8). What a battery does is not told apart.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Energies of the house at one moment, in J; they never go backwards."""

    at: float
    """Seconds since the epoch, by the clock of the gateway."""
    export_j: float
    solar_j: float
    house_j: float


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept."""

    day: str = ""
    """ISO 8601, in the time zone of the house."""
    begin: Totals | None = None
    """The totals when the day began, or when it was first seen."""
    last: Totals | None = None


class Shares(msgspec.Struct, frozen=True, kw_only=True):
    """Of today, in %; None = unknown, as long as nothing was produced or used."""

    self_consumption: float | None = None
    self_sufficiency: float | None = None


def step(state: State, totals: Totals, time_zone: str) -> tuple[State, Shares]:
    """Take one moment; `time_zone` (IANA) is that of the house. What was set back begins anew."""
    day = datetime.fromtimestamp(totals.at, UTC).astimezone(ZoneInfo(time_zone)).date().isoformat()
    begin = state.begin
    if begin is None or state.last is None or day != state.day or _is_set_back(state.last, totals):
        begin = totals
    return State(day=day, begin=begin, last=totals), _shares(begin, totals)


def _is_set_back(last: Totals, now: Totals) -> bool:
    return now.export_j < last.export_j or now.solar_j < last.solar_j or now.house_j < last.house_j


def _shares(begin: Totals, now: Totals) -> Shares:
    solar_j, house_j = now.solar_j - begin.solar_j, now.house_j - begin.house_j
    own_j = min(max(solar_j - (now.export_j - begin.export_j), 0.0), solar_j)
    return Shares(
        self_consumption=100 * own_j / solar_j if solar_j > 0 else None,
        self_sufficiency=min(100 * own_j / house_j, 100.0) if house_j > 0 else None,
    )
