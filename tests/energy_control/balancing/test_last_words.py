"""What is left behind when nobody watches any more is safe, and what was paused on the way out charges again."""

import pytest

from energy_control.balancing.decisions import AllowCharging, Command, Reason, SetCurrent
from energy_control.balancing.settings import Mode
from tests.energy_control.balancing.moments import CAR, Plant, charging, one
from tests.energy_control.balancing.test_what_is_sent import silent_about

SLOW = one(write_interval_s=900.0)
OFF = AllowCharging(CAR, on=False)
LEAST = SetCurrent(CAR, 6.0)


def just_set(**changed: object) -> Plant:
    """A slow charger that has been lowered to 11.7 A, and would refuse another current now."""
    plant = Plant(settings=one(write_interval_s=900.0, **changed), others_a=12.0)
    plant.run(60)
    assert plant.set_a[CAR] == 11.7
    return plant


def test_a_slow_charger_that_cannot_be_set_yet_pauses() -> None:
    assert just_set().leave() == (OFF,)


def test_a_slow_charger_that_can_be_set_is_set() -> None:
    plant = just_set()
    plant.run(900)
    assert plant.leave() == (LEAST,)


def test_a_slow_charger_without_a_switch_is_asked_all_the_same() -> None:
    assert just_set(can_pause=False).leave() == (LEAST,)


@pytest.mark.parametrize("tells", [True, False])
def test_a_slow_charger_that_is_at_its_fallback_is_left_alone(tells: bool) -> None:  # noqa: FBT001 - a parameter
    plant = Plant(settings=SLOW, others_a=17.7)
    plant.on_the_way = silent_about(current=not tells)
    plant.run(60)
    assert plant.set_a[CAR] == 6.0
    assert plant.leave() == ()


def test_a_slow_charger_that_still_tells_more_than_its_fallback_pauses() -> None:
    plant = Plant(settings=SLOW, others_a=17.7)
    plant.run(60)
    plant.set_a[CAR] = 16.0
    assert plant.leave() == (OFF,)


def test_a_slow_charger_that_was_told_more_than_it_tells_pauses() -> None:
    plant = just_set()
    plant.set_a[CAR] = 6.0
    assert plant.leave() == (OFF,)


def test_a_prompt_charger_is_told_its_fallback_once_more() -> None:
    plant = charging(others_a=17.0)
    assert plant.leave() == (LEAST,)


@pytest.mark.parametrize("fallback_a", [0.0, 6.0])
def test_what_was_paused_on_the_way_out_charges_again(fallback_a: float) -> None:
    plant = just_set(fallback_a=fallback_a)
    assert plant.leave() == (OFF,)
    plant.at += 3600.0
    commands: list[Command] = plant.run(1000)
    assert AllowCharging(CAR, on=True) in commands
    assert plant.answer.chargers[CAR].reason is not Reason.STOPPED


def test_what_has_not_paused_yet_is_told_so_once_more() -> None:
    plant = charging(deaf={CAR})
    plant.modes[CAR] = Mode.STOP
    plant.run(3)
    plant.deaf.clear()
    assert plant.leave() == (OFF,)


def test_what_was_stopped_stays_so_over_the_last_words() -> None:
    plant = charging()
    plant.modes[CAR] = Mode.STOP
    plant.run(60)
    assert plant.leave() == ()
    assert plant.run(600) == []
