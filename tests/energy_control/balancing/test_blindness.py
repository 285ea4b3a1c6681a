"""What is not measured is never taken for nothing; and who is left alone is left safe."""

import math

import msgspec
import pytest

from energy_control.balancing import controller
from energy_control.balancing.controller import State
from energy_control.balancing.decisions import AllowCharging, Reason, SetCurrent, SwitchLoad
from energy_control.balancing.reading import Limit
from energy_control.balancing.settings import Circuit, Mode, OnStale, Settings
from tests.energy_control.balancing.moments import (
    BOILER,
    BOILER_ON_L1,
    CAR,
    CHARGER,
    HOUSE,
    L2,
    MAIN,
    MAIN_FUSE,
    WITH_BOILER,
    Plant,
    charging,
)


def test_nothing_is_commanded_before_something_fresh_was_measured() -> None:
    plant = Plant(settings=WITH_BOILER, others_a=40.0)
    assert plant.run(600, fresh=False) == []
    assert plant.answer.chargers[CAR].reason is Reason.WAITING
    assert plant.answer.loads[BOILER].reason is Reason.WAITING
    assert plant.step() != ()


def test_nothing_is_commanded_after_a_restart_before_something_fresh_was_measured() -> None:
    plant = charging(WITH_BOILER)
    plant.restart()
    plant.others_a = 40.0
    assert plant.run(600, fresh=False) == []
    assert plant.step() != ()


def test_without_measurements_nothing_is_raised_and_after_a_grace_chargers_fall_back() -> None:
    plant = charging()
    plant.others_a = 12.0
    plant.step()
    plant.others_a = 1.0
    assert plant.run(30, fresh=False) == []
    assert plant.answer.chargers[CAR].reason is Reason.STALE
    assert plant.run(2, fresh=False) == [SetCurrent(CAR, 6.0)]
    assert plant.answer.chargers[CAR].reason is Reason.FALLBACK
    assert plant.run(600, fresh=False) == []


def test_measurements_that_return_are_trusted_but_room_must_last_again() -> None:
    plant = charging()
    plant.run(60, fresh=False)
    assert plant.run(14) == []
    assert plant.run(5) == [SetCurrent(CAR, 16.0)]


def test_a_fallback_below_the_least_is_a_pause() -> None:
    careful = msgspec.structs.replace(CHARGER, fallback_a=0.0)
    plant = charging(msgspec.structs.replace(HOUSE, chargers=(careful,)))
    plant.run(60, fresh=False)
    assert not plant.allowed[CAR]


def test_a_lost_line_blinds_only_who_uses_it() -> None:
    one_line = msgspec.structs.replace(CHARGER, id="other", lines=(L2,))
    plant = charging(msgspec.structs.replace(HOUSE, chargers=(msgspec.structs.replace(CHARGER, lines=()), one_line)))
    plant.blind = {L2}
    plant.run(60)
    assert plant.answer.chargers["other"].reason is Reason.FALLBACK
    assert plant.answer.chargers[CAR].reason is not Reason.FALLBACK
    assert plant.answer.circuits[MAIN].headroom_a[L2] is None


@pytest.mark.parametrize("on_stale", OnStale)
def test_a_load_without_measurements_does_as_its_user_wants(on_stale: OnStale) -> None:
    boiler = msgspec.structs.replace(BOILER_ON_L1, on_stale=on_stale)
    plant = charging(msgspec.structs.replace(WITH_BOILER, loads=(boiler,)))
    plant.run(60, fresh=False)
    assert plant.boilers_on[BOILER] is (on_stale is OnStale.HOLD)


def test_a_limit_from_outside_counts_and_its_last_word_stands_when_it_is_silent() -> None:
    plant = charging()
    plant.limit = Limit(power_w=3.0 * 230 * 8)
    plant.run(30)
    assert plant.set_a[CAR] == 7.0
    assert plant.answer.chargers[CAR].reason is Reason.EXTERNAL_LIMIT
    plant.limit = None
    plant.run(60)
    assert plant.set_a[CAR] == 7.0
    plant.limit = Limit()
    plant.run(60)
    assert plant.set_a[CAR] == 16.0


def test_a_limit_from_outside_that_forbids_all_pauses_at_once() -> None:
    plant = charging()
    plant.limit = Limit(current_a=0.0)
    assert AllowCharging(CAR, on=False) in plant.step()


def test_a_circuit_that_nobody_measures_counts_everything_behind_it_at_its_worst() -> None:
    garage = Circuit(id="garage", parent=MAIN, rating_a=20.0)
    chargers = tuple(msgspec.structs.replace(CHARGER, id=name, circuit="garage") for name in ("a", "b"))
    settings = Settings(circuits=(MAIN_FUSE, garage), chargers=chargers)
    plant = Plant(settings=settings, others_a=0.0)
    plant.run(200)
    assert plant.set_a["a"] + plant.set_a["b"] == pytest.approx(19.0, abs=0.2)
    plant.modes["a"] = Mode.OFF
    plant.run(60)
    assert not plant.allowed["b"], "16 A of the other, which nobody controls, and 6 A are too much for 19 A"


