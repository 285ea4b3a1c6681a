"""A CT of the grid that is mounted the wrong way round is noticed, and what it measures is taken at its worst."""

from copy import replace

import pytest

from benchmarks.garage.ours import Balancer
from benchmarks.garage.scenarios import GARAGE, MAIN_25_A, WINTER_EVENING
from energy_control.balancing.circuits import Circuits
from energy_control.balancing.mounting import TIMES_AGAINST, TIMES_WITH, Mounting, watched
from energy_control.balancing.reading import ChargerReading, CircuitReading, Reading
from energy_control.balancing.settings import Mode, Settings
from mqtt_schema.quantities import Phase
from simulator import SITES, House
from simulator.loop import ClosedLoop
from tests.energy_control.balancing.moments import (
    BOILER,
    CAR,
    HOUSE,
    L1,
    L2,
    L3,
    MAIN,
    WITH_BOILER,
    Plant,
    one,
)

WITHOUT_SUN = replace(HOUSE, produces=False)
NEVER = 3600


def found(plant: Plant) -> tuple[Phase, ...]:
    """The lines of the main circuit that are taken for the wrong way round."""
    return plant.answer.circuits[MAIN].backwards


def stop_and_start(plant: Plant, times: int) -> None:
    """Let the car stop for a while, and start again."""
    for _ in range(times):
        plant.modes[CAR] = Mode.STOP
        plant.run(10)
        plant.modes[CAR] = Mode.FAST
        plant.run(20)


def running(settings: Settings = HOUSE, **changed: object) -> Plant:
    """A car that has just begun to charge; nothing has changed since."""
    plant = Plant(settings=settings, **changed)  # type: ignore[arg-type]
    plant.run(20)
    return plant


