"""What the balancing of one house keeps, over restarts of its host, too."""

from collections.abc import Mapping

import msgspec

from energy_control.balancing import charger_case, mounting, shedding
from energy_control.balancing.charger_case import ChargerMemory
from energy_control.balancing.mounting import Mounting
from energy_control.balancing.reading import Limit
from energy_control.balancing.shedding import LoadState
from mqtt_schema.quantities import Phase


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Plain data; everything by identifier."""

    at: float | None = None
    seen: bool = False
    """Something fresh has been measured since the start."""
    warmth: Mapping[str, Mapping[Phase, float]] = {}
    """Of each circuit's breaker (`trip_risk`)."""
    limits: Mapping[str, Limit] = {}
    """The last word of whoever limits a circuit."""
    mounting: Mounting = Mounting()
    """Which CTs seem to be the wrong way round."""
    chargers: Mapping[str, ChargerMemory] = {}
    loads: Mapping[str, LoadState] = {}
    blind_since: Mapping[str, float] = {}
    """Since when something that limits a charger or a load is not known; only those."""


def begun(state: State) -> State:
    """Return what still counts after a restart: timers do; what chargers are set to is looked up anew.

    Nothing is commanded before something fresh has been measured.
    """
    chargers = {name: charger_case.forgotten(charger) for name, charger in state.chargers.items()}
    loads = {name: shedding.forgotten(load) for name, load in state.loads.items()}
    return State(
        at=state.at,
        warmth=state.warmth,
        limits=state.limits,
        mounting=mounting.begun(state.mounting),
        chargers=chargers,
        loads=loads,
    )


def resumed(state: State, at: float) -> State:
    """Return what still counts when time has jumped, or nobody was asked for long: nobody knows what was in between."""
    kept = begun(state)
    loads = {name: msgspec.structs.replace(load, shed_at=min(load.shed_at, at)) for name, load in kept.loads.items()}
    return msgspec.structs.replace(kept, seen=state.seen, loads=loads)
