"""What users of other products complained of or asked for, as scenarios; numbered as in facts on peers, §3."""

from itertools import pairwise

import msgspec
import pytest

from energy_control.balancing import controller
from energy_control.balancing.arming import Obstacle, Refusal, Supply, refusals
from energy_control.balancing.decisions import AllowCharging, Command, Reason, SetCurrent, SetPhases
from energy_control.balancing.reading import ChargerReading, CircuitReading, Reading
from energy_control.balancing.settings import Kind, Mode, Settings
from mqtt_schema.model import Identity
from smappee_gateway.session import Session
from smappee_gateway.updates import IdentityUpdate, ReadingsUpdate
from tests import genius
from tests.energy_control.balancing.moments import CAR, CHARGER, HOUSE, L1, MAIN, MAIN_FUSE, Plant, charging


def fine(**changed: object) -> Settings:
    return msgspec.structs.replace(HOUSE, chargers=(msgspec.structs.replace(CHARGER, **changed),))


class TestWish13:
    """Finer control of the current; set-points that are ignored; stuck at 6 A; back to 32 A when switched on."""

    def test_a_tenth_of_an_ampere_is_used_where_a_charger_takes_it(self) -> None:
        plant = charging(fine(step_a=0.1), others_a=10.4)
        assert plant.set_a[CAR] == 13.3

    def test_a_charger_that_is_stuck_at_six_ampere_is_paused_for_a_moment(self) -> None:
        plant = charging()
        plant.wants_a[CAR] = 6.0
        commands = plant.run(130)
        assert commands.count(AllowCharging(CAR, on=False)) == 1
        assert commands.count(AllowCharging(CAR, on=True)) == 1

    def test_a_charger_that_goes_to_its_maximum_when_it_is_switched_on_is_set_again(self) -> None:
        plant = charging(fine(max_a=32.0), others_a=10.0)
        plant.others_a = 20.0
        plant.run(30)
        plant.others_a = 10.0
        while not plant.allowed[CAR]:
            plant.step()
        plant.set_a[CAR] = 32.0
        plant.run(3)
        assert plant.set_a[CAR] == 13.7

    def test_a_set_point_that_is_ignored_is_told_and_tried_again(self) -> None:
        plant = charging()
        plant.deaf.add(CAR)
        plant.others_a = 12.0
        commands = plant.run(60)
        assert len([one for one in commands if isinstance(one, SetCurrent)]) > 1
        assert plant.answer.chargers[CAR].reason is Reason.NOT_OBEYING


class TestWish17:
    """No tolerated overcurrent where it is billed or forbidden."""

    def test_a_hard_limit_knows_no_tolerance(self) -> None:
        hard = msgspec.structs.replace(MAIN_FUSE, kind=Kind.HARD, margin_a=0.0)
        plant = charging(Settings(circuits=(hard,), chargers=(CHARGER,)))
        for others_a in (12.0, 15.0, 18.0, 18.9):
            plant.others_a = others_a
            plant.step()
            plant.step()
            assert max(plant.grid_a().values()) <= 25.0

    def test_a_power_limit_knows_none_either(self) -> None:
        limited = msgspec.structs.replace(MAIN_FUSE, limit_w=6000.0)
        plant = Plant(settings=Settings(circuits=(limited,), chargers=(CHARGER,)))
        plant.run(60)
        for others_a in (2.0, 2.5, 4.0, 8.0):
            plant.others_a = others_a
            plant.step()
            plant.step()
            assert sum(plant.grid_a().values()) * 230.0 <= 6000.0


class TestWish18:
    """The faults of others that must not be made again."""

    def test_above_the_floor_no_dead_band_keeps_it_from_coming_down(self) -> None:
        plant = charging(fine(step_a=0.1), others_a=10.0)
        for others_a in (10.1, 10.2, 10.3):
            plant.others_a = others_a
            plant.run(10)
            assert plant.set_a[CAR] == pytest.approx(23.7 - others_a, abs=0.051)

    def test_the_time_that_room_must_last_begins_anew_when_there_is_none(self) -> None:
        plant = charging(others_a=12.0)
        for _ in range(10):
            plant.others_a = 6.0
            assert plant.run(12) == []
            plant.others_a = 12.1
            plant.run(2)

    def test_attempts_to_switch_phases_that_fail_come_later_and_later(self) -> None:
        switching = msgspec.structs.replace(CHARGER, can_switch_phases=True, max_a=32.0)
        plant = charging(msgspec.structs.replace(HOUSE, chargers=(switching,)), phases={CAR: 3})
        plant.unstoppable.add(CAR)
        plant.others_a = (2.0, 20.0, 2.0)
        begun = []
        for _ in range(3 * 3600):
            plant.step()
            if plant.answer.chargers[CAR].reason is Reason.SWITCHING_PHASES:
                begun.append(plant.at)
        starts = [later for earlier, later in pairwise([0.0, *begun]) if later - earlier > 1.0]
        waits = [later - earlier for earlier, later in pairwise(starts)]
        assert waits == sorted(waits)
        assert not any(isinstance(command, SetPhases) for _, command in plant.commands)

    def test_charging_does_not_stop_because_a_loop_looks_at_the_wrong_moment(self) -> None:
        plant = charging(others_a=6.0)
        for _ in range(40):
            plant.others_a = 15.0
            plant.run(2)
            plant.others_a = 6.0
            plant.run(28)
        assert AllowCharging(CAR, on=False) not in [command for _, command in plant.commands]
        assert plant.allowed[CAR]

    def test_a_ct_of_the_opposite_sign_keeps_control_from_being_enabled(self) -> None:
        lines = frozenset(MAIN_FUSE.lines)
        supply = Supply(connected=lines, measured=lines, sign_faults=("Grid L1",))
        assert refusals(HOUSE, supply) == (Refusal(Obstacle.SIGN_FAULT, "Grid L1"),)

    def test_unavailable_after_a_restart_is_not_no_power(self) -> None:
        plant = charging(others_a=12.0)
        plant.restart()
        nothing = Reading(
            at=plant.at + 1.0,
            fresh=True,
            circuits={MAIN: CircuitReading()},
            chargers={CAR: ChargerReading(mode=Mode.FAST, reachable=True, set_a=11.7, allowed=True)},
        )
        commands: list[Command] = []
        for second in range(60):
            reading = msgspec.structs.replace(nothing, at=plant.at + 1.0 + second)
            plant.state, answer = controller.step(plant.state, reading, plant.settings, armed=True)
            commands += answer.commands
        assert set(commands) == {SetCurrent(CAR, 6.0)}


class TestWish12:
    """Power that drops to 0 every few seconds because another service location of the gateway writes over it."""

    def test_a_child_location_takes_nothing_from_what_flows(self) -> None:
        session = Session(genius.SERIAL, 15.0)
        session.apply(IdentityUpdate(identity=Identity(serial=genius.SERIAL, location="house", location_number=1)), 0.0)
        child = Identity(serial=genius.SERIAL, location="child", location_number=2)
        session.apply(IdentityUpdate(identity=child), 1.0)
        assert session.site.identity is not None
        assert session.site.identity.location == "house"
        before = session.readings.channels
        session.apply(ReadingsUpdate(location="child", measured_at=1.0, channels={}, voltage_v={L1: 0.0}), 2.0)
        assert session.readings.channels is before
        assert session.ignored_foreign == 2
