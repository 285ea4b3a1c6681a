"""Whether a charger uses one line or three: it stops, the current is seen to be gone, it switches, waits and starts.

Switching under load destroys contactors, and some cars. So a charger whose current is not measured is never switched,
and an attempt in which the current does not fall is given up, the next one later and later.
"""

from enum import StrEnum

import msgspec

from energy_control.balancing.charging import DRAWS_A
from energy_control.balancing.decisions import SetPhases
from energy_control.balancing.reading import ChargerReading
from energy_control.balancing.settings import Charger, Settings
from mqtt_schema.quantities import Phase

ONE, ALL = 1, 3
BETTER = 1.1
"""It must give so much more power to be worth it."""
DOWN_AFTER_S, UP_AFTER_S = 60.0, 180.0
"""How long one line, or three, must have been better."""
GONE_S = 10.0
"""So long its current must have been gone."""
PATIENCE_S = 60.0
"""If it is not by then, the attempt is given up."""
SETTLE_S = 10.0
"""After switching it is left alone for so long."""
FIRST_BACKOFF_S, LONGEST_BACKOFF_S, MOST_DOUBLINGS = 600.0, 7200.0, 4


class Stage(StrEnum):
    """How far it is."""

    STEADY = "steady"
    STOPPING = "stopping"
    SETTLING = "settling"


class PhaseState(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept."""

    stage: Stage = Stage.STEADY
    stage_at: float = 0.0
    phases: int | None = None
    """What it was last told to use; None = nothing."""
    better_since: float | None = None
    """Since when the other number would give more."""
    gone_since: float | None = None
    """Since when its current has been gone."""
    not_before: float = 0.0
    """The next attempt."""
    failures: int = 0


def phases_of(charger: Charger, state: PhaseState, reading: ChargerReading) -> int:
    """Return how many lines it may use now: as it tells, else as it was told."""
    told = reading.phases or state.phases  # some tell 0 while they do not charge
    return min(told, len(charger.lines)) if told else len(charger.lines)


def is_possible(charger: Charger, reading: ChargerReading, may_use: tuple[Phase, ...]) -> bool:
    """Tell whether it can be switched, and each line that it may use now be seen to be free of current before."""
    if not charger.can_switch_phases or not charger.can_pause or len(charger.lines) != ALL:
        return False
    return reading.current_a.keys() >= frozenset(may_use)


def interrupted(state: PhaseState) -> PhaseState:
    """Give up what has begun before anything was switched: nobody has watched all the time."""
    stage = Stage.STEADY if state.stage is Stage.STOPPING else state.stage
    return msgspec.structs.replace(state, stage=stage, better_since=None, gone_since=None)


def weighed(
    charger: Charger, state: PhaseState, reading: ChargerReading, powers: tuple[float, float], at: float
) -> PhaseState:
    """Begin to stop when the other number has been better for long enough.

    `powers`: what one line and all lines would give now, in any unit.
    """
    goes_up = phases_of(charger, state, reading) == ONE
    now, other = powers if goes_up else powers[::-1]
    if other <= now * BETTER:
        return msgspec.structs.replace(state, better_since=None)
    since = at if state.better_since is None else state.better_since
    state = msgspec.structs.replace(state, better_since=since)
    if at < max(since + (UP_AFTER_S if goes_up else DOWN_AFTER_S), state.not_before):
        return state
    return msgspec.structs.replace(state, stage=Stage.STOPPING, stage_at=at, better_since=None, gone_since=None)


def advanced(
    charger: Charger, state: PhaseState, reading: ChargerReading, at: float, settings: Settings
) -> tuple[PhaseState, tuple[SetPhases, ...]]:
    """Go on with an attempt that has begun."""
    if state.stage is Stage.SETTLING and at - state.stage_at >= SETTLE_S:
        return msgspec.structs.replace(state, stage=Stage.STEADY), ()
    if state.stage is not Stage.STOPPING:
        return state, ()
    gone = max(map(abs, reading.current_a.values())) < DRAWS_A
    gone_since = (at if state.gone_since is None else state.gone_since) if gone else None
    state = msgspec.structs.replace(state, gone_since=gone_since)
    if gone_since is not None and at - gone_since >= GONE_S:
        phases = ALL if phases_of(charger, state, reading) == ONE else ONE
        return _switched(phases, at, settings), (SetPhases(charger.id, phases),)
    return (_given_up(state, at) if at - state.stage_at >= PATIENCE_S else state), ()


def _switched(phases: int, at: float, settings: Settings) -> PhaseState:
    return PhaseState(stage=Stage.SETTLING, stage_at=at, phases=phases, not_before=at + settings.phase_rest_s)


def _given_up(state: PhaseState, at: float) -> PhaseState:
    pause_s = min(FIRST_BACKOFF_S * 2.0 ** min(state.failures, MOST_DOUBLINGS), LONGEST_BACKOFF_S)
    return PhaseState(phases=state.phases, not_before=at + pause_s, failures=state.failures + 1)
