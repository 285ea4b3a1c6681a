"""What is sent to a charger: never more than decided, nothing twice without need, and no fault after a long night."""

from copy import replace

import pytest

from energy_control.balancing import controller
from energy_control.balancing.controller import State
from energy_control.balancing.decisions import AllowCharging, SetCurrent
from energy_control.balancing.phase_switching import PhaseState
from energy_control.balancing.reading import Reading
from energy_control.balancing.settings import Kind, Mode
from tests.energy_control.balancing.moments import CAR, CHARGER, HOUSE, MAIN_FUSE, Plant, charging, one

HARD = replace(HOUSE, circuits=(replace(MAIN_FUSE, kind=Kind.HARD, margin_a=0.0),))


def silent_about(*, allowed: bool = False, current: bool = False) -> "_Silent":
    return _Silent(allowed=allowed, current=current)


class _Silent:
    """A charger that does not tell all."""

    def __init__(self, *, allowed: bool, current: bool) -> None:
        self._allowed = allowed
        self._current = current

    def __call__(self, reading: Reading) -> Reading:
        told = reading.chargers[CAR]
        allowed, set_a = (None if self._allowed else told.allowed), (None if self._current else told.set_a)
        return replace(reading, chargers={CAR: replace(told, allowed=allowed, set_a=set_a)})


@pytest.mark.parametrize("others_a", [9.1, 9.3, 9.4])
def test_a_charger_that_is_found_a_little_above_its_share_is_lowered_too(others_a: float) -> None:
    plant = Plant(settings=HARD, others_a=others_a)
    assert plant.step() == (SetCurrent(CAR, round(25.0 - others_a, 3)),)
    assert max(plant.grid_a().values()) <= 25.0


def test_a_charger_that_is_found_a_little_below_its_share_is_left_alone() -> None:
    plant = Plant(set_a={CAR: 15.7})
    assert plant.run(60) == []


def test_a_slow_charger_is_not_switched_on_while_it_is_set_to_too_much() -> None:
    plant = Plant(settings=replace(HARD, chargers=(replace(CHARGER, write_interval_s=900.0),)), others_a=9.9)
    plant.run(300)
    plant.others_a = 20.0
    plant.run(10)
    assert not plant.allowed[CAR]
    plant.others_a = 9.9
    plant.run(620)
    assert plant.set_a[CAR] == 6.0
    plant.set_a[CAR] = 16.0
    for _ in range(1000):
        plant.step()
        assert max(plant.grid_a().values()) <= 25.0
    assert plant.drawn_a(CAR) > 12.0


def test_a_charger_that_does_not_tell_whether_it_may_charge_is_not_switched_on_at_the_start() -> None:
    plant = Plant(allowed={CAR: False}, others_a=5.0)
    plant.on_the_way = silent_about(allowed=True)
    assert AllowCharging(CAR, on=True) not in plant.run(600)


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_charger_that_does_not_tell_whether_it_may_charge_is_resumed_when_it_was_paused_from_here(
    is_restarted: bool,  # noqa: FBT001 - a parameter
) -> None:
    plant = charging(others_a=20.0)
    plant.on_the_way = silent_about(allowed=True)
    plant.run(30)
    assert not plant.allowed[CAR]
    if is_restarted:
        plant.restart()
        plant.run(30)
    plant.others_a = 1.0
    plant.run(120)
    assert plant.allowed[CAR]


@pytest.mark.parametrize("tells", [True, False])
def test_a_charger_that_is_woken_is_resumed_at_more_than_its_least(tells: bool) -> None:  # noqa: FBT001 - a parameter
    plant = charging(wants_a={CAR: 5.7})
    plant.on_the_way = silent_about(current=not tells)
    plant.run(120)
    resumed_at = next(at for at, command in plant.commands if command == AllowCharging(CAR, on=True))
    (current,) = [one for at, one in plant.commands if at == resumed_at and isinstance(one, SetCurrent)]
    assert current.current_a >= 7.0


