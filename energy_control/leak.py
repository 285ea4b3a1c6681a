"""A hint of leaking water: in a tight house there is some part of each night in which no water flows.

Water suppliers look for leaks by the least flow of the night. Here the night is 01:00 to 05:00 in the time zone of the
house, in parts of half an hour. When the meter has counted in every part, water probably leaks; a night with one part
without any leaves no suspicion.

It is a hint. The meter counts in pulses, so what it can see depends on them: a leak is seen for certain from one pulse
in each part on, which is 2 L an hour where a pulse is 1 L, and 20 L an hour where it is 10 L. It sees a toilet that
runs (tens of litres an hour), and mostly no tap that drips. It sees a pipe that bursts only in the morning. Whoever
waters a garden all night, or uses water every half hour of it, is suspected, too.
"""

from datetime import UTC, datetime
from math import ceil
from zoneinfo import ZoneInfo

import msgspec

BEGIN_H, END_H = 1, 5
PART_S = 1800.0
LONGEST_UNSEEN_S = 900.0
"""Three intervals of five minutes: after a longer hole the night was not seen."""
VALID_S = 2 * 86_400.0
"""A night says nothing any more about a house that nobody has looked at for so long."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A meter has been read, whether it has counted anything or not."""

    at: float
    """Seconds since the epoch."""
    pulses: float
    """Its total; it never goes backwards."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one meter."""

    last: Reading | None = None
    night: float = 0.0
    """When the night began that is being watched, seconds since the epoch; 0 = none is."""
    flowed: frozenset[int] = frozenset()
    """Parts of that night in which it has counted, from 0."""
    suspected: bool = False
    """What the last whole night said."""
    judged_at: float | None = None
    """When that night ended, seconds since the epoch; None when no whole night was seen."""


def step(state: State, reading: Reading, time_zone: str) -> tuple[State, bool | None]:
    """Take one reading; returns whether water probably leaks. `time_zone` (IANA) is that of the house."""
    state = _go_on(state, reading, ZoneInfo(time_zone))
    return state, hint(state, reading.at)


def hint(state: State, at: float) -> bool | None:
    """Tell whether water probably leaks; None until a whole night was seen, and long after the last one."""
    if state.judged_at is None or at - state.judged_at > VALID_S:
        return None
    return state.suspected


def _go_on(state: State, reading: Reading, zone: ZoneInfo) -> State:
    last = state.last
    if last is None or not 0 <= reading.at - last.at <= LONGEST_UNSEEN_S or reading.pulses < last.pulses:
        return msgspec.structs.replace(state, last=reading, night=0.0)
    begin, end = _night(reading.at, zone)
    if last.at < begin <= reading.at:
        state = msgspec.structs.replace(state, night=begin, flowed=frozenset[int]())
    state = msgspec.structs.replace(state, last=reading)
    if state.night != begin or reading.at == begin:
        return state
    if reading.pulses > last.pulses:
        state = msgspec.structs.replace(state, flowed=state.flowed | {_part(min(reading.at, end) - begin)})
    return state if reading.at < end else _judge(state, begin, end)


def _judge(state: State, begin: float, end: float) -> State:
    """Say what a whole night has shown."""
    suspected = len(state.flowed) == _part(end - begin) + 1
    return msgspec.structs.replace(state, night=0.0, suspected=suspected, judged_at=end)


def _night(at: float, zone: ZoneInfo) -> tuple[float, float]:
    """Return begin and end of the night of a day; one hour more or less when the clocks change."""
    day = datetime.fromtimestamp(at, UTC).astimezone(zone).replace(minute=0, second=0, microsecond=0, fold=0)
    return day.replace(hour=BEGIN_H).timestamp(), day.replace(hour=END_H).timestamp()


def _part(into_night_s: float) -> int:
    """Return the part that a moment belongs to; what was counted until its end belongs to it."""
    return ceil(into_night_s / PART_S) - 1
