"""A charger with CTs on some of its lines, lines without voltage, circuits within circuits."""

from copy import replace

import pytest

from energy_control.balancing.decisions import Reason, SetCurrent, SwitchLoad
from energy_control.balancing.reading import CircuitReading, Limit, Reading
from energy_control.balancing.settings import Circuit
from mqtt_schema.quantities import Phase
from tests.energy_control.balancing.moments import (
    BOILER,
    BOILER_ON_L1,
    CAR,
    CHARGER,
    HOUSE,
    L1,
    L2,
    L3,
    MAIN,
    MAIN_FUSE,
    WITH_BOILER,
    Plant,
    charging,
)


class OnlyOn:
    """Only some lines of the charger have CTs."""

    def __init__(self, *lines: Phase) -> None:
        self._lines = lines

    def __call__(self, reading: Reading) -> Reading:
        told = reading.chargers[CAR]
        drawn = {line: current_a for line, current_a in told.current_a.items() if line in self._lines}
        return replace(reading, chargers={CAR: replace(told, current_a=drawn)})


def test_a_line_of_a_charger_that_has_no_ct_is_guarded_too() -> None:
    plant = charging(on_the_way=OnlyOn(L1))
    assert plant.answer.chargers[CAR].phases == 3
    plant.others_a = (1.0, 15.0, 1.0)
    plant.run(3)
    assert max(plant.grid_a().values()) <= 23.8


def test_a_load_is_switched_off_for_a_line_of_it_that_has_no_ct() -> None:
    def seen(reading: Reading) -> Reading:
        load = reading.loads[BOILER]
        return replace(reading, loads={BOILER: replace(load, current_a={L1: load.current_a[L1]})})

    settings = replace(WITH_BOILER, loads=(replace(BOILER_ON_L1, lines=(L1, L2)),))
    plant = Plant(settings=settings, unplugged={CAR}, others_a=(1.0, 16.0, 1.0), on_the_way=seen)
    assert SwitchLoad(BOILER, on=False) in plant.run(10)


def test_a_charger_with_one_ct_settles() -> None:
    plant = charging(others_a=5.0, on_the_way=OnlyOn(L1))
    plant.run(600)
    plant.commands.clear()
    assert plant.run(3600) == []
    assert plant.set_a[CAR] >= 8.0


def test_a_ct_that_is_missing_for_a_moment_makes_no_three_phase_car_of_a_one_phase_one() -> None:
    charger = replace(CHARGER, max_a=32.0)
    plant = Plant(settings=replace(HOUSE, chargers=(charger,)), phases={CAR: 1}, others_a=(1.0, 22.0, 22.0))
    plant.on_the_way = _one_phase_car
    plant.run(120)
    assert plant.answer.chargers[CAR].phases == 1
    plant.on_the_way = lambda reading: OnlyOn(L1, L3)(_one_phase_car(reading))
    plant.step()
    plant.on_the_way = _one_phase_car
    plant.run(120)
    assert plant.answer.chargers[CAR].phases == 1
    assert plant.set_a[CAR] > 16.0


def _one_phase_car(reading: Reading) -> Reading:
    """Return what three CTs tell of a car that uses the first line; the charger does not tell how many it uses."""
    told = reading.chargers[CAR]
    drawn = dict.fromkeys(Phase, 0.0) | dict(told.current_a)
    return replace(reading, chargers={CAR: replace(told, current_a=drawn, phases=None)})


@pytest.mark.parametrize("can_switch", [False, True])
def test_a_line_without_voltage_is_no_fault(can_switch: bool) -> None:  # noqa: FBT001 - a parameter
    settings = replace(
        HOUSE,
        circuits=(replace(MAIN_FUSE, limit_w=6000.0),),
        chargers=(replace(CHARGER, can_switch_phases=can_switch),),
    )
    plant = Plant(settings=settings, phases={CAR: 3})
    plant.on_the_way = lambda reading: replace(reading, voltage_v={L1: 0.0, L2: 0.0, L3: 0.0})
    plant.run(300)
    assert sum(plant.grid_a().values()) * 230.0 <= 6000.0


