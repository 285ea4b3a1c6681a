"""Time is measured, never assumed: after a leap or a long hole everything is looked at anew."""

from copy import replace

import pytest

from energy_control.balancing.decisions import AllowCharging, Reason, SetCurrent, SwitchLoad
from tests.energy_control.balancing.moments import BOILER, CAR, CHARGER, HOUSE, WITH_BOILER, charging


@pytest.mark.parametrize("leap_s", [-3600.0, 31.0, 3600.0])
def test_room_before_a_leap_is_none_after_it(leap_s: float) -> None:
    plant = charging(others_a=12.0)
    plant.others_a = 1.0
    plant.run(5)
    assert SetCurrent(CAR, 16.0) not in plant.step(leap_s)
    assert SetCurrent(CAR, 16.0) not in plant.run(14)
    assert SetCurrent(CAR, 16.0) in plant.run(3)


def test_after_a_leap_back_chargers_still_fall_back_in_time() -> None:
    plant = charging()
    plant.run(20, fresh=False)
    plant.step(-3600.0, fresh=False)
    assert plant.run(31, fresh=False) == [SetCurrent(CAR, 6.0)]


def test_after_a_leap_back_too_much_is_still_ended_in_time() -> None:
    plant = charging()
    plant.others_a = 18.5
    plant.run(20)
    plant.step(-3600.0)
    assert AllowCharging(CAR, on=False) in plant.run(35)


def test_after_a_leap_back_a_load_that_did_not_go_off_is_not_counted_as_gone() -> None:
    plant = charging(WITH_BOILER)
    plant.others_a = 16.0
    while SwitchLoad(BOILER, on=False) not in plant.step():
        assert plant.at < 2000.0
    plant.boilers_on[BOILER] = True
    plant.step(-3600.0)
    plant.others_a = 1.0
    for _ in range(300):
        plant.step()
        assert max(plant.grid_a().values()) <= 25.0
    assert plant.drawn_a(CAR) > 12.0


def test_a_current_is_raised_by_what_the_time_allows() -> None:
    plant = charging(replace(HOUSE, chargers=(replace(CHARGER, ramp_a_per_s=0.1),)), others_a=16.0)
    plant.others_a = 1.0
    before_a, before_at = plant.set_a[CAR], plant.at
    while plant.set_a[CAR] == before_a:
        plant.step(5.0)
        assert plant.at < before_at + 600.0
    assert plant.set_a[CAR] - before_a <= 0.1 * (plant.at - 1000.0)
    assert plant.set_a[CAR] < 16.0


def test_how_long_a_charger_has_not_obeyed_is_not_known_after_a_restart() -> None:
    plant = charging(excess_a={CAR: 4.0}, others_a=2.0)
    assert plant.answer.chargers[CAR].reason is Reason.NOT_OBEYING
    plant.restart()
    plant.run(9)
    assert plant.answer.chargers[CAR].reason is not Reason.NOT_OBEYING
    plant.run(3)
    assert plant.answer.chargers[CAR].reason is Reason.NOT_OBEYING


def test_how_long_there_was_no_room_for_a_load_is_not_known_after_a_restart() -> None:
    plant = charging(WITH_BOILER, unplugged={CAR})
    plant.others_a = 14.0
    plant.run(20)
    plant.restart()
    plant.at += 600.0
    assert plant.run(29) == []
    assert SwitchLoad(BOILER, on=False) in plant.run(3)
