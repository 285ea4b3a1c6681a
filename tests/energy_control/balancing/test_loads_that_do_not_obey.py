"""A relay that does not switch is tried ever more rarely, and what hangs on it counts as use meanwhile."""

from copy import replace

import pytest

from energy_control.balancing.decisions import SwitchLoad
from energy_control.balancing.settings import Kind, OnStale
from tests.energy_control.balancing.moments import (
    BOILER,
    BOILER_ON_L1,
    CAR,
    MAIN_FUSE,
    WITH_BOILER,
    Plant,
    charging,
)

OFF, ON = SwitchLoad(BOILER, on=False), SwitchLoad(BOILER, on=True)


@pytest.mark.parametrize("kind", Kind)
def test_one_that_does_not_go_off_is_tried_ever_more_rarely(kind: Kind) -> None:
    plant = charging(replace(WITH_BOILER, circuits=(replace(MAIN_FUSE, kind=kind),)), deaf={BOILER})
    plant.others_a = 16.0
    first, *_ = (plant.at + second for second in range(3600) if OFF in plant.step())
    assert first < 1100.0
    assert 5 <= [command for _, command in plant.commands].count(OFF) <= 18
    assert not plant.allowed[CAR]


def test_one_that_goes_on_is_tried_no_more_when_there_is_room_for_it() -> None:
    plant = charging(WITH_BOILER, deaf={BOILER})
    plant.others_a = 16.0
    plant.run(600)
    plant.others_a = 1.0
    plant.commands.clear()
    plant.run(3600)
    assert OFF not in [command for _, command in plant.commands]
    assert plant.set_a[CAR] == 12.7


def test_one_that_obeys_again_is_switched_off_in_time_and_at_once_the_next_time() -> None:
    plant = charging(WITH_BOILER, deaf={BOILER})
    plant.others_a = 16.0
    plant.run(1800)
    plant.deaf.clear()
    plant.run(310)
    assert not plant.boilers_on[BOILER]
    plant.boilers_on[BOILER] = True
    plant.run(11)
    assert not plant.boilers_on[BOILER]


def test_one_that_does_not_come_on_again_is_tried_once_a_minute() -> None:
    plant = charging(WITH_BOILER, others_a=16.0)
    plant.deaf.add(BOILER)
    plant.others_a = 1.0
    plant.run(1200)
    plant.commands.clear()
    plant.run(600)
    assert [command for _, command in plant.commands].count(ON) == 10


def test_one_that_does_not_go_off_without_measurements_is_tried_ever_more_rarely() -> None:
    careful = replace(WITH_BOILER, loads=(replace(BOILER_ON_L1, on_stale=OnStale.OFF),))
    plant: Plant = charging(careful, deaf={BOILER})
    commands = plant.run(3600, fresh=False)
    assert 5 <= commands.count(OFF) <= 18
