"""Chargers as they are: some reset, round, stick, refuse or ignore; some are switched by their users."""

from itertools import pairwise

import msgspec
import pytest

from energy_control.balancing.decisions import AllowCharging, Command, Reason, SetCurrent
from energy_control.balancing.settings import Charger, Mode, Settings
from tests.energy_control.balancing.moments import BOILER, CAR, CHARGER, HOUSE, MAIN_FUSE, WITH_BOILER, Plant, charging


def one(**changed: object) -> Settings:
    return msgspec.structs.replace(HOUSE, chargers=(msgspec.structs.replace(CHARGER, **changed),))


def paused(settings: Settings = HOUSE) -> Plant:
    """A car that has had to pause, and has room again."""
    plant = charging(settings)
    plant.others_a = 20.0
    plant.run(30)
    plant.others_a = 5.0
    plant.commands.clear()
    return plant


def test_its_current_is_set_before_charging_is_allowed_and_again_two_seconds_after() -> None:
    plant = paused()
    plant.run(100)
    (set_at, first), (allowed_at, second), (again_at, third) = plant.commands[:3]
    assert (first, second, third) == (SetCurrent(CAR, 16.0), AllowCharging(CAR, on=True), SetCurrent(CAR, 16.0))
    assert (allowed_at, again_at) == (set_at, set_at + 2.0)


def test_a_charger_that_resets_to_its_maximum_is_set_again() -> None:
    plant = charging(one(max_a=32.0), others_a=10.0)
    assert plant.set_a[CAR] == 13.7
    plant.set_a[CAR] = 32.0
    commands = plant.run(12)
    assert commands[0] == SetCurrent(CAR, 13.7)
    assert plant.set_a[CAR] == 13.7


def test_a_charger_that_says_less_than_it_was_set_to_is_asked_ever_more_rarely() -> None:
    plant = charging(others_a=1.0)
    plant.deaf.add(CAR)
    plant.set_a[CAR] = 10.0
    assert len(plant.run(3600)) < 20


@pytest.mark.parametrize(("step_a", "expected"), [(0.1, 11.7), (1.0, 11.0), (2.0, 10.0), (4.0, 8.0)])
def test_a_current_is_rounded_down_to_the_chargers_step(step_a: float, expected: float) -> None:
    plant = charging(one(step_a=step_a))
    plant.others_a = 12.0
    plant.step()
    assert plant.set_a[CAR] == expected


def test_a_heartbeat_is_sent_three_times_within_its_time() -> None:
    plant = charging(one(heartbeat_s=60.0))
    plant.run(200)
    times = [at for at, command in plant.commands if command == SetCurrent(CAR, 16.0)]
    assert len(times) == 10
    assert {later - earlier for earlier, later in pairwise(times)} == {20.0}


def test_a_car_that_is_stuck_at_the_least_is_paused_for_a_moment_at_most_twice() -> None:
    plant = charging()
    plant.wants_a[CAR] = 6.0
    plant.run(3600)
    kicks = [at for at, command in plant.commands if command == AllowCharging(CAR, on=False)]
    resumed = [at for at, command in plant.commands if command == AllowCharging(CAR, on=True)]
    assert len(kicks) == 2
    assert [back - kick for kick, back in zip(kicks, resumed, strict=True)] == [10.0, 10.0]
    assert plant.answer.chargers[CAR].reason is Reason.CAR_LIMIT


def test_a_charger_that_does_not_obey_is_said_so_and_others_make_room() -> None:
    other = msgspec.structs.replace(CHARGER, id="other")
    plant = charging(msgspec.structs.replace(HOUSE, chargers=(CHARGER, other)))
    plant.deaf.add(CAR)
    plant.set_a[CAR] = 16.0
    plant.others_a = 1.0
    plant.run(120)
    assert plant.answer.chargers[CAR].reason is Reason.NOT_OBEYING
    assert max(plant.grid_a().values()) <= 23.8
    assert plant.set_a["other"] == pytest.approx(6.7, abs=0.1)


def test_a_charger_that_does_not_obey_gets_no_more_time_for_being_told_again() -> None:
    """A load makes room for it as soon as the time is over that it had at first, and not once for each attempt."""
    plant = charging(WITH_BOILER, others_a=-11.0)
    plant.deaf.add(CAR)
    plant.others_a = 4.0
    plant.run(14)
    assert not plant.boilers_on[BOILER]


