"""What a car does not take is no claim on the room of others, and no reason to command all the time."""

from copy import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from energy_control.balancing.decisions import AllowCharging, Command, Reason, SetCurrent, SwitchLoad
from energy_control.balancing.settings import Charger, Settings
from tests.energy_control.balancing.moments import (
    BOILER,
    BOILER_ON_L1,
    CAR,
    CHARGER,
    HOUSE,
    WITH_BOILER,
    Plant,
    charging,
    one,
)


@pytest.mark.parametrize("step_a", [0.1, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("wants_a", [5.7, 6.9, 7.0, 7.7, 9.3, 12.9])
def test_a_car_that_takes_less_is_commanded_once_and_not_again(step_a: float, wants_a: float) -> None:
    plant = Plant(settings=one(step_a=step_a), wants_a={CAR: wants_a})
    plant.run(600)
    plant.commands.clear()
    assert plant.run(3600) == []
    assert plant.set_a[CAR] >= wants_a + 1.5


def test_a_car_that_wants_more_again_is_seen_and_gets_it() -> None:
    plant = Plant(settings=one(step_a=1.0), wants_a={CAR: 7.7})
    plant.run(600)
    plant.wants_a[CAR] = 32.0
    plant.run(30)
    assert plant.set_a[CAR] == 16.0


@pytest.mark.parametrize("drawn_a", [5.6, 5.7, 6.0, 6.2])
@pytest.mark.parametrize("step_a", [0.1, 1.0, 2.0])
def test_a_car_that_is_stuck_a_little_beside_six_ampere_is_paused_for_a_moment_too(
    drawn_a: float, step_a: float
) -> None:
    plant = charging(one(step_a=step_a), wants_a={CAR: drawn_a})
    assert plant.run(300).count(AllowCharging(CAR, on=False)) == 2


def test_a_full_car_of_high_priority_keeps_no_room_from_a_boiler() -> None:
    settings = replace(WITH_BOILER, chargers=(replace(CHARGER, priority=9),))
    plant = Plant(settings=settings, wants_a={CAR: 16.0}, others_a=1.0)
    plant.run(60)
    plant.wants_a[CAR] = 0.0
    plant.run(120)
    plant.others_a = 10.0
    plant.run(3600)
    assert SwitchLoad(BOILER, on=False) not in [command for _, command in plant.commands]


def test_a_boiler_that_was_shed_comes_back_although_a_full_car_is_plugged_in() -> None:
    plant = charging(WITH_BOILER, others_a=16.0)
    assert not plant.boilers_on[BOILER]
    plant.wants_a[CAR] = 0.0
    plant.others_a = 10.0
    plant.run(600)
    assert plant.boilers_on[BOILER]


def test_a_full_car_that_begins_to_draw_again_is_balanced_again() -> None:
    plant = charging(WITH_BOILER, wants_a={CAR: 0.0}, others_a=10.0)
    plant.run(300)
    plant.wants_a[CAR] = 32.0
    plant.run(60)
    assert max(plant.grid_a().values()) <= 23.8


def test_a_full_car_behind_a_fuse_that_nobody_measures_counts_with_what_it_is_set_to() -> None:
    garage = replace(HOUSE.circuits[0], id="garage", parent="main", rating_a=10.0, lines=())
    left, right = (replace(CHARGER, id=name, circuit="garage") for name in ("a", "b"))
    settings = replace(HOUSE, circuits=(*HOUSE.circuits, garage), chargers=(left, right))
    plant = Plant(settings=settings, wants_a={"a": 0.0})
    plant.run(600)
    assert sum(plant.set_a[name] for name in ("a", "b") if plant.allowed[name]) <= 9.0


def test_a_new_car_is_not_taken_for_the_one_that_left() -> None:
    plant = charging()
    plant.unplugged.add(CAR)
    plant.run(600)
    plant.unplugged.clear()
    plant.wants_a[CAR] = 0.0  # it takes some seconds to start
    assert plant.run(20) == []
    plant.wants_a.clear()
    assert plant.run(60) == []
    assert plant.drawn_a(CAR) == 16.0


def test_a_charger_that_has_not_taken_its_current_yet_says_nothing_of_what_its_car_wants() -> None:
    plant = charging()
    plant.deaf.add(CAR)
    plant.set_a[CAR] = 6.0
    plant.run(300)
    assert plant.answer.chargers[CAR].reason is Reason.FULL_SPEED


def test_a_house_in_which_a_charger_draws_more_than_it_was_told_is_kept_within_a_power_limit() -> None:
    limited = replace(HOUSE.circuits[0], limit_w=6000.0)
    plant = Plant(settings=replace(one(), circuits=(limited,)), excess_a={CAR: 0.6})
    plant.run(120)
    assert sum(plant.grid_a().values()) * 230.0 <= 6000.0
    assert plant.answer.chargers[CAR].reason is Reason.POWER_LIMIT


@pytest.mark.parametrize(("priority", "can_pause"), [(1, False), (9, False), (9, True)])
def test_a_load_does_not_come_on_again_in_the_room_that_an_unmeasured_charger_may_never_have_used(
    priority: int,
    can_pause: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    charger = replace(CHARGER, metered=False, max_a=10.0, priority=priority, can_pause=can_pause)
    plant = Plant(settings=replace(WITH_BOILER, chargers=(charger,)), wants_a={CAR: 0.0}, others_a=20.0)
    plant.run(60)
    assert not plant.boilers_on[BOILER]
    plant.others_a = 8.0
    plant.run(600)
    assert plant.run(600) == []
    assert plant.set_a[CAR] == 10.0


@pytest.mark.parametrize(("others_a", "wants_a"), [(9.0, 0.0), (7.0, 2.0)])
def test_a_car_that_nobody_measures_makes_room_in_vain_for_a_load_at_most_once_an_hour(
    others_a: float, wants_a: float
) -> None:
    loads = (replace(BOILER_ON_L1, rated_a=16.0, priority=9),)
    charger = replace(CHARGER, metered=False, max_a=10.0)
    plant = Plant(
        settings=replace(WITH_BOILER, chargers=(charger,), loads=loads), wants_a={CAR: wants_a}, others_a=20.0
    )
    plant.run(60)
    assert not plant.boilers_on[BOILER]
    plant.others_a = others_a
    plant.run(600)
    hours = 4
    assert plant.run(hours * 3600).count(AllowCharging(CAR, on=False)) <= hours


def test_a_car_that_nobody_measures_makes_room_for_a_more_important_load_that_needs_it() -> None:
    loads = (replace(BOILER_ON_L1, rated_a=16.0, priority=9),)
    charger = replace(CHARGER, metered=False, max_a=10.0)
    plant = Plant(settings=replace(WITH_BOILER, chargers=(charger,), loads=loads), others_a=20.0)
    plant.run(60)
    plant.others_a = 5.0
    plant.run(600)
    assert plant.boilers_on[BOILER]
    assert max(plant.grid_a().values()) <= 23.75


CHARGERS = st.builds(
    Charger,
    id=st.just(CAR),
    circuit=st.just("main"),
    lines=st.sampled_from([CHARGER.lines, CHARGER.lines[:1], CHARGER.lines[1:]]),
    metered=st.booleans(),
    max_a=st.sampled_from([10.0, 16.0, 32.0]),
    step_a=st.sampled_from([0.1, 0.5, 1.0, 2.0]),
    write_interval_s=st.sampled_from([1.0, 5.0, 30.0]),
    ramp_a_per_s=st.sampled_from([0.1, 1.0]),
    can_pause=st.booleans(),
    priority=st.integers(1, 9),
)


@given(
    chargers=st.lists(CHARGERS, min_size=1, max_size=3),
    wants_a=st.lists(st.floats(0.0, 32.0), min_size=3, max_size=3),
    others_a=st.tuples(*[st.floats(-10.0, 25.0)] * 3),
    limit_w=st.none() | st.floats(1000.0, 20000.0),
    priority=st.integers(1, 9),
)
@hypothesis_settings(max_examples=60)
def test_a_house_that_does_not_change_is_left_alone_after_a_while(
    chargers: list[Charger],
    wants_a: list[float],
    others_a: tuple[float, float, float],
    limit_w: float | None,
    priority: int,
) -> None:
    """Of chargers that are measured and that are not, and of a boiler that had to make room at the beginning."""
    named = tuple(replace(charger, id=str(number)) for number, charger in enumerate(chargers))
    circuit = replace(HOUSE.circuits[0], limit_w=limit_w)
    settings = Settings(circuits=(circuit,), chargers=named, loads=(replace(BOILER_ON_L1, priority=priority),))
    plant = Plant(settings=settings, others_a=30.0)
    plant.run(20)
    plant.others_a = others_a
    plant.wants_a = {charger.id: wanted for charger, wanted in zip(named, wants_a, strict=False)}
    for _ in range(200):
        plant.step(5.0)
    late: list[Command] = [command for _ in range(100) for command in plant.step(5.0)]
    assert late == []


def test_a_car_that_takes_a_little_less_each_minute_is_followed_by_few_commands() -> None:
    plant = charging(one(step_a=0.1), wants_a={CAR: 15.0})
    for minute in range(60):
        plant.wants_a[CAR] = 15.0 - 0.1 * minute
        plant.run(60)
    assert sum(isinstance(command, SetCurrent) for _, command in plant.commands) <= 60
