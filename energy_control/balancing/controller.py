"""One step of the balancing: from a moment of measurements to what is commanded, and why.

Too much is answered in the step that shows it. More is given when there has been room for a while. What cannot be seen
is never taken for nothing: without measurements nothing is raised, and after a grace chargers fall back.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from energy_control.balancing import actuation, charging, mounting, shedding, supervision, watching
from energy_control.balancing.actuation import Actuation
from energy_control.balancing.balance import Balance, Cases
from energy_control.balancing.charger_case import ChargerCase, ChargerMemory, unarmed
from energy_control.balancing.charging import ChargerState
from energy_control.balancing.circuits import Circuits
from energy_control.balancing.decisions import (
    AllowCharging,
    Answer,
    ChargerDecision,
    CircuitAnswer,
    Command,
    LoadDecision,
    Reason,
    SetCurrent,
    SwitchLoad,
)
from energy_control.balancing.load_case import LoadCase
from energy_control.balancing.reading import ChargerReading, LoadReading, Reading
from energy_control.balancing.settings import Charger, Mode, Settings
from energy_control.balancing.shedding import LoadState
from energy_control.balancing.state import State, begun, resumed

__all__ = ["State", "begun", "farewell", "left", "step"]

_NOT_TOLD = ChargerReading(mode=Mode.OFF, reachable=False)
_NOT_KNOWN = LoadReading(on=None)
_NEW_CHARGER = ChargerMemory()
_NEW_LOAD = LoadState()


def step(state: State, reading: Reading, settings: Settings, *, armed: bool) -> tuple[State, Answer]:
    """Take one moment. Not `armed`: everything is decided and explained, and nothing is commanded."""
    at = reading.at
    state, circuits = _taken_in(state, reading, settings)
    found = {
        circuit.id: supervision.answer(circuit, circuits, state.warmth, state.mounting.backwards(circuit.id))
        for circuit in settings.circuits
    }
    if not state.seen:
        return state, _waiting(settings, found)
    cases = _cases(state, reading, settings)
    state = msgspec.structs.replace(state, blind_since=_blind_since(state, reading, circuits, cases))
    for case in cases.all:
        case.observe(at, _passed_s(state.blind_since.get(case.id), at))
    Balance(cases, circuits, found, at).strike()
    commands = tuple(command for case in cases.all for command in case.act(at)) if armed else ()
    answer = Answer(
        circuits=found,
        chargers={case.id: case.decision(circuits, at, armed=armed) for case in cases.chargers},
        loads={case.id: case.decision(at) for case in cases.loads},
        commands=commands,
    )
    return (_kept(state, cases) if armed else _unarmed(state, cases, at)), answer


def farewell(state: State, settings: Settings, reading: Reading) -> tuple[Command, ...]:
    """Return what to send before nobody watches any more: chargers that charge fall back, nothing is switched on."""
    return tuple(
        command
        for charger in settings.chargers
        for command in _fallback(
            charger,
            state.chargers.get(charger.id, _NEW_CHARGER),
            reading.chargers.get(charger.id, _NOT_TOLD),
            reading.at,
        )
    )


def left(state: State, last: Iterable[Command], at: float) -> State:
    """Note the last words, so that a charger that they switch off charges again when somebody watches again."""
    commands = tuple(last)
    chargers = {
        name: msgspec.structs.replace(memory, charging=watching.switched(memory.charging, _own(commands, name), at))
        for name, memory in state.chargers.items()
    }
    return msgspec.structs.replace(state, chargers=chargers)


def _own(commands: Iterable[Command], charger: str) -> Iterator[Command]:
    return (one for one in commands if not isinstance(one, SwitchLoad) and one.charger == charger)


def _fallback(charger: Charger, memory: ChargerMemory, reading: ChargerReading, at: float) -> Iterator[Command]:
    """Return the last word to a charger."""
    if reading.mode is Mode.OFF or not reading.reachable or reading.allowed is False:
        return
    set_a = charging.found(charger, reading) if memory.charging.set_a is None else memory.charging.set_a
    if set_a == 0.0:
        yield from _paused_once_more(charger, memory.charging, reading)
    elif not (charger.is_slow and actuation.is_at_most(memory.sent, reading, min(charger.fallback_a, set_a))):
        yield _lowered(charger, min(charging.rounded(charger, charger.fallback_a), set_a), memory.sent, at)


def _paused_once_more(charger: Charger, state: ChargerState, reading: ChargerReading) -> Iterator[Command]:
    """Repeat a pause that was decided and is not told to be in force."""
    if state.set_a == 0.0 and reading.allowed and charger.can_pause:
        yield AllowCharging(charger.id, on=False)


def _lowered(charger: Charger, last_a: float, sent: Actuation, at: float) -> Command:
    """Return what lowers it for good; a slow one that was set a short while ago would refuse a current."""
    if charger.can_pause and (last_a == 0.0 or actuation.must_wait(charger, sent, at)):
        return AllowCharging(charger.id, on=False)
    return SetCurrent(charger.id, last_a or charger.least_a)


def _taken_in(state: State, reading: Reading, settings: Settings) -> tuple[State, Circuits]:
    """Take in what is allowed and what flows."""
    if not 0.0 <= (_passed_s(state.at, reading.at) or 0.0) <= settings.stale_grace_s:
        state = resumed(state, reading.at)
    told = {name: circuit.limit for name, circuit in reading.circuits.items() if circuit.limit is not None}
    limits = {**state.limits, **told}
    circuits = Circuits(settings, reading, limits)
    watched = mounting.watched(state.mounting, reading, circuits)
    corrected = mounting.at_worst(reading, watched)
    if corrected is not reading:
        circuits = Circuits(settings, corrected, limits)
    warmth = state.warmth
    if reading.fresh:
        warmth = supervision.warmed(warmth, circuits, _passed_s(state.at, reading.at) or 0.0)
    seen = state.seen or reading.fresh
    known = msgspec.structs.replace(state, at=reading.at, seen=seen, limits=limits, warmth=warmth, mounting=watched)
    return known, circuits


def _passed_s(since: float | None, at: float) -> float | None:
    return None if since is None else at - since


def _waiting(settings: Settings, found: Mapping[str, CircuitAnswer]) -> Answer:
    waits = ChargerDecision(current_a=None, phases=0, reason=Reason.WAITING)
    return Answer(
        circuits=found,
        chargers={charger.id: waits for charger in settings.chargers},
        loads={load.id: LoadDecision(on=None, reason=Reason.WAITING) for load in settings.loads},
    )


def _cases(state: State, reading: Reading, settings: Settings) -> Cases:
    chargers = [
        ChargerCase(
            charger,
            state.chargers.get(charger.id, _NEW_CHARGER),
            reading.chargers.get(charger.id, _NOT_TOLD),
            settings,
        )
        for charger in settings.chargers
    ]
    loads = [
        LoadCase(load, state.loads.get(load.id, _NEW_LOAD), reading.loads.get(load.id, _NOT_KNOWN), settings)
        for load in settings.loads
    ]
    return Cases(chargers, loads)


def _blind_since(state: State, reading: Reading, circuits: Circuits, cases: Cases) -> dict[str, float]:
    """Return since when each case has not been able to see what limits it; only those that cannot."""
    return {
        case.id: state.blind_since.get(case.id, reading.at)
        for case in cases.all
        if not reading.fresh or circuits.is_blind(case.circuit, case.lines)
    }


def _kept(state: State, cases: Cases) -> State:
    return msgspec.structs.replace(
        state,
        chargers={case.id: case.memory for case in cases.chargers},
        loads={case.id: case.state for case in cases.loads},
    )


def _unarmed(state: State, cases: Cases, at: float) -> State:
    """Forget what was only thought: what was switched off from here is still known when control is enabled again."""
    loads = {case.id: state.loads.get(case.id, _NEW_LOAD) for case in cases.loads}
    return msgspec.structs.replace(
        state,
        chargers={case.id: unarmed(case.memory) for case in cases.chargers},
        loads={case.id: shedding.observed(loads[case.id], case.reading, at) for case in cases.loads},
    )