def test_a_charger_that_cannot_be_reached_is_sent_nothing_and_counts_as_use() -> None:
    other = msgspec.structs.replace(CHARGER, id="other")
    plant = charging(msgspec.structs.replace(HOUSE, chargers=(CHARGER, other)))
    plant.gone.add(CAR)
    plant.others_a = 3.0
    assert CAR not in {command.charger for command in plant.run(120) if isinstance(command, SetCurrent)}
    assert plant.answer.chargers[CAR].reason is Reason.UNREACHABLE
    assert max(plant.grid_a().values()) <= 23.8


def test_a_charger_that_is_switched_off_by_its_user_stays_off_until_it_is_switched_on() -> None:
    plant = charging()
    plant.allowed[CAR] = False
    assert AllowCharging(CAR, on=True) not in plant.run(600)
    assert plant.answer.chargers[CAR].reason is Reason.STOPPED
    plant.allowed[CAR] = True
    plant.run(60)
    assert plant.answer.chargers[CAR].reason is Reason.FULL_SPEED


def test_what_its_user_has_switched_off_stays_off_over_a_restart() -> None:
    plant = charging()
    plant.allowed[CAR] = False
    plant.run(60)
    plant.restart()
    assert AllowCharging(CAR, on=True) not in plant.run(600)


def test_stop_pauses_and_fast_resumes_without_a_rest() -> None:
    plant = charging()
    plant.modes[CAR] = Mode.STOP
    assert plant.step()[0] == AllowCharging(CAR, on=False)
    plant.run(5)
    plant.modes[CAR] = Mode.FAST
    assert AllowCharging(CAR, on=True) in plant.run(17)


def test_off_leaves_it_alone_and_counts_it_as_use() -> None:
    plant = charging()
    plant.modes[CAR] = Mode.OFF
    plant.others_a = 20.0
    assert plant.run(60) == []
    assert plant.answer.chargers[CAR].reason is Reason.UNCONTROLLED


def test_what_its_user_wants_at_most_limits() -> None:
    plant = charging()
    plant.wishes[CAR] = 9.0
    plant.run(10)
    assert (plant.set_a[CAR], plant.answer.chargers[CAR].reason) == (9.0, Reason.USER_LIMIT)


def test_nothing_is_sent_while_no_car_is_there() -> None:
    plant = Plant(unplugged={CAR})
    plant.others_a = 22.0
    assert plant.run(600) == []
    assert plant.answer.chargers[CAR].reason is Reason.NO_CAR


def test_a_slow_charger_is_set_no_more_often_than_it_takes_and_pauses_in_between() -> None:
    plant = charging(one(write_interval_s=900.0))
    plant.run(900)
    plant.others_a = 12.0
    plant.run(20)
    assert plant.set_a[CAR] == 11.7 or not plant.allowed[CAR]
    for others_a in (14.0, 10.0, 13.0, 4.0, 12.0) * 20:
        plant.others_a = others_a
        plant.run(60)
    times = [at for at, command in plant.commands if isinstance(command, SetCurrent)]
    assert all(later - earlier >= 900.0 for earlier, later in pairwise(times))
    assert max(plant.grid_a().values()) <= 25.0


def test_a_charger_without_a_switch_is_lowered_to_its_least_and_loads_make_room() -> None:
    plant = charging(one(can_pause=False))
    plant.others_a = 20.0
    commands: list[Command] = plant.run(60)
    assert {type(command) for command in commands} == {SetCurrent}
    assert plant.set_a[CAR] == 6.0


def test_settings_that_are_not_urgent_keep_their_distance() -> None:
    settings = Settings(
        circuits=(MAIN_FUSE,), chargers=(Charger(id=CAR, circuit="main", lines=CHARGER.lines, metered=True),)
    )
    plant = charging(settings)
    for minute in range(30):
        plant.others_a = 8.0 + 0.05 * (minute % 7)
        plant.run(60)
    times = [at for at, _ in plant.commands]
    assert all(later - earlier >= 5.0 for earlier, later in pairwise(times))


def test_a_house_that_does_not_change_is_not_commanded() -> None:
    plant = charging(others_a=12.0)
    assert plant.run(3600) == []
