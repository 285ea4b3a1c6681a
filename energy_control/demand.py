"""Quarter-hour demand: what a grid operator bills by the highest quarter of an hour of each month.

A meter averages the imported power over each clock quarter (00, 15, 30, 45; the same in every time zone in use that has
such a tariff). The highest quarter is the month's peak. In Flanders the mean of the last twelve month peaks is billed,
each at least 2.5 kW (control facts §5.2).

A digital meter has registers of its own for all this, and they are what is billed: what it tells wins.
"""

from datetime import UTC, datetime
from math import exp
from zoneinfo import ZoneInfo

import msgspec

QUARTER_S = 900.0
LONGEST_UNSEEN_S = 60.0
"""A quarter whose beginning or end lies in a longer hole than this is not known well enough to set a peak."""
SMOOTHING_S = 60.0
"""The forecast goes on with the power of about the last minute."""
BILLED_MONTHS = 12
TURNED_BACK_S = 10.0
"""A reading so much older than the last one means that the clock was turned back; less, that it is late."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of the grid connection."""

    at: float
    """Seconds since the epoch, by the clock of the gateway."""
    import_j: float
    """Total energy imported, in J; it never goes backwards, and covers what was not seen."""
    grid_w: float
    """Power in W; + import."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Of a tariff."""

    time_zone: str = "UTC"
    """In which months begin (IANA)."""
    least_peak_w: float = 2500.0
    """A month counts at least this much."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept. A month is written `2026-11`."""

    last: Reading | None = None
    quarter: int = 0
    """Number of the running quarter since the epoch."""
    begin_j: float = 0.0
    """The total at its beginning."""
    complete: bool = False
    """Its beginning was seen."""
    recent_w: float = 0.0
    """Imported power of about the last minute."""
    peak_w: dict[str, float] = {}
    """The highest complete quarter of each month, in W; the last twelve months."""


class Registers(msgspec.Struct, frozen=True, kw_only=True):
    """What the digital meter itself tells, in W; None = it does not tell."""

    average_w: float | None = None
    """Of the running quarter until now, spread over the whole quarter."""
    average_at: float = 0.0
    """When it told that average, in seconds since the epoch."""
    month_peak_w: float | None = None
    billed_w: float | None = None


NO_REGISTERS = Registers()


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What is known now, all in W; None = unknown."""

    so_far_w: float | None = None
    """Energy of the running quarter until now, spread over the whole quarter: what the meter shows, 0 at its begin."""
    forecast_w: float | None = None
    """Average of the running quarter if it goes on as in the last minute."""
    month_peak_w: float | None = None
    """Highest complete quarter of this month."""
    billed_w: float | None = None
    """Mean of the peaks of the months that are known, at most twelve, each at least the tariff's least."""


def step(
    state: State, reading: Reading, settings: Settings, registers: Registers = NO_REGISTERS
) -> tuple[State, Demand]:
    """Take one moment; a late one is ignored. After a clock or a total that was set back, it begins anew."""
    last = state.last
    if last is None or reading.at < last.at - TURNED_BACK_S or reading.import_j < last.import_j:
        state = State(last=reading, quarter=_quarter(reading.at), begin_j=reading.import_j, peak_w=state.peak_w)
    elif reading.at > last.at:
        state = _go_on(state, last, reading, ZoneInfo(settings.time_zone))
    return state, answer(state, settings, registers)


def answer(state: State, settings: Settings, registers: Registers = NO_REGISTERS) -> Demand:
    """Return what is known of the last moment. A register that is told wins over what was measured.

    An average that was told before this quarter began is that of another one: no forecast starts from it.
    """
    last = state.last
    if last is None:
        return Demand()
    own_w, told_w = _so_far_w(state, last), registers.average_w
    begin_w = told_w if _quarter(registers.average_at) >= state.quarter else None
    return Demand(
        so_far_w=_first(told_w, own_w),
        forecast_w=_forecast_w(state, last, _first(begin_w, own_w)),
        month_peak_w=_first(registers.month_peak_w, _month_peak_w(state, last, settings)),
        billed_w=_first(registers.billed_w, _billed_w(state, settings)),
    )


def _go_on(state: State, last: Reading, reading: Reading, zone: ZoneInfo) -> State:
    quarter = _quarter(reading.at)
    recent_w = _smoothed(state.recent_w, max(reading.grid_w, 0.0), reading.at - last.at)
    if quarter == state.quarter:
        return msgspec.structs.replace(state, last=reading, recent_w=recent_w)
    seen = reading.at - last.at <= LONGEST_UNSEEN_S
    peak_w = state.peak_w
    if seen and state.complete and quarter == state.quarter + 1:
        energy_j = _total_at(QUARTER_S * quarter, last, reading) - state.begin_j
        peak_w = _with_peak(peak_w, _month(QUARTER_S * state.quarter, zone), energy_j / QUARTER_S)
    return State(
        last=reading,
        quarter=quarter,
        begin_j=_total_at(QUARTER_S * quarter, last, reading),
        complete=seen,
        recent_w=recent_w,
        peak_w=peak_w,
    )


def _so_far_w(state: State, last: Reading) -> float | None:
    return (last.import_j - state.begin_j) / QUARTER_S if state.complete else None


def _forecast_w(state: State, last: Reading, average_w: float | None) -> float | None:
    """Go on from the average of the quarter until now as in the last minute."""
    left_s = QUARTER_S * (state.quarter + 1) - last.at
    return None if average_w is None else average_w + state.recent_w * left_s / QUARTER_S


def _month_peak_w(state: State, last: Reading, settings: Settings) -> float | None:
    return state.peak_w.get(_month(last.at, ZoneInfo(settings.time_zone)))


def _billed_w(state: State, settings: Settings) -> float | None:
    billed = [max(peak_w, settings.least_peak_w) for peak_w in state.peak_w.values()]
    return sum(billed) / len(billed) if billed else None


def _first(told_w: float | None, own_w: float | None) -> float | None:
    return own_w if told_w is None else told_w


def _quarter(at: float) -> int:
    return int(at // QUARTER_S)


def _month(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).strftime("%Y-%m")


def _total_at(at: float, before: Reading, after: Reading) -> float:
    """Return the total at a time between two readings, as if the power had been constant."""
    share = (at - before.at) / (after.at - before.at)
    return before.import_j + share * (after.import_j - before.import_j)


def _smoothed(recent_w: float, power_w: float, elapsed_s: float) -> float:
    return power_w + (recent_w - power_w) * exp(-elapsed_s / SMOOTHING_S)


def _with_peak(peak_w: dict[str, float], month: str, quarter_w: float) -> dict[str, float]:
    """Return the peaks with one more quarter, without the months that are no longer billed."""
    peaks = {**peak_w, month: max(quarter_w, peak_w.get(month, 0.0))}
    newest = max(map(_count, peaks))
    return {known: peaks[known] for known in sorted(peaks) if _count(known) > newest - BILLED_MONTHS}


def _count(month: str) -> int:
    """Months since the year 0."""
    year, number = month.split("-")
    return 12 * int(year) + int(number)
