"""Chargers whose step does not divide their least: only what they can be set to is granted, commanded and counted."""

from copy import replace

import pytest

from energy_control.balancing import controller
from energy_control.balancing.arming import Obstacle, Refusal, faults
from energy_control.balancing.decisions import AllowCharging, SetCurrent
from tests.energy_control.balancing.moments import (
    BOILER,
    CAR,
    CHARGER,
    HOUSE,
    MAIN_FUSE,
    WITH_BOILER,
    Plant,
    charging,
    one,
)

COARSE = [(2.5, 7.5), (4.0, 8.0), (5.0, 10.0), (16.0, 16.0)]


def set_to(plant: Plant) -> set[float]:
    return {command.current_a for _, command in plant.commands if isinstance(command, SetCurrent)}


@pytest.mark.parametrize(("step_a", "least_a"), [(0.1, 6.0), (1.0, 6.0), (2.0, 6.0), *COARSE])
def test_the_least_is_the_first_step_that_is_not_below_6_a(step_a: float, least_a: float) -> None:
    assert replace(CHARGER, step_a=step_a).least_a == least_a


@pytest.mark.parametrize("can_pause", [True, False])
@pytest.mark.parametrize(("step_a", "least_a"), COARSE)
def test_it_is_never_told_a_current_between_its_steps(
    step_a: float,
    least_a: float,
    can_pause: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    plant = Plant(settings=one(step_a=step_a, can_pause=can_pause, heartbeat_s=30.0))
    for others_a in (1.0, 5.0, 9.0, 14.0, 17.0, 19.0, 30.0, 12.0, 1.0):
        plant.others_a = others_a
        plant.run(90)
    plant.run(60, fresh=False)
    told = set_to(plant)
    told |= {
        one.current_a
        for one in controller.farewell(plant.state, plant.settings, plant.reading())
        if isinstance(one, SetCurrent)
    }
    assert told
    assert all(current_a >= least_a and current_a % step_a == 0.0 for current_a in told)


def test_it_is_not_resumed_on_less_than_it_can_be_set_to() -> None:
    plant = charging(one(step_a=4.0), others_a=20.0)
    assert not plant.allowed[CAR]
    plant.others_a = 16.5
    plant.run(300)
    assert not plant.allowed[CAR]
    plant.others_a = 15.5
    plant.run(300)
    assert plant.drawn_a(CAR) == 8.0


def test_a_load_does_not_lose_its_room_to_a_charger_that_cannot_use_it() -> None:
    settings = replace(
        WITH_BOILER,
        chargers=(replace(CHARGER, step_a=4.0, priority=9),),
        loads=(replace(WITH_BOILER.loads[0], rated_a=5.0),),
    )
    plant = charging(settings, others_a=16.0)
    plant.run(600)
    assert not plant.allowed[CAR]
    assert plant.boilers_on[BOILER]


def test_what_it_cannot_use_of_the_most_that_its_user_wants_is_for_others() -> None:
    left, right = replace(CHARGER, id="left", step_a=4.0), replace(CHARGER, id="right")
    plant = Plant(settings=replace(HOUSE, chargers=(left, right)), wishes={"left": 11.0}, others_a=1.0)
    plant.run(300)
    assert (plant.set_a["left"], plant.set_a["right"]) == (8.0, 14.7)


def test_one_that_somebody_sets_to_more_is_set_again() -> None:
    plant = charging(one(step_a=4.0), others_a=12.0)
    assert plant.set_a[CAR] == 8.0
    plant.set_a[CAR] = 10.0
    plant.run(12)
    assert plant.set_a[CAR] == 8.0


def test_a_fallback_below_its_first_step_is_a_pause() -> None:
    plant = charging(one(step_a=4.0, fallback_a=6.0))
    assert controller.farewell(plant.state, plant.settings, plant.reading()) == (AllowCharging(CAR, on=False),)
    plant.run(60, fresh=False)
    assert not plant.allowed[CAR]


@pytest.mark.parametrize(("step_a", "max_a", "rating_a"), [(4.0, 7.0, 25.0), (4.0, 16.0, 8.9), (16.0, 10.0, 25.0)])
def test_one_that_can_never_be_set_to_anything_is_refused(step_a: float, max_a: float, rating_a: float) -> None:
    settings = replace(one(step_a=step_a, max_a=max_a), circuits=(replace(MAIN_FUSE, rating_a=rating_a),))
    assert faults(settings) == (Refusal(Obstacle.TOO_SMALL, CAR),)
