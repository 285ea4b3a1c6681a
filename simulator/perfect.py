"""What a perfect balancer could deliver: the measure for one that has to measure, wait and ask."""

from typing import Final

from simulator.house.charging.commands import MINIMUM_A
from simulator.house.house import House
from simulator.sites.topology import Pair

JOULE_PER_KWH: Final = 3.6e6


def most_deliverable_j(house: House, charger: str, *, limit_a: float, seconds: int) -> float:
    """Let `house` live for `seconds` with its `charger` paused, and add up what the car there could have drawn, J.

    In each second that is as much as the fullest of its lines leaves below `limit_a`, or nothing below 6 A; in all not
    more than its battery takes. It knows each second beforehand and neither reacts nor ramps, so that it is a little
    more than anybody can reach. Raises LookupError for a charger or a car that is not there.
    """
    live = house.chargers[charger]
    if live.car is None:
        raise LookupError(f"no car is at {charger}")
    live.set_enabled(on=False)
    car, state_of_charge = live.car.car, live.car.state_of_charge
    most_a = min(car.max_a, live.charger.max_a)
    branches = house.circuits[charger].circuit.branches[: car.phases]
    room_j = (car.full_at - state_of_charge) * car.battery_kwh * JOULE_PER_KWH / car.efficiency
    sum_j = 0.0
    for _ in range(seconds):
        house.step()
        free_a = min(most_a, _free_a(house, branches, limit_a))
        if free_a >= MINIMUM_A:
            sum_j += car.power_factor * free_a * sum(abs(house.voltage_v(pair)) for pair in branches)
    return min(sum_j, room_j)


def _free_a(house: House, branches: tuple[Pair, ...], limit_a: float) -> float:
    """What the fullest of the charger's lines leaves; on a line that exports more than the limit."""
    return min(limit_a - house.meter.line_currents_a[line] for line, _ in branches)
