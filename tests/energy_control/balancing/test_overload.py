"""Too much is answered in the step that shows it, and what is free is given back when it has lasted."""

import msgspec
import pytest

from energy_control.balancing.decisions import AllowCharging, Reason, SetCurrent, SwitchLoad
from energy_control.balancing.settings import Kind, Settings
from tests.energy_control.balancing.moments import (
    BOILER,
    BOILER_ON_L1,
    CAR,
    CHARGER,
    HOUSE,
    L1,
    L2,
    MAIN,
    MAIN_FUSE,
    WITH_BOILER,
    Plant,
    charging,
)


def test_a_house_with_room_for_all_is_left_alone() -> None:
    plant = Plant()
    assert plant.run(600) == []
    assert plant.answer.chargers[CAR].reason is Reason.FULL_SPEED


def test_a_charger_is_lowered_in_the_step_that_shows_the_overload() -> None:
    plant = charging()
    plant.others_a = (12.0, 1.0, 1.0)
    (command,) = plant.step()
    assert command == SetCurrent(CAR, 11.7)
    decision = plant.answer.chargers[CAR]
    assert (decision.current_a, decision.reason, decision.limited_by) == (11.7, Reason.CIRCUIT_LIMIT, MAIN)
    assert plant.answer.circuits[MAIN].overloaded
    plant.step()
    assert not plant.answer.circuits[MAIN].overloaded
    assert plant.answer.circuits[MAIN].headroom_a[L1] == pytest.approx(0.05)


def test_a_second_overload_right_after_the_first_is_answered_at_once_too_and_without_a_pause() -> None:
    plant = charging()
    plant.others_a = 12.0
    plant.step()
    plant.others_a = 14.0
    assert plant.step() == (SetCurrent(CAR, 9.7),)


def test_what_becomes_free_is_given_when_it_has_lasted_and_as_much_as_there_was_all_the_time() -> None:
    plant = charging()
    plant.others_a = 12.0
    plant.step()
    plant.others_a = 4.0
    assert plant.run(10) == []
    plant.others_a = 9.0
    assert plant.answer.chargers[CAR].reason is Reason.RAISING
    assert plant.run(5) == []
    assert plant.step() == (SetCurrent(CAR, 14.7),)


def test_room_that_goes_away_again_is_not_given() -> None:
    plant = charging()
    plant.others_a = 12.0
    plant.step()
    for _ in range(20):
        plant.others_a = 4.0
        assert plant.run(10) == []
        plant.others_a = 12.0
        assert plant.run(2) == []


def test_it_pauses_when_less_than_the_least_is_left_and_for_at_least_a_minute() -> None:
    plant = charging()
    plant.others_a = 20.0
    assert AllowCharging(CAR, on=False) in plant.run(10)
    plant.step()
    assert plant.answer.chargers[CAR].reason is Reason.NO_ROOM
    paused_at = next(at for at, command in plant.commands if command == AllowCharging(CAR, on=False))
    plant.others_a = 1.0
    plant.run(30)
    decision = plant.answer.chargers[CAR]
    assert (decision.reason, decision.next_at) == (Reason.RESTING, paused_at + 60.0)
    plant.run(60)
    resumed_at = next(at for at, command in plant.commands if command == AllowCharging(CAR, on=True))
    assert resumed_at == paused_at + 60.0


def test_within_the_margin_of_a_fuse_it_stays_at_its_least_for_half_a_minute() -> None:
    plant = charging()
    plant.others_a = 18.5
    assert plant.step() == (SetCurrent(CAR, 6.0),)
    assert plant.run(29) == []
    assert AllowCharging(CAR, on=False) in plant.run(3)


def test_above_the_rating_it_pauses_within_seconds() -> None:
    plant = charging()
    plant.others_a = 20.0
    plant.step()
    assert AllowCharging(CAR, on=False) in plant.run(6)


def test_above_a_hard_limit_it_pauses_at_once() -> None:
    hard = msgspec.structs.replace(MAIN_FUSE, kind=Kind.HARD)
    plant = charging(Settings(circuits=(hard,), chargers=(CHARGER,)))
    plant.others_a = 18.0
    assert plant.step()[0] == AllowCharging(CAR, on=False)


def test_a_load_is_only_switched_off_when_chargers_have_made_room() -> None:
    plant = charging(WITH_BOILER)
    plant.others_a = 10.0
    commands = plant.run(60)
    assert BOILER not in {command.load for command in commands if isinstance(command, SwitchLoad)}
    plant.others_a = 16.0
    assert SwitchLoad(BOILER, on=False) in plant.run(10)
    assert not plant.allowed[CAR]


def test_a_load_comes_back_when_there_is_room_and_its_shortest_pause_has_passed() -> None:
    plant = charging(WITH_BOILER)
    plant.others_a = 16.0
    plant.run(10)
    shed_at = next(at for at, command in plant.commands if command == SwitchLoad(BOILER, on=False))
    plant.others_a = 1.0
    plant.run(400)
    back_at = next(at for at, command in plant.commands if command == SwitchLoad(BOILER, on=True))
    assert back_at == shed_at + BOILER_ON_L1.min_off_s