def test_a_charger_that_pauses_by_0_a_is_not_started_by_a_stop_or_on_the_way_out() -> None:
    plant = charging(one(can_pause=False))
    plant.set_a[CAR] = 0.0
    plant.restart()
    plant.modes[CAR] = Mode.STOP
    assert plant.run(60) == []
    plant.modes[CAR] = Mode.FAST
    assert plant.step() == ()
    assert controller.farewell(plant.state, plant.settings, plant.reading()) == ()
    assert controller.farewell(State(), plant.settings, plant.reading()) == ()


def test_before_anything_was_measured_the_last_word_raises_nothing() -> None:
    generous = one(fallback_a=10.0)
    plant = Plant(settings=generous, set_a={CAR: 8.0})
    assert controller.farewell(plant.state, generous, plant.reading()) == (SetCurrent(CAR, 8.0),)
    plant.set_a[CAR] = 16.0
    assert controller.farewell(plant.state, generous, plant.reading()) == (SetCurrent(CAR, 10.0),)


def test_a_night_of_heartbeats_does_not_wear_it_out() -> None:
    plant = charging(one(heartbeat_s=60.0))
    for _ in range(1100):
        plant.step(20.0)
    plant.deaf.add(CAR)
    plant.set_a[CAR] = 10.0
    assert SetCurrent(CAR, 16.0) in plant.run(60)


def test_a_charger_that_is_deaf_for_days_does_not_wear_it_out() -> None:
    plant = charging()
    plant.deaf.add(CAR)
    plant.set_a[CAR] = 10.0
    days = 4
    for _ in range(days * 24 * 3600 // 30):
        plant.step(30.0)
    assert len(plant.commands) <= days * 24 * 12 + 6


def test_a_switch_that_does_not_obey_is_tried_ever_more_rarely_and_soon_again_once_it_has_obeyed() -> None:
    plant = charging()
    plant.deaf.add(CAR)
    plant.modes[CAR] = Mode.STOP
    assert plant.run(3600).count(AllowCharging(CAR, on=False)) <= 16
    plant.deaf.clear()
    plant.run(300)
    assert not plant.allowed[CAR]
    for _ in range(4):
        plant.allowed[CAR] = True
        assert AllowCharging(CAR, on=False) in plant.run(11)


def test_failures_to_switch_lines_do_not_wear_it_out_and_are_forgiven_when_it_works() -> None:
    switching = replace(HOUSE, chargers=(replace(CHARGER, can_switch_phases=True, max_a=32.0),))
    plant = charging(switching, phases={CAR: 3})
    memory = plant.state.chargers[CAR]
    plant.state = replace(plant.state, chargers={CAR: replace(memory, phases=PhaseState(failures=5000))})
    plant.unstoppable.add(CAR)
    plant.others_a = (2.0, 20.0, 2.0)
    plant.run(600)
    assert plant.state.chargers[CAR].phases.failures == 5001
    plant.unstoppable.clear()
    plant.run(2 * 3600)
    assert plant.phases[CAR] == 1
    assert plant.state.chargers[CAR].phases.failures == 0


def test_a_charger_that_goes_to_its_maximum_again_and_again_is_set_within_ten_seconds_each_time() -> None:
    plant = charging(one(max_a=32.0), others_a=10.0)
    for _ in range(20):
        plant.set_a[CAR] = 32.0
        plant.run(11)
        assert plant.set_a[CAR] == 13.7


def test_priorities_move_a_charger_that_is_not_in_the_way_of_a_fuse_no_more_often_than_it_takes() -> None:
    left, right = replace(CHARGER, id="left", write_interval_s=30.0), replace(CHARGER, id="right", priority=9)
    plant = charging(replace(HOUSE, chargers=(left, right)), unplugged={"right"})
    plant.others_a = 9.0
    plant.step()
    lowered_at = plant.at
    plant.unplugged.clear()
    plant.allowed["right"] = False
    times = [at for _ in range(60) for at in [plant.at + 1.0] if SetCurrent("left", 8.7) in plant.step()]
    assert all(at >= lowered_at + 30.0 for at in times)
