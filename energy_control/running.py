"""Running: a load works when its power reaches a threshold, and no longer when it has stayed below for a while.

Washing machines pause, ovens and heat pumps switch their heaters: a short rest is no end. The usual values fit a
machine with a motor or a heater. 10 W is above what such a machine takes in standby (1 to 5 W) and above the noise of
a 50 A CT, and below what it takes when it works. 10 s leaves out a moment of inrush. 180 s is longer than the rests of
most programmes; a dishwasher that dries at the end, or a fridge that is to count as one, needs more, and is set so.
"""

from collections.abc import Iterator, Mapping

import msgspec

LONGEST_UNSEEN_S = 15.0
"""After a longer hole between two moments nobody knows how the power was in between, so timers begin anew."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Of one load."""

    threshold_w: float = 10.0
    """From this power on, in W."""
    on_delay_s: float = 10.0
    """How long its power must reach the threshold."""
    off_delay_s: float = 180.0
    """How long its power must stay below."""


USUAL = Settings()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One moment."""

    at: float
    """Seconds on any clock that only grows, over restarts, too."""
    power_w: Mapping[str, float | None]
    """By load, in W; None = not known. Loads that are as they were may be left out."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept; everything by load."""

    at: float | None = None
    above: dict[str, bool | None] = {}
    """Its power reaches the threshold; None = not known."""
    running: dict[str, bool] = {}
    """What it was last found to do; kept while its power is not known."""
    since: dict[str, float] = {}
    """Since when its power says otherwise: only loads whose timer runs."""


def step(state: State, reading: Reading, settings: Mapping[str, Settings]) -> tuple[State, frozenset[str]]:
    """Take one moment; returns the loads whose answer (`is_running`) has changed.

    Loads without settings have the usual ones. Only loads of the reading, and those whose timer runs, are looked at.
    """
    begin_anew = state.at is None or not 0 <= reading.at - state.at <= LONGEST_UNSEEN_S
    sides = dict(_new_sides(state, reading, settings))
    if not sides and not state.since:
        return msgspec.structs.replace(state, at=reading.at), frozenset()
    above, running = {**state.above, **sides}, dict(state.running)
    since = dict.fromkeys(state.since, reading.at) if begin_anew else dict(state.since)
    for load, side in sides.items():
        since.pop(load, None)
        if side is not None and side is not running.get(load):
            since[load] = reading.at
    for load in _due(since, above, reading.at, settings):
        running[load] = bool(above[load])
        del since[load]
    after = State(at=reading.at, above=above, running=running, since=since)
    looked_at = sides.keys() | state.since.keys()
    return after, frozenset(load for load in looked_at if is_running(after, load) is not is_running(state, load))


def is_running(state: State, load: str) -> bool | None:
    """Tell whether a load works; None = not known, now or not yet."""
    return None if state.above.get(load) is None else state.running.get(load)


def _new_sides(state: State, reading: Reading, settings: Mapping[str, Settings]) -> Iterator[tuple[str, bool | None]]:
    """Yield the loads whose power has come to another side of the threshold, or to none."""
    for load, power_w in reading.power_w.items():
        side = None if power_w is None else power_w >= settings.get(load, USUAL).threshold_w
        if side is not state.above.get(load):
            yield load, side


def _due(
    since: dict[str, float], above: dict[str, bool | None], at: float, settings: Mapping[str, Settings]
) -> list[str]:
    """Return the loads whose timer has run out."""
    due = []
    for load, begin in since.items():
        delays = settings.get(load, USUAL)
        if at - begin >= (delays.on_delay_s if above[load] else delays.off_delay_s):
            due.append(load)
    return due
