"""A charger changes between one line and three only after its current was seen to be gone."""

from itertools import pairwise

import msgspec
import pytest

from energy_control.balancing.decisions import AllowCharging, Command, Reason, SetPhases
from energy_control.balancing.phase_switching import Stage
from tests.energy_control.balancing.moments import CAR, CHARGER, HOUSE, L1, L2, L3, Plant, charging

SWITCHING = msgspec.structs.replace(
    HOUSE, chargers=(msgspec.structs.replace(CHARGER, can_switch_phases=True, max_a=32.0, lines=(L2, L3, L1)),)
)
CROWDED = (20.0, 2.0, 2.0)
"""Too little for three lines, and much on the charger's first."""


def crowded() -> Plant:
    plant = charging(SWITCHING, phases={CAR: 3})
    plant.others_a = CROWDED
    return plant


def times_of(plant: Plant, kind: type[Command]) -> list[float]:
    return [at for at, command in plant.commands if isinstance(command, kind)]


def test_one_line_is_used_where_three_do_not_fit() -> None:
    plant = crowded()
    plant.run(200)
    assert plant.phases[CAR] == 1
    assert plant.set_a[CAR] == pytest.approx(21.7)
    assert plant.answer.chargers[CAR].phases == 1


def test_it_stops_and_waits_until_the_current_has_been_gone_for_ten_seconds() -> None:
    plant = crowded()
    plant.run(200)
    (switched_at,) = times_of(plant, SetPhases)
    off_at = max(at for at, command in plant.commands if command == AllowCharging(CAR, on=False))
    on_at = min(at for at, command in plant.commands if command == AllowCharging(CAR, on=True))
    assert off_at + 10.0 <= switched_at
    assert switched_at + 10.0 <= on_at


def test_a_current_that_does_not_fall_ends_the_attempt_and_the_next_ones_come_later_and_later() -> None:
    plant = crowded()
    plant.unstoppable.add(CAR)
    attempts = []
    for _ in range(3 * 3600):
        before = plant.state.chargers[CAR].phases.stage
        plant.step()
        if plant.state.chargers[CAR].phases.stage is Stage.STOPPING and before is Stage.STEADY:
            attempts.append(plant.at)
    assert times_of(plant, SetPhases) == []
    waits = [later - earlier for earlier, later in pairwise(attempts)]
    assert waits == sorted(waits)
    assert waits[0] >= 600.0
    assert waits[-1] >= 2 * waits[0]


def test_three_lines_are_used_again_when_they_have_been_better_for_three_minutes_and_never_within_ten() -> None:
    plant = crowded()
    plant.run(200)
    (first_at,) = times_of(plant, SetPhases)
    plant.others_a = 1.0
    plant.run(300)
    assert plant.phases[CAR] == 1
    plant.run(600)
    assert plant.phases[CAR] == 3
    second_at = times_of(plant, SetPhases)[1]
    off_at = max(at for at, command in plant.commands if command == AllowCharging(CAR, on=False))
    assert second_at >= max(first_at + 600.0, off_at + 10.0)


def test_a_one_phase_car_is_not_switched_for_nothing() -> None:
    one_phase = msgspec.structs.replace(SWITCHING.chargers[0], lines=(L2, L3, L1))
    plant = Plant(settings=msgspec.structs.replace(SWITCHING, chargers=(one_phase,)), phases={CAR: 1})
    plant.run(60)
    plant.phases[CAR] = 3
    state = plant.state.chargers[CAR]
    kept = msgspec.structs.replace(state, charging=msgspec.structs.replace(state.charging, lines=(L2,)))
    plant.state = msgspec.structs.replace(plant.state, chargers={CAR: kept})
    plant.phases[CAR] = 1
    plant.others_a = (1.0, 22.0, 22.0)
    assert not any(isinstance(command, SetPhases) for command in plant.run(1800))


def test_what_is_not_measured_is_never_switched() -> None:
    unmetered = msgspec.structs.replace(SWITCHING.chargers[0], metered=False)
    plant = Plant(settings=msgspec.structs.replace(SWITCHING, chargers=(unmetered,)), phases={CAR: 3})
    plant.others_a = CROWDED
    plant.run(1800)
    assert times_of(plant, SetPhases) == []


def test_it_is_said_while_it_lasts() -> None:
    plant = crowded()
    reasons = set()
    for _ in range(200):
        plant.step()
        reasons.add(plant.answer.chargers[CAR].reason)
    assert Reason.SWITCHING_PHASES in reasons


def test_a_restart_in_the_middle_leaves_the_lines_as_they_are() -> None:
    plant = crowded()
    while plant.state.chargers[CAR].phases.stage is not Stage.STOPPING if CAR in plant.state.chargers else True:
        plant.step()
    plant.restart()
    plant.others_a = 1.0
    assert not any(isinstance(command, SetPhases) for command in plant.run(600))
    assert plant.allowed[CAR]
