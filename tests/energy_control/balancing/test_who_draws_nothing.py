"""Switching off what draws nothing frees nothing: it stays as it is, and makes room like any other once it draws."""

from copy import replace

import pytest

from energy_control.balancing.decisions import AllowCharging, Reason, SwitchLoad
from energy_control.balancing.reading import Reading
from energy_control.balancing.settings import Kind
from tests.energy_control.balancing.moments import (
    BOILER,
    BOILER_ON_L1,
    CAR,
    CHARGER,
    HOUSE,
    L1,
    MAIN_FUSE,
    WITH_BOILER,
    Plant,
    charging,
)

OFF = SwitchLoad(BOILER, on=False)


class Thermostat:
    """Lets a boiler that is on draw what it wants; what it does not draw does not flow."""

    def __init__(self, drawn_a: float) -> None:
        self.drawn_a = drawn_a

    def __call__(self, reading: Reading) -> Reading:
        load, main = reading.loads[BOILER], reading.circuits["main"]
        drawn_a = self.drawn_a if load.on else 0.0
        missing_a = (BOILER_ON_L1.rated_a if load.on else 0.0) - drawn_a
        current_a = {**main.current_a, L1: main.current_a[L1] - missing_a}
        return replace(
            reading,
            circuits={"main": replace(main, current_a=current_a, power_w=230.0 * sum(current_a.values()))},
            loads={BOILER: replace(load, current_a={L1: drawn_a})},
        )


def house(kind: Kind) -> Plant:
    """A house in which more flows than its fuse bears, and a boiler that is warm."""
    settings = replace(WITH_BOILER, circuits=(replace(MAIN_FUSE, kind=kind),))
    return Plant(settings=settings, unplugged={CAR}, others_a=26.0, on_the_way=Thermostat(0.0))


@pytest.mark.parametrize("drawn_a", [0.0, 0.3])
@pytest.mark.parametrize("kind", Kind)
def test_a_load_that_draws_nothing_is_not_switched_off(kind: Kind, drawn_a: float) -> None:
    plant = house(kind)
    plant.on_the_way = Thermostat(drawn_a)
    assert plant.run(600) == []
    assert plant.answer.loads[BOILER].reason is Reason.RUNNING


@pytest.mark.parametrize(("kind", "within_s"), [(Kind.HARD, 1), (Kind.FUSE, 7)])
def test_a_load_that_begins_to_draw_where_too_much_flows_is_switched_off(kind: Kind, within_s: int) -> None:
    plant = house(kind)
    plant.run(600)
    plant.on_the_way = Thermostat(BOILER_ON_L1.rated_a)
    assert OFF in plant.run(within_s)


def test_a_load_that_nobody_measures_may_draw_at_any_moment_and_is_switched_off() -> None:
    settings = replace(WITH_BOILER, loads=(replace(BOILER_ON_L1, metered=False),))
    plant = Plant(settings=settings, unplugged={CAR}, others_a=16.0)
    assert OFF in plant.run(60)


@pytest.mark.parametrize("kind", Kind)
def test_a_full_car_is_not_paused(kind: Kind) -> None:
    plant = charging(replace(HOUSE, circuits=(replace(MAIN_FUSE, kind=kind),)), wants_a={CAR: 0.0})
    plant.run(60)
    plant.others_a = 26.0
    assert AllowCharging(CAR, on=False) not in plant.run(600)
    assert plant.answer.chargers[CAR].reason is Reason.CAR_LIMIT


@pytest.mark.parametrize(("kind", "within_s"), [(Kind.HARD, 1), (Kind.FUSE, 7)])
def test_a_full_car_that_begins_to_draw_where_too_much_flows_is_paused(kind: Kind, within_s: int) -> None:
    plant = charging(replace(HOUSE, circuits=(replace(MAIN_FUSE, kind=kind),)), wants_a={CAR: 0.0})
    plant.run(60)
    plant.others_a = 26.0
    plant.run(600)
    plant.wants_a[CAR] = 32.0
    assert AllowCharging(CAR, on=False) in plant.run(within_s)
    assert plant.answer.chargers[CAR].reason is Reason.NO_ROOM


def test_the_little_that_a_full_car_draws_is_not_given_to_others() -> None:
    left, right = (replace(CHARGER, id=name) for name in ("left", "right"))
    plant = Plant(settings=replace(HOUSE, chargers=(left, right)), wants_a={"right": 0.4}, others_a=9.0)
    plant.run(300)
    assert plant.drawn_a("left") == 14.3