@pytest.mark.parametrize("others_a", [5.0, -12.0])
def test_a_car_that_starts_and_stops_shows_it_in_a_house_that_draws_and_in_one_that_feeds_in(others_a: float) -> None:
    plant = running(others_a=others_a, backwards={L1})
    stop_and_start(plant, TIMES_AGAINST // 2)
    assert found(plant) == (L1,)


def test_a_boiler_that_is_switched_shows_it() -> None:
    plant = running(WITH_BOILER, backwards={L1, L2}, unplugged={CAR})
    for _ in range(TIMES_AGAINST):
        assert found(plant) == ()
        plant.boilers_on[BOILER] = not plant.boilers_on[BOILER]
        plant.run(5)
    assert found(plant) == (L1,)


WRONG = ((0.0, 2.0), (0.0, 2.0), (10.0, -8.0), (10.0, -8.0))
THREE = (*WRONG, *WRONG)
ONE_RIGHT = ((0.0, -18.0), (0.0, -18.0))
RIGHT = ((0.0, 2.0), (0.0, 2.0), (10.0, 12.0), (10.0, 12.0))


@pytest.mark.parametrize(
    ("moments", "row"),
    [
        (WRONG, 1),
        (RIGHT, -1),
        (((0.0, 2.0), (3.9, -1.9), (3.9, -1.9)), 0),
        (((0.0, 2.0), (3.0, -1.0), (6.0, -4.0), (9.0, -7.0), (9.0, -7.0)), 1),
        ((*((0.9 * second, -0.9 * second) for second in range(14)), (11.7, -11.7)), 0),
        (((0.0, 2.0), (10.0, -2.9), (10.0, -2.9)), 0),
        (((0.0, 2.0), (10.0, -3.0), (10.0, -3.0)), 1),
        (((0.0, 2.0), (10.0, -13.0), (10.0, -13.0)), 1),
        (((0.0, 2.0), (10.0, -13.1), (10.0, -13.1)), 0),
        (((0.0, 2.0), (10.0, 2.0), (10.0, -8.0), (10.0, -8.0)), 0),
        (THREE, 3),
        ((*THREE, *ONE_RIGHT), -1),
        ((*THREE, *ONE_RIGHT, (10.0, -28.0), (10.0, -28.0)), 1),
    ],
    ids=[
        "opposite",
        "the same",
        "small",
        "one change of some seconds",
        "too slow",
        "hardly",
        "half as much",
        "half as much again",
        "much more",
        "a second late",
        "there and back, and there again",
        "then one the same way",
        "then one opposite",
    ],
)
def test_what_a_change_is_worth(moments: tuple[tuple[float, float], ...], row: int) -> None:
    """Moments: what the car draws and what is measured of the grid, on L1."""
    known = Mounting()
    for second, (car_a, grid_a) in enumerate(moments):
        reading = Reading(
            at=float(second),
            fresh=True,
            circuits={MAIN: CircuitReading(current_a={L1: grid_a})},
            chargers={CAR: ChargerReading(mode=Mode.FAST, reachable=True, current_a={L1: car_a})},
        )
        known = watched(known, reading, Circuits(HOUSE, reading, {}))
    assert known.signs[MAIN][L1].row == row


@pytest.mark.parametrize("others_a", [1.0, 12.0, -10.0, -20.0])
def test_right_ones_are_never_suspected(others_a: float) -> None:
    plant = running(WITH_BOILER, others_a=others_a)
    stop_and_start(plant, 30)
    for second in range(1200):
        plant.others_a = others_a + (second * 7 % 60) / 3.0
        plant.step()
        assert found(plant) == ()


def test_a_car_that_follows_the_sun_shows_nothing() -> None:
    plant = running(others_a=-1.0)
    for second in range(NEVER):
        sunny = second // 20 % 2 == 0
        plant.others_a = -10.0 if sunny else 0.0
        plant.wishes[CAR] = 14.0 if second % 20 and sunny else 6.0
        plant.step()
        assert found(plant) == ()


def test_all_that_flows_there_counts_as_drawn() -> None:
    plant = running(others_a=(4.0, 1.0, 1.0), backwards={L1})
    plant.others_a = (20.0, 1.0, 1.0)
    plant.run(60)
    assert plant.grid_a()[L1] > 25.0  # nobody knows yet
    stop_and_start(plant, TIMES_AGAINST // 2)
    assert found(plant) == (L1,)
    plant.run(60)
    assert plant.grid_a()[L1] <= 23.75
    assert plant.answer.circuits[MAIN].headroom_a[L2] == pytest.approx(22.75)


def test_a_power_limit_counts_it_as_drawn_too() -> None:
    limited = replace(HOUSE, circuits=(replace(HOUSE.circuits[0], limit_w=10_000.0),))
    plant = running(limited, others_a=1.0, backwards={L1})
    assert 230.0 * sum(plant.grid_a().values()) > 11_000.0
    stop_and_start(plant, TIMES_AGAINST // 2)
    plant.run(60)
    assert 9_000.0 < 230.0 * sum(plant.grid_a().values()) <= 10_000.0


def test_it_is_known_after_a_restart_and_until_it_was_seen_to_be_turned() -> None:
    plant = running(backwards={L1, L2})
    stop_and_start(plant, TIMES_AGAINST // 2)
    plant.restart()
    plant.run(20)
    assert found(plant) == (L1, L2)
    plant.backwards = {L2}
    stop_and_start(plant, TIMES_WITH // 2)
    assert found(plant) == (L2,)


def test_a_charger_that_is_measured_by_something_else_shows_nothing() -> None:
    plant = running(one(shows_lines=False), backwards={L1})
    stop_and_start(plant, 10)
    assert found(plant) == ()


def test_a_charger_whose_own_ct_is_the_wrong_way_round_accuses_nobody() -> None:
    plant = running(on_the_way=its_own_is_backwards)
    stop_and_start(plant, 10)
    assert found(plant) == ()


def its_own_is_backwards(reading: Reading) -> Reading:
    car = reading.chargers[CAR]
    drawn = {line: -current_a for line, current_a in car.current_a.items()}
    return replace(reading, chargers={CAR: replace(car, current_a=drawn)})


@pytest.mark.parametrize("gap_s", [3.1, 10.0])
def test_moments_that_are_far_apart_show_nothing(gap_s: float) -> None:
    plant = running(WITH_BOILER, backwards={L1}, unplugged={CAR})
    for _ in range(20):
        plant.boilers_on[BOILER] = not plant.boilers_on[BOILER]
        plant.step(gap_s)
    assert found(plant) == ()


def test_a_line_of_a_house_without_sun_that_feeds_in_for_a_minute_is_suspected() -> None:
    plant = Plant(settings=WITHOUT_SUN, armed=False, unplugged={CAR}, others_a=(5.0, 1.5, 0.9), backwards={L1, L2, L3})
    plant.run(60)
    assert found(plant) == ()
    plant.step()
    assert found(plant) == (L1, L2)


def test_a_line_that_feeds_in_now_and_then_is_not() -> None:
    plant = Plant(settings=WITHOUT_SUN, unplugged={CAR})
    for second in range(NEVER):
        plant.others_a = -5.0 if second % 60 else 0.0
        plant.step()
        assert found(plant) == ()


def test_a_line_that_was_seen_to_draw_is_not_suspected_for_sun_that_nobody_measures() -> None:
    plant = Plant(settings=WITHOUT_SUN, unplugged={CAR}, others_a=-10.0)
    plant.run(61)
    assert found(plant) == (L1, L2, L3)
    plant.others_a = 5.0
    plant.run(61)
    assert found(plant) == ()
    plant.restart()
    plant.others_a = -10.0
    plant.run(NEVER)
    assert found(plant) == ()


def test_steps_tell_more_than_what_flows() -> None:
    plant = running(WITHOUT_SUN, others_a=-14.0, wants_a={CAR: 6.0})
    plant.run(60)
    assert found(plant) == (L1, L2, L3)
    stop_and_start(plant, 1)
    assert found(plant) == ()


@pytest.mark.parametrize("settings", [HOUSE, replace(WITHOUT_SUN, has_directions=False)])
def test_a_house_with_sun_may_feed_in_and_a_delta_supply_has_no_directions(settings: Settings) -> None:
    plant = Plant(settings=settings, unplugged={CAR}, others_a=-5.0)
    plant.run(NEVER)
    assert found(plant) == ()


@pytest.mark.parametrize("is_backwards", [True, False])
def test_a_real_car_shows_it_in_a_house_in_which_somebody_cooks(is_backwards: bool) -> None:  # noqa: FBT001 - drawn
    loop = ClosedLoop(House(SITES["garage"], seed=1, start=WINTER_EVENING))
    loop.chargers[GARAGE.id].plug_in(state_of_charge=0.1)
    balancer = Balancer(Settings(circuits=(MAIN_25_A,), chargers=(GARAGE,)), loop.chargers)
    for minute in range(30):
        balancer.modes[GARAGE.id] = Mode.STOP if minute % 6 == 5 else Mode.FAST
        loop.house.start("Hob" if minute % 2 else "Oven")
        for _ in range(60):
            reading = balancer.read(loop.step())
            balancer.take(turned(reading) if is_backwards else reading)
    assert balancer.answer.circuits[MAIN_25_A.id].backwards == (tuple(Phase) if is_backwards else ())
    signs = balancer.state.mounting.signs[MAIN_25_A.id].values()
    assert all(sign.row == (TIMES_AGAINST if is_backwards else -TIMES_WITH) for sign in signs)


def turned(reading: Reading) -> Reading:
    main = reading.circuits[MAIN_25_A.id]
    flows = {line: -current_a for line, current_a in main.current_a.items()}
    return replace(reading, circuits={MAIN_25_A.id: replace(main, current_a=flows, power_w=-(main.power_w or 0.0))})
