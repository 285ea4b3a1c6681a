"""Which decisions are news: those are shown at once, whatever the update interval is."""

from .._vendor.energy_control.balancing.decisions import Answer, ChargerDecision, CircuitAnswer, LoadDecision


def is_news(before: Answer, after: Answer) -> bool:
    """Tell whether something was commanded, or anything but numbers is another."""
    return bool(after.commands) or _said(before) != _said(after)


def _said(answer: Answer) -> object:
    return (
        {id_: _of_circuit(circuit) for id_, circuit in answer.circuits.items()},
        {id_: _of_charger(decision) for id_, decision in answer.chargers.items()},
        {id_: _of_load(decision) for id_, decision in answer.loads.items()},
    )


def _of_circuit(circuit: CircuitAnswer) -> object:
    return circuit.overloaded, circuit.export_overloaded, circuit.backwards


def _of_charger(decision: ChargerDecision) -> object:
    return decision.reason, decision.limited_by, is_allowed(decision)


def _of_load(decision: LoadDecision) -> object:
    return decision.reason, decision.limited_by, decision.on


def is_allowed(decision: ChargerDecision) -> bool | None:
    """Tell whether a charger may charge; None = that is not decided."""
    return None if decision.current_a is None else decision.current_a > 0