def test_a_load_that_its_user_has_switched_off_stays_off() -> None:
    plant = charging(WITH_BOILER)
    plant.boilers_on[BOILER] = False
    assert SwitchLoad(BOILER, on=True) not in plant.run(600)
    assert plant.answer.loads[BOILER].reason is Reason.STOPPED


@pytest.mark.parametrize(("priority", "first_off"), [(9, CAR), (1, BOILER)], ids=["boiler first", "car first"])
def test_who_has_the_higher_priority_is_served_first(priority: int, first_off: str) -> None:
    boiler = msgspec.structs.replace(BOILER_ON_L1, priority=priority)
    plant = charging(msgspec.structs.replace(WITH_BOILER, loads=(boiler,)))
    plant.others_a = (12.0, 1.0, 1.0)
    plant.run(60)
    off = CAR if not plant.allowed[CAR] else BOILER
    assert off == first_off
    assert plant.allowed[CAR] is not plant.boilers_on[BOILER]


def test_export_never_switches_anything_off_and_is_told() -> None:
    plant = charging(WITH_BOILER)
    plant.others_a = -60.0
    assert {type(command) for command in plant.run(120)} <= {SetCurrent}
    answer = plant.answer.circuits[MAIN]
    assert (answer.overloaded, answer.export_overloaded) == (False, True)
    assert plant.boilers_on[BOILER]


def test_a_power_limit_guards_all_lines_together() -> None:
    limited = msgspec.structs.replace(MAIN_FUSE, limit_w=6900.0)
    plant = Plant(settings=Settings(circuits=(limited,), chargers=(CHARGER,)), others_a=1.0)
    plant.run(60)
    decision = plant.answer.chargers[CAR]
    assert (decision.current_a, decision.reason) == (9.0, Reason.POWER_LIMIT)
    assert plant.answer.circuits[MAIN].headroom_w == pytest.approx(0.0)


def test_a_one_phase_car_is_only_limited_by_its_line() -> None:
    one = msgspec.structs.replace(CHARGER, lines=(L1,), max_a=32.0)
    plant = charging(msgspec.structs.replace(HOUSE, chargers=(one,)), others_a=(1.0, 22.0, 22.0))
    assert plant.set_a[CAR] == 22.7
    assert plant.answer.chargers[CAR].phases == 1


def test_a_car_that_takes_less_leaves_the_rest_to_others() -> None:
    chargers = tuple(msgspec.structs.replace(CHARGER, id=name) for name in ("a", "b"))
    plant = Plant(settings=msgspec.structs.replace(HOUSE, chargers=chargers), wants_a={"a": 7.0}, others_a=1.0)
    plant.run(200)
    assert plant.answer.chargers["a"].reason is Reason.CAR_LIMIT
    assert plant.set_a["b"] == pytest.approx(13.6)


def test_equals_share_alike_and_the_higher_priority_takes_first() -> None:
    left, right = (msgspec.structs.replace(CHARGER, id=name) for name in ("a", "b"))
    plant = Plant(settings=msgspec.structs.replace(HOUSE, chargers=(left, right)))
    plant.run(200)
    assert (plant.set_a["a"], plant.set_a["b"]) == (11.3, 11.3)
    right = msgspec.structs.replace(right, priority=9)
    plant = Plant(settings=msgspec.structs.replace(HOUSE, chargers=(left, right)))
    plant.run(200)
    assert (plant.set_a["a"], plant.set_a["b"]) == (6.7, 16.0)


def test_nobody_is_given_more_before_who_must_make_room_has_come_down() -> None:
    left = msgspec.structs.replace(CHARGER, id="slow", response_s=30.0)
    right = msgspec.structs.replace(CHARGER, id="urgent", priority=9)
    settings = msgspec.structs.replace(HOUSE, chargers=(left, right))
    plant = Plant(settings=settings, unplugged={"urgent"}, allowed={"urgent": False}, lags_s={"slow": 25.0})
    plant.run(60)
    assert plant.drawn_a("slow") == 16.0
    plant.unplugged.clear()
    for _ in range(120):
        plant.step()
        assert max(plant.grid_a().values()) <= 25.0
    assert plant.drawn_a("urgent") == 16.0


def test_a_charger_that_is_wired_otherwise_than_was_said_is_guarded_where_it_draws() -> None:
    said = msgspec.structs.replace(CHARGER, lines=(L1,), max_a=32.0)
    plant = Plant(settings=msgspec.structs.replace(HOUSE, chargers=(said,)), wired_otherwise={CAR: (L2,)})
    plant.others_a = (1.0, 12.0, 1.0)
    plant.run(60)
    assert plant.set_a[CAR] == 11.7
    assert max(plant.grid_a().values()) <= 23.75
