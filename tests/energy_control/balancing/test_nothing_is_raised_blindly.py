"""While something that limits a charger is not seen it may only come down, and what was not seen has not lasted."""

from copy import replace

import msgspec
import pytest

from energy_control.balancing.decisions import AllowCharging, Command, Reason, SetCurrent, SetPhases
from energy_control.balancing.phase_switching import Stage
from energy_control.balancing.reading import Limit, Reading
from energy_control.balancing.settings import Mode
from tests.energy_control.balancing.moments import (
    BOILER,
    CAR,
    CHARGER,
    HOUSE,
    L1,
    L2,
    L3,
    MAIN,
    WITH_BOILER,
    Plant,
    charging,
    one,
)


def until(plant: Plant, command: Command) -> None:
    """Live until something is commanded."""
    assert any(command in plant.step() for _ in range(600))


def with_car(reading: Reading, **changed: object) -> Reading:
    return replace(reading, chargers={CAR: msgspec.structs.replace(reading.chargers[CAR], **changed)})


def test_room_that_was_only_seen_before_and_after_a_silence_has_not_lasted() -> None:
    plant = charging(others_a=12.0)
    plant.others_a = 1.0
    assert plant.run(5) == []
    assert plant.run(20, fresh=False) == []
    assert plant.run(15) == []
    assert plant.step() == (SetCurrent(CAR, 16.0),)


def test_room_for_a_load_that_was_only_seen_before_and_after_a_silence_has_not_lasted() -> None:
    plant = charging(WITH_BOILER, others_a=16.0)
    plant.others_a = 1.0
    plant.run(110)
    plant.blind = {L1}
    plant.run(29)
    plant.blind = set()
    plant.commands.clear()
    plant.run(15)
    assert not plant.boilers_on[BOILER]
    plant.step()
    assert plant.boilers_on[BOILER]


@pytest.mark.parametrize("gone", ["unplugged", "gone"])
def test_room_before_a_car_was_away_is_none_after_it(gone: str) -> None:
    plant = charging(others_a=12.0)
    plant.others_a = 1.0
    plant.run(5)
    getattr(plant, gone).add(CAR)
    plant.run(60)
    getattr(plant, gone).clear()
    assert SetCurrent(CAR, 16.0) not in plant.run(15)


def test_a_charger_that_says_less_than_it_was_set_to_is_not_set_again_without_measurements() -> None:
    plant = charging()
    plant.set_a[CAR] = 10.0
    assert plant.run(29, fresh=False) == []
    assert plant.step() == (SetCurrent(CAR, 16.0),)


def test_a_charger_that_says_more_than_it_was_set_to_is_set_again_without_measurements_too() -> None:
    plant = charging(one(max_a=32.0), others_a=10.0)
    plant.set_a[CAR] = 32.0
    assert plant.step(fresh=False) == (SetCurrent(CAR, 13.7),)


def test_a_charger_that_was_paused_to_wake_it_up_is_not_resumed_without_measurements() -> None:
    plant = charging(wants_a={CAR: 6.0})
    until(plant, AllowCharging(CAR, on=False))
    assert plant.run(29, fresh=False) == []
    assert AllowCharging(CAR, on=True) in plant.step()


def test_a_switch_that_did_not_take_its_command_is_not_switched_on_without_measurements() -> None:
    plant = charging(others_a=20.0)
    plant.others_a = 1.0
    plant.deaf.add(CAR)
    until(plant, AllowCharging(CAR, on=True))
    assert AllowCharging(CAR, on=True) not in plant.run(29, fresh=False)
    assert AllowCharging(CAR, on=True) in plant.run(2)


def test_a_heartbeat_goes_on_without_measurements() -> None:
    plant = charging(one(heartbeat_s=60.0))
    assert set(plant.run(25, fresh=False)) == {SetCurrent(CAR, 16.0)}
    assert set(plant.run(60, fresh=False)) == {SetCurrent(CAR, 6.0)}


def test_what_a_charger_might_be_set_to_is_not_commanded_without_measurements() -> None:
    plant = Plant(blind={L2}, set_a={CAR: 6.0})
    plant.on_the_way = lambda reading: with_car(reading, set_a=None)
    assert plant.run(30) == []
    assert plant.run(2) == [SetCurrent(CAR, 6.0)]


