"""What owners, cars and chargers do to a charger by themselves is seen, and not taken for something else."""

import msgspec
import pytest

from energy_control.balancing.controller import State
from energy_control.balancing.decisions import AllowCharging, Command, Reason, SetCurrent
from energy_control.balancing.reading import Reading
from energy_control.balancing.settings import Mode
from tests.energy_control.balancing.moments import CAR, Plant, charging, one


def off_and_on(plant: Plant) -> list[Command]:
    """What is commanded while the car is away and some minutes after it has come back."""
    plant.unplugged = {CAR}
    commands = plant.run(60)
    plant.unplugged = set()
    return commands + plant.run(300)


def test_a_charger_that_its_user_has_switched_off_charges_the_next_car() -> None:
    plant = charging()
    plant.allowed[CAR] = False
    plant.run(60)
    assert plant.answer.chargers[CAR].reason is Reason.STOPPED
    assert AllowCharging(CAR, on=True) in off_and_on(plant)


def test_a_charger_that_switches_itself_off_when_the_car_leaves_charges_the_next_one() -> None:
    plant = charging()
    plant.unplugged = {CAR}
    plant.run(5)
    plant.allowed[CAR] = False
    assert AllowCharging(CAR, on=True) in off_and_on(plant)


def test_a_pause_that_is_told_after_the_car_has_left_is_not_taken_for_its_users() -> None:
    plant = charging()
    plant.others_a = 30.0
    while plant.allowed[CAR]:
        plant.step()
    plant.unplugged, plant.allowed[CAR] = {CAR}, True
    plant.run(5)
    plant.allowed[CAR], plant.others_a = False, 1.0
    assert AllowCharging(CAR, on=True) in off_and_on(plant)


def test_a_charger_that_was_set_by_its_owner_while_it_was_left_alone_goes_on_as_it_is() -> None:
    plant = charging()
    plant.modes[CAR] = Mode.STOP
    plant.run(60)
    plant.modes[CAR] = Mode.OFF
    plant.run(60)
    plant.allowed[CAR], plant.set_a[CAR] = True, 16.0
    plant.run(600)
    plant.commands.clear()
    plant.modes[CAR] = Mode.FAST
    assert plant.run(300) == []
    assert plant.drawn_a(CAR) == 16.0


def test_a_charger_that_was_set_too_high_while_it_was_left_alone_is_lowered_at_once() -> None:
    plant = charging()
    plant.modes[CAR] = Mode.OFF
    plant.others_a = 15.0
    plant.run(60)
    plant.modes[CAR] = Mode.FAST
    assert plant.step() == (SetCurrent(CAR, 8.7),)


def test_the_current_is_set_again_after_charging_is_allowed_although_it_has_changed_meanwhile() -> None:
    plant = charging()
    plant.modes[CAR] = Mode.STOP
    plant.run(60)
    plant.modes[CAR] = Mode.FAST
    while not plant.allowed[CAR]:
        plant.step()
    allowed_at = plant.at
    plant.others_a = 10.0
    plant.run(1)
    assert (allowed_at + 1.0, SetCurrent(CAR, 13.7)) in plant.commands
    plant.run(1)
    assert plant.commands[-1][0] == allowed_at + 2.0


def test_a_charger_that_tells_no_lines_while_it_does_not_charge_is_guarded_on_all_of_them() -> None:
    def idle(reading: Reading) -> Reading:
        charger = msgspec.structs.replace(reading.chargers[CAR], phases=0)
        return msgspec.structs.replace(reading, chargers={CAR: charger})

    plant = Plant(allowed={CAR: False}, others_a=(1.0, 1.0, 15.0), on_the_way=idle)
    set_a = [command.current_a for command in plant.run(60) if isinstance(command, SetCurrent)]
    assert max(set_a) == 8.7


