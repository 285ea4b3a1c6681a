"""A relay that does not switch is tried ever more rarely, and what hangs on it counts as use meanwhile.

One that only tells late is known for what it is.
"""

from collections import deque
from collections.abc import Callable
from copy import replace

import pytest

from energy_control.balancing.decisions import LoadDecision, Reason, SwitchLoad
from energy_control.balancing.reading import Reading
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
    for _ in range(4):
        plant.boilers_on[BOILER] = True
        plant.run(15)
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


STAYS_ON = LoadDecision(on=True, reason=Reason.NOT_OBEYING)
STAYS_OFF = LoadDecision(on=False, reason=Reason.NOT_OBEYING)


def said(plant: Plant, seconds: int) -> list[LoadDecision]:
    """What is decided of the boiler in each of so many seconds."""
    found = []
    for _ in range(seconds):
        plant.step()
        found.append(plant.answer.loads[BOILER])
    return found


def test_one_that_does_not_go_off_is_said_to_disobey_until_it_goes_off() -> None:
    plant = charging(WITH_BOILER, deaf={BOILER})
    plant.others_a = 16.0
    while OFF not in plant.step():
        pass
    assert Reason.NOT_OBEYING not in {decision.reason for decision in said(plant, 4)}
    assert set(said(plant, 1800)) == {STAYS_ON}
    plant.deaf.clear()
    plant.run(310)
    assert plant.answer.loads[BOILER].reason is Reason.SHED


def test_one_that_stays_on_is_said_to_run_when_there_is_room_for_it() -> None:
    plant = charging(WITH_BOILER, deaf={BOILER})
    plant.others_a = 16.0
    plant.run(600)
    plant.others_a = 1.0
    plant.run(61)
    assert plant.answer.loads[BOILER] == LoadDecision(on=True, reason=Reason.RUNNING)


def test_one_that_does_not_come_on_again_is_said_to_disobey_until_it_comes_on() -> None:
    plant = charging(WITH_BOILER, others_a=16.0)
    plant.deaf.add(BOILER)
    plant.others_a = 1.0
    while ON not in plant.step():
        pass
    assert {decision.reason for decision in said(plant, 59)} == {Reason.RAISING}
    assert set(said(plant, 1800)) == {STAYS_OFF}
    plant.deaf.clear()
    plant.run(62)
    assert plant.answer.loads[BOILER] == LoadDecision(on=True, reason=Reason.RUNNING)


def test_one_that_comes_on_again_was_never_said_to_disobey() -> None:
    plant = charging(WITH_BOILER, others_a=16.0)
    plant.others_a = 1.0
    reasons = {decision.reason for decision in said(plant, 600)}
    assert reasons == {Reason.RESTING, Reason.RAISING, Reason.RUNNING}


def told_late(seconds: int) -> Callable[[Reading], Reading]:
    """Let a switch be polled: it tells what it was some seconds ago. Its current is measured at once."""
    told = deque[bool | None](maxlen=seconds + 1)

    def late(reading: Reading) -> Reading:
        told.append(reading.loads[BOILER].on)
        return replace(reading, loads={BOILER: replace(reading.loads[BOILER], on=told[0])})

    return late


@pytest.mark.parametrize("seconds", [3, 8, 30, 50])
def test_one_that_tells_late_that_it_went_off_comes_back(seconds: int) -> None:
    plant = charging(WITH_BOILER, on_the_way=told_late(seconds))
    plant.others_a = 20.0
    assert OFF in plant.run(120)
    plant.others_a = 1.0
    assert ON in plant.run(400)
    assert plant.boilers_on[BOILER]


def test_one_that_its_user_switches_off_long_after_it_did_not_go_off_stays_off() -> None:
    plant = charging(WITH_BOILER, deaf={BOILER})
    plant.others_a = 16.0
    plant.run(30)
    plant.others_a = 1.0
    plant.run(400)
    plant.boilers_on[BOILER] = False
    plant.deaf.clear()
    assert ON not in plant.run(600)


def test_one_that_its_user_switches_off_a_while_after_the_last_try_stays_off() -> None:
    plant = charging(WITH_BOILER, deaf={BOILER})
    plant.others_a = 16.0
    plant.run(600)
    while OFF not in plant.step():
        pass
    plant.run(61)
    plant.boilers_on[BOILER] = False
    plant.run(5)
    plant.deaf.clear()
    plant.others_a = 1.0
    assert ON not in plant.run(600)
