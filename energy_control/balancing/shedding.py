"""What becomes of one load that may be switched off: off when there is no room, on again when there is for a while."""

import msgspec

from energy_control.balancing.allocation import Grant
from energy_control.balancing.circumstances import Circumstances
from energy_control.balancing.decisions import Command, LoadDecision, Reason, SwitchLoad
from energy_control.balancing.reading import LoadReading
from energy_control.balancing.settings import OnStale, ShedLoad
from energy_control.balancing.watching import LATE_S

RESPONSE_S = 5.0
"""A relay has switched, and the measurement shows it, within that."""
RETRY_S, LONGEST_RETRY_S, MOST_DOUBLINGS = 10.0, 300.0, 5
"""One that does not go off is tried again, each time after twice as long."""
ON_AGAIN_S = 60.0
"""One that does not come on again is tried again after that."""


class LoadState(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a load."""

    shed: bool = False
    """It was switched off from here, and not on again."""
    shed_at: float = 0.0
    sent_at: float | None = None
    """When it was last told to switch on again."""
    calls: int = 0
    """How often it was told to without being seen to be on."""
    blocked_since: float | None = None
    """Since when there is no room for it, while it is on."""
    room_since: float | None = None
    """Since when there is room for it, while it is off."""
    tries: int = 0
    """How often it was switched off without being seen to be off."""


def observed(state: LoadState, reading: LoadReading, at: float) -> LoadState:
    """Take in that it is on again, whoever has switched it; and that it went off, however late it tells."""
    if reading.on is False and state.tries:
        is_ours = state.shed or at - state.shed_at < LATE_S
        return msgspec.structs.replace(state, shed=is_ours, tries=0)
    if state.shed and reading.on and at - state.shed_at >= RESPONSE_S:
        return LoadState(shed_at=state.shed_at, tries=state.tries)
    return state


def unseen(state: LoadState) -> LoadState:
    """Forget that there was room: nobody knows whether there is all the time."""
    return msgspec.structs.replace(state, room_since=None)


def forgotten(state: LoadState) -> LoadState:
    """Return what still counts after a restart: that it was switched off from here, and when."""
    return LoadState(shed=state.shed, shed_at=state.shed_at)


def takes_part(state: LoadState, reading: LoadReading) -> bool:
    """Tell whether it is shared out to: it is on, or it was switched off from here."""
    return reading.on is not None and (reading.on or state.shed)


def is_going_off(state: LoadState, reading: LoadReading, at: float) -> bool:
    """Tell whether it has just been switched off, so that what is still measured of it will be free."""
    return state.shed and at - state.shed_at < RESPONSE_S and (reading.on is True or bool(reading.current_a))


def disobeys(state: LoadState, reading: LoadReading) -> bool:
    """Tell whether it goes on although it was switched off, so that what it draws is not free."""
    return reading.on is True and state.tries > (1 if state.shed else 0)


def stays_off(state: LoadState) -> bool:
    """Tell whether it does not come on again: even a switch that is only polled would have told by now."""
    return state.shed and state.calls > 1


def aimed(load: ShedLoad, state: LoadState, grant: Grant, now: Circumstances) -> tuple[LoadState, tuple[Command, ...]]:
    """Move towards what is granted."""
    if not state.shed:
        return _cut(load, state, grant, now.at)
    if not grant.units or now.held:
        return msgspec.structs.replace(state, room_since=None), ()
    since = now.at if state.room_since is None else state.room_since
    state = msgspec.structs.replace(state, room_since=since)
    retry_at = now.at if state.sent_at is None else state.sent_at + ON_AGAIN_S
    if now.at < max(since + now.settings.raise_after_s, state.shed_at + load.min_off_s, retry_at):
        return state, ()
    called = msgspec.structs.replace(state, sent_at=now.at, calls=state.calls + 1)
    return called, (SwitchLoad(load.id, on=True),)


def fallen_back(
    load: ShedLoad, state: LoadState, reading: LoadReading, at: float
) -> tuple[LoadState, tuple[Command, ...]]:
    """Do what its user wants when nothing has been measured for too long."""
    if load.on_stale is OnStale.HOLD or state.shed or not reading.on:
        return state, ()
    return _switched_off(load, state, at)


def decision(load: ShedLoad, state: LoadState, reading: LoadReading, grant: Grant, at: float) -> LoadDecision:
    """Say how it is, and why."""
    if reading.on is None:
        return LoadDecision(on=None, reason=Reason.UNREACHABLE)
    if disobeys(state, reading):
        return LoadDecision(on=True, reason=Reason.NOT_OBEYING)
    if not state.shed:
        return LoadDecision(on=reading.on, reason=Reason.RUNNING if reading.on else Reason.STOPPED)
    return _why_off(load, state, grant, at)


def _why_off(load: ShedLoad, state: LoadState, grant: Grant, at: float) -> LoadDecision:
    if grant.blocked_by is not None:
        return LoadDecision(on=False, reason=Reason.SHED, limited_by=grant.blocked_by[0])
    if stays_off(state):
        return LoadDecision(on=False, reason=Reason.NOT_OBEYING)
    rest_ends_at = state.shed_at + load.min_off_s
    if at < rest_ends_at:
        return LoadDecision(on=False, reason=Reason.RESTING, next_at=rest_ends_at)
    return LoadDecision(on=False, reason=Reason.RAISING)


def _cut(load: ShedLoad, state: LoadState, grant: Grant, at: float) -> tuple[LoadState, tuple[Command, ...]]:
    """Switch it off, unless it may stay on for a while although there is no room."""
    if grant.blocked_by is None:
        is_late = state.tries > 0 and at - state.shed_at < LATE_S
        return (msgspec.structs.replace(state, blocked_since=None) if is_late else LoadState()), ()
    if grant.units:
        since = at if state.blocked_since is None else state.blocked_since
        return msgspec.structs.replace(state, blocked_since=since), ()
    return _switched_off(load, state, at)


def _switched_off(load: ShedLoad, state: LoadState, at: float) -> tuple[LoadState, tuple[Command, ...]]:
    retry_s = min(RETRY_S * 2.0 ** min(state.tries - 1, MOST_DOUBLINGS), LONGEST_RETRY_S)
    if state.tries and at < state.shed_at + retry_s:
        return state, ()
    return LoadState(shed=True, shed_at=at, tries=state.tries + 1), (SwitchLoad(load.id, on=False),)