def test_a_limit_in_watts_counts_where_a_line_is_not_measured() -> None:
    main = replace(MAIN_FUSE, lines=(L1, L2), limit_w=6900.0)
    plant = Plant(settings=replace(HOUSE, circuits=(main,)), others_a=1.0)
    plant.on_the_way = lambda reading: _without(reading, L3)
    plant.run(60)
    decision = plant.answer.chargers[CAR]
    assert (decision.reason, decision.limited_by) == (Reason.POWER_LIMIT, MAIN)
    assert sum(plant.grid_a().values()) * 230.0 <= 6900.0
    assert L3 not in plant.answer.circuits[MAIN].headroom_a


def _without(reading: Reading, line: Phase) -> Reading:
    main = reading.circuits[MAIN]
    current_a = {other: amps for other, amps in main.current_a.items() if other is not line}
    return replace(reading, circuits={MAIN: replace(main, current_a=current_a)})


class TestAMeasuredSubCircuit:
    """A garage behind a breaker of its own, with CTs."""

    garage = Circuit(id="garage", parent=MAIN, rating_a=16.0, lines=(L1, L2, L3))
    settings = replace(HOUSE, circuits=(MAIN_FUSE, garage), chargers=(replace(CHARGER, circuit="garage"),))

    def plant(self, others_in_the_garage_a: float) -> Plant:
        def seen(reading: Reading) -> Reading:
            drawn = reading.chargers[CAR].current_a
            own = {line: others_in_the_garage_a + drawn[line] for line in Phase}
            return replace(reading, circuits={**reading.circuits, "garage": CircuitReading(current_a=own)})

        return Plant(settings=self.settings, others_a=4.0, on_the_way=seen)

    def test_the_nearest_limit_counts(self) -> None:
        plant = self.plant(4.0)
        plant.run(60)
        decision = plant.answer.chargers[CAR]
        assert (decision.current_a, decision.limited_by) == (11.0, "garage")
        plant.others_a = 16.0
        plant.run(3)
        decision = plant.answer.chargers[CAR]
        assert (decision.current_a, decision.limited_by) == (7.7, MAIN)

    def test_one_that_is_silent_blinds_who_is_behind_it(self) -> None:
        plant = self.plant(4.0)
        plant.run(60)
        plant.on_the_way = lambda reading: reading
        plant.run(40)
        assert plant.answer.chargers[CAR].reason is Reason.FALLBACK
        assert plant.set_a[CAR] == 6.0


@pytest.mark.parametrize(
    ("own_w", "told", "reason"),
    [
        (6000.0, Limit(power_w=9000.0), Reason.POWER_LIMIT),
        (9000.0, Limit(power_w=6000.0), Reason.EXTERNAL_LIMIT),
        (9000.0, Limit(power_w=-500.0), Reason.NO_ROOM),
        (9000.0, Limit(current_a=9.0, power_w=20000.0), Reason.EXTERNAL_LIMIT),
    ],
)
def test_of_contradicting_limits_the_lowest_counts(own_w: float, told: Limit, reason: Reason) -> None:
    limited = replace(MAIN_FUSE, limit_w=own_w)
    plant = Plant(settings=replace(HOUSE, circuits=(limited,)), limit=told)
    plant.run(60)
    assert plant.answer.chargers[CAR].reason is reason
    lowest_w = min(own_w, max(told.power_w or 0.0, 0.0))
    draws_w = sum(plant.grid_a().values()) * 230.0
    assert draws_w <= max(lowest_w, 690.0)
    assert told.current_a is None or max(plant.grid_a().values()) <= told.current_a
    assert not any(isinstance(command, SetCurrent) for command in plant.run(60))
