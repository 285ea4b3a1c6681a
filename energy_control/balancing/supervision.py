"""How the circuits are: what may still be drawn, and how near their breakers are to tripping."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from energy_control.balancing import trip_risk
from energy_control.balancing.circuits import Circuits
from energy_control.balancing.decisions import CircuitAnswer
from energy_control.balancing.settings import Circuit
from mqtt_schema.quantities import Phase

type Warmth = Mapping[str, Mapping[Phase, float]]

LONGEST_STEP_S = 3600.0


def warmed(before: Warmth, circuits: Circuits, elapsed_s: float) -> dict[str, dict[Phase, float]]:
    """Return how warm the breakers are now: as if what flows now had flowed all the time since the last moment.

    A line that is not measured now stays as warm as it was.
    """
    elapsed_s = min(max(elapsed_s, 0.0), LONGEST_STEP_S)
    return {
        circuit.id: dict(before.get(circuit.id, {}))
        | {
            line: trip_risk.warmed(before.get(circuit.id, {}).get(line, 0.0), current_a / circuit.rating_a, elapsed_s)
            for line, current_a in circuits.carried(circuit).current_a.items()
        }
        for circuit in circuits.by_id.values()
        if circuit.lines
    }


def answer(circuit: Circuit, circuits: Circuits, warmth: Warmth, backwards: AbstractSet[Phase]) -> CircuitAnswer:
    """Say how a circuit is. `backwards`: the lines whose CT seems to be the wrong way round."""
    if not circuit.lines:
        return CircuitAnswer()
    carried_a, limit_a, limit_w = (
        circuits.carried(circuit).current_a,
        circuits.limit_a(circuit),
        circuits.limit_w(circuit),
    )
    headroom_a = {line: limit_a - carried_a[line] if line in carried_a else None for line in circuit.lines}
    power_w = circuits.power_w(circuit)
    headroom_w = None if limit_w is None or power_w is None else limit_w - power_w
    left = [*headroom_a.values(), headroom_w]
    return CircuitAnswer(
        headroom_a=headroom_a,
        headroom_w=headroom_w,
        trip_risk=max(map(trip_risk.risk, warmth.get(circuit.id, {}).values()), default=0.0),
        overloaded=any(headroom is not None and headroom < 0.0 for headroom in left),
        export_overloaded=any(current_a < -circuit.rating_a for current_a in carried_a.values()),
        backwards=tuple(sorted(backwards)),
    )