@pytest.mark.parametrize(("found_a", "expected_a"), [(10.5, 10.0), (6.0, 6.0), (6.7, 6.0), (16.0, 16.0), (20.0, 16.0)])
def test_what_it_is_found_at_is_commanded_in_its_own_steps(found_a: float, expected_a: float) -> None:
    settings = one(step_a=1.0, heartbeat_s=60.0)
    plant = Plant(settings=settings, set_a={CAR: found_a}, state=State(seen=True))
    assert plant.step(fresh=False) == (SetCurrent(CAR, expected_a),)


def unwatched(plant: Plant, seconds: int = 60) -> None:
    """Let time pass while control is not enabled."""
    plant.armed = False
    plant.run(seconds)
    plant.armed = True


def stays_off(plant: Plant) -> bool:
    """Tell whether it does not charge in the next ten minutes, and why is said."""
    commands = plant.run(600)
    return AllowCharging(CAR, on=True) not in commands and plant.answer.chargers[CAR].reason is Reason.STOPPED


def test_a_charger_that_its_user_switches_off_while_control_is_not_enabled_stays_off() -> None:
    plant = Plant()
    unwatched(plant)
    plant.allowed[CAR] = False
    unwatched(plant)
    assert plant.answer.chargers[CAR].reason is Reason.STOPPED
    assert stays_off(plant)


def test_a_charger_that_its_user_switches_off_while_nobody_watches_stays_off() -> None:
    plant = charging()
    plant.leave()
    plant.allowed[CAR] = False
    plant.at += 3600.0
    assert stays_off(plant)


def test_a_charger_that_its_user_switches_off_in_a_hole_of_the_measurements_stays_off() -> None:
    plant = charging()
    plant.allowed[CAR] = False
    plant.at += 3600.0
    assert stays_off(plant)


def test_a_charger_that_was_switched_off_while_control_was_not_enabled_charges_when_its_user_says_so() -> None:
    plant = Plant()
    unwatched(plant)
    plant.allowed[CAR] = False
    unwatched(plant)
    plant.modes[CAR] = Mode.STOP
    plant.run(10)
    plant.modes[CAR] = Mode.FAST
    assert AllowCharging(CAR, on=True) in plant.run(60)


def test_a_charger_that_was_switched_off_while_control_was_not_enabled_charges_the_next_car() -> None:
    plant = Plant()
    unwatched(plant)
    plant.allowed[CAR] = False
    unwatched(plant)
    assert AllowCharging(CAR, on=True) in off_and_on(plant)


def test_a_charger_that_has_been_off_ever_since_it_was_added_is_switched_on_when_control_is_enabled() -> None:
    plant = Plant(allowed={CAR: False})
    unwatched(plant)
    assert plant.answer.chargers[CAR].current_a == 16.0
    assert AllowCharging(CAR, on=True) in plant.run(60)


@pytest.mark.parametrize("unwatched_s", [0, 600])
def test_a_charger_that_was_paused_from_here_charges_again_when_control_is_enabled_again(unwatched_s: int) -> None:
    plant = charging(others_a=20.0)
    plant.run(30)
    assert not plant.allowed[CAR]
    plant.leave()
    unwatched(plant, unwatched_s)
    plant.others_a = 1.0
    assert AllowCharging(CAR, on=True) in plant.run(120)


@pytest.mark.parametrize("seconds", [1, 10, 40])
def test_a_pause_that_is_told_only_after_a_restart_is_not_taken_for_its_users(seconds: int) -> None:
    def still_on(reading: Reading) -> Reading:
        told = msgspec.structs.replace(reading.chargers[CAR], allowed=reading.at < restarted_at + seconds)
        return msgspec.structs.replace(reading, chargers={CAR: told})

    plant = charging()
    plant.others_a = 20.0
    while plant.allowed[CAR]:
        plant.step()
    restarted_at = plant.at
    plant.restart()
    plant.on_the_way, plant.others_a = still_on, 1.0
    plant.run(50)
    plant.on_the_way = lambda reading: reading
    plant.run(120)
    assert plant.allowed[CAR]