@pytest.mark.parametrize(("limit", "expected"), [(Limit(current_a=10.0), 10.0), (Limit(power_w=6210.0), 9.0)])
def test_a_limit_from_outside_counts_without_measurements_as_if_the_house_drew_nothing_else(
    limit: Limit, expected: float
) -> None:
    plant = charging()
    plant.limit = limit
    assert plant.step(fresh=False) == (SetCurrent(CAR, expected),)
    plant.limit = Limit(current_a=0.0)
    assert plant.step(fresh=False)[0] == AllowCharging(CAR, on=False)


def test_a_limit_from_outside_that_forbids_all_is_above_the_fallback() -> None:
    plant = charging()
    plant.run(60, fresh=False)
    assert plant.set_a[CAR] == 6.0
    plant.limit = Limit(current_a=5.0)
    assert plant.step(fresh=False)[0] == AllowCharging(CAR, on=False)
    assert plant.answer.chargers[CAR].reason is Reason.FALLBACK


def test_a_slow_charger_that_cannot_be_set_to_its_fallback_yet_pauses() -> None:
    plant = charging(one(write_interval_s=900.0), others_a=12.0)
    plant.others_a = 1.0
    plant.run(1000)
    assert plant.set_a[CAR] == 16.0
    assert AllowCharging(CAR, on=False) in plant.run(60, fresh=False)
    assert plant.drawn_a(CAR) == 0.0


def test_a_line_that_is_missing_for_a_moment_does_not_make_its_breaker_cold() -> None:
    plant = charging(others_a=8.6)
    for second in range(30):
        plant.blind = {L2} if second % 2 else set()
        plant.deaf.add(CAR)
        plant.others_a = (1.0, 20.0, 1.0)
        plant.step()
    assert plant.answer.circuits[MAIN].trip_risk == 1.0


class TestWhileItsLinesAreSwitched:
    """Lines are switched only when somebody has seen all the time that no current flows."""

    settings = replace(HOUSE, chargers=(replace(CHARGER, can_switch_phases=True, max_a=32.0, lines=(L2, L3, L1)),))

    def stopping(self) -> Plant:
        """Return a plant whose charger has stopped for that, a moment ago."""
        plant = charging(self.settings, phases={CAR: 3})
        plant.others_a = (20.0, 2.0, 2.0)
        while CAR not in plant.state.chargers or plant.state.chargers[CAR].phases.stage is Stage.STEADY:
            plant.step()
        plant.run(3)
        return plant

    def test_a_silence_in_the_middle_gives_it_up(self) -> None:
        plant = self.stopping()
        plant.run(20, fresh=False)
        assert not _switches(plant.run(9))
        assert plant.answer.chargers[CAR].reason is not Reason.SWITCHING_PHASES

    @pytest.mark.parametrize("mode", [Mode.OFF, Mode.STOP])
    def test_its_user_who_wants_something_else_gives_it_up(self, mode: Mode) -> None:
        plant = self.stopping()
        plant.modes[CAR] = mode
        assert not _switches(plant.run(60))
        plant.modes[CAR] = Mode.FAST
        plant.on_the_way = _drawing_nothing_and_then(plant, 16.0)
        assert not _switches(plant.run(9))

    def test_a_ct_that_is_missing_on_one_of_its_lines_gives_it_up(self) -> None:
        plant = self.stopping()
        plant.on_the_way = lambda reading: with_car(reading, current_a={L2: 0.0, L3: 0.0})
        assert not _switches(plant.run(600))

    def test_a_ct_that_is_the_wrong_way_round_does_not_count_as_no_current(self) -> None:
        plant = self.stopping()
        plant.on_the_way = lambda reading: with_car(reading, current_a={L1: -16.0, L2: -16.0, L3: -16.0})
        assert not _switches(plant.run(600))


def _switches(commands: list[Command]) -> list[Command]:
    return [command for command in commands if isinstance(command, SetPhases)]


def _drawing_nothing_and_then(plant: Plant, later_a: float) -> "_Car":
    return _Car(plant.at, later_a)


class _Car:
    """Draws nothing for five seconds, and then something, whatever its charger was told."""

    def __init__(self, begin: float, later_a: float) -> None:
        self._begin = begin
        self._later_a = later_a

    def __call__(self, reading: Reading) -> Reading:
        drawn_a = 0.0 if reading.at - self._begin <= 5.0 else self._later_a
        return with_car(reading, current_a={L1: drawn_a, L2: drawn_a, L3: drawn_a})