def test_a_charger_that_nobody_measures_may_start_at_any_moment() -> None:
    unmetered = msgspec.structs.replace(CHARGER, metered=False, max_a=32.0)
    plant = Plant(settings=msgspec.structs.replace(HOUSE, chargers=(unmetered,)), others_a=5.0, wants_a={CAR: 0.0})
    for _ in range(600):
        plant.step()
        assert 5.0 + plant.set_a[CAR] <= 24.0
    plant.wants_a[CAR] = 32.0
    plant.step()
    assert max(plant.grid_a().values()) <= 24.0


def test_a_circuit_that_leads_nowhere_lets_nothing_be_raised() -> None:
    lost = msgspec.structs.replace(CHARGER, circuit="no such circuit")
    plant = Plant(settings=msgspec.structs.replace(HOUSE, chargers=(lost,)))
    plant.run(60)
    assert plant.answer.chargers[CAR].reason is Reason.FALLBACK


def test_what_is_left_on_the_way_out_is_the_fallback_and_who_pauses_goes_on_pausing() -> None:
    plant = charging()
    assert controller.farewell(plant.state, plant.settings, plant.reading(fresh=False)) == (SetCurrent(CAR, 6.0),)
    plant.others_a = 20.0
    plant.run(30)
    assert controller.farewell(plant.state, plant.settings, plant.reading(fresh=False)) == ()
    generous = msgspec.structs.replace(CHARGER, fallback_a=16.0)
    plant = charging(msgspec.structs.replace(HOUSE, chargers=(generous,)), others_a=12.0)
    assert controller.farewell(plant.state, plant.settings, plant.reading(fresh=False)) == (SetCurrent(CAR, 11.7),)
    careful = msgspec.structs.replace(CHARGER, fallback_a=0.0)
    plant = charging(msgspec.structs.replace(HOUSE, chargers=(careful,)))
    last = controller.farewell(plant.state, plant.settings, plant.reading(fresh=False))
    assert last == (AllowCharging(CAR, on=False),)
    plant = charging()
    plant.modes[CAR] = Mode.OFF
    assert controller.farewell(plant.state, plant.settings, plant.reading(fresh=False)) == ()


def test_timers_are_honoured_after_a_restart() -> None:
    plant = charging(WITH_BOILER)
    plant.others_a = 16.0
    plant.run(10)
    shed_at = next(at for at, command in plant.commands if command == SwitchLoad(BOILER, on=False))
    plant.restart()
    plant.others_a = 1.0
    plant.run(300)
    assert (shed_at + BOILER_ON_L1.min_off_s, SwitchLoad(BOILER, on=True)) in plant.commands
    assert plant.commands.count((shed_at, SwitchLoad(BOILER, on=False))) == 1


def test_a_state_survives_as_json() -> None:
    plant = charging(WITH_BOILER)
    plant.others_a = 16.0
    plant.run(10)
    assert msgspec.json.decode(msgspec.json.encode(plant.state), type=State) == plant.state


@pytest.mark.parametrize("jump_s", [-3600.0, 0.0, 86400.0, 1e9])
def test_a_clock_that_jumps_does_not_make_it_unsafe(jump_s: float) -> None:
    plant = charging()
    plant.step(jump_s)
    plant.others_a = 12.0
    plant.step()
    assert plant.set_a[CAR] <= 11.8
    plant.others_a = 1.0
    plant.run(60)
    assert plant.set_a[CAR] == 16.0
    assert all(math.isfinite(warmth) for warmth in plant.state.warmth[MAIN].values())


def test_a_load_that_its_user_has_switched_while_nothing_was_commanded_stays_as_he_left_it() -> None:
    plant = charging(WITH_BOILER, others_a=16.0)
    assert not plant.boilers_on[BOILER]
    plant.armed, plant.others_a = False, 1.0
    plant.run(60)
    plant.boilers_on[BOILER] = True
    plant.run(10)
    plant.boilers_on[BOILER] = False
    plant.run(10)
    plant.armed = True
    plant.run(600)
    assert not plant.boilers_on[BOILER]


def test_a_load_that_was_shed_before_control_was_disabled_comes_back_when_it_is_enabled_again() -> None:
    plant = charging(WITH_BOILER, others_a=16.0)
    plant.armed, plant.others_a = False, 1.0
    plant.run(60)
    plant.armed = True
    plant.run(600)
    assert plant.boilers_on[BOILER]


def test_an_unarmed_control_explains_and_commands_nothing_and_remembers_nothing_false() -> None:
    plant = Plant(settings=WITH_BOILER, armed=False, others_a=20.0)
    assert plant.run(120) == []
    assert plant.answer.chargers[CAR].reason is Reason.NO_ROOM
    assert plant.answer.chargers[CAR].current_a == 0.0
    assert plant.answer.loads[BOILER].reason is Reason.SHED
    plant.others_a = 1.0
    plant.armed = True
    assert {type(command) for command in plant.run(120)} == {SetCurrent}
    assert plant.boilers_on[BOILER]
