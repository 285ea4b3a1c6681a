"""A charger is a load of the house like any other: on the lines it is wired to, measured, switched, visited."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from simulator import SITES, Gateway, House
from simulator.house.charging import Car, Charger, NoAnswer, PilotState, Visits
from simulator.sites.topology import Pair
from simulator.sites.usual_loads import L1N, L2N, L3N
from tests.simulator.charging import PROMPT, Bench, heater, house_with
from tests.simulator.living import MIDSUMMER_NOON, live, realtimes

CHARGER_SITES = ["garage", "two-cars"]
THREE_HOURS_S = 3 * 3600


@pytest.mark.parametrize(
    ("branches", "line"),
    [((*L1N, *L2N, *L3N), 0), ((*L2N, *L3N, *L1N), 1), ((*L3N, *L1N, *L2N), 2), ((*L3N, *L2N, *L1N), 2)],
)
def test_the_first_phase_of_a_charger_may_be_any_line_of_the_house(branches: tuple[Pair, ...], line: int) -> None:
    car = Car(phases=1, max_a=32.0)
    house = house_with(Charger(car=car), branches=branches)
    house.chargers["EV charger"].plug_in(state_of_charge=0.2)
    for _ in range(60):
        house.step()
    currents = house.meter.line_currents_a
    assert currents[line] == pytest.approx(31.7, abs=0.1)
    assert [currents[other] for other in range(3) if other != line] == [pytest.approx(0.0, abs=1e-9)] * 2


def test_every_phase_carries_exactly_the_same_current_however_the_voltages_differ() -> None:
    house = house_with(Charger(car=PROMPT), heater(4000.0, L2N))
    house.chargers["EV charger"].plug_in(state_of_charge=0.2)
    for _ in range(20):
        house.step()
    currents = [abs(current) for current in house.circuits["EV charger"].currents_a[1:3]]
    assert currents == [pytest.approx(32.0)] * 2
    assert abs(house.mains.voltages_v[0]) != pytest.approx(abs(house.mains.voltages_v[1]), rel=0.002)


def test_a_charger_on_one_phase_takes_one_branch_only() -> None:
    house = house_with(Charger(car=PROMPT, phases=1), branches=L3N)
    house.chargers["EV charger"].plug_in(state_of_charge=0.2)
    house.step()
    house.step()
    assert [round(current) for current in house.meter.line_currents_a] == [0, 0, 32]


def test_the_true_meter_keeps_the_current_of_each_line_with_the_sign_of_its_power() -> None:
    house = House(SITES["one-phase-solar"], seed=1, start=MIDSUMMER_NOON)
    house.step()
    currents, powers = house.meter.line_currents_a, house.meter.line_powers_w
    assert currents[0] < -2.0
    assert min(currents[1:]) > 1.0
    assert [current > 0 for current in currents] == [power > 0 for power in powers]
    assert sum(powers) == pytest.approx(house.grid_power_w)
    assert [abs(current) for current in currents] == [pytest.approx(abs(each)) for each in house.incomer_a[:3]]


def test_the_states_of_the_control_pilot() -> None:
    bench = Bench("exact")
    bench.charger.unplug()
    seen = [bench.charger.state]
    bench.charger.plug_in(state_of_charge=0.2)
    seen.append(bench.charger.state)
    bench.draws(2)
    seen.append(bench.charger.state)
    bench.charger.fail()
    seen.append(bench.charger.state)
    assert bench.draws(2) == [0.0, 0.0]
    bench.charger.repair()
    assert bench.draws(2) == [32.0, 32.0]
    bench.charger.unplug()
    assert bench.after(1) == 0.0
    assert seen == [PilotState.NO_CAR, PilotState.CONNECTED, PilotState.CHARGING, PilotState.ERROR]


def test_without_power_it_neither_charges_nor_answers_and_afterwards_it_goes_on() -> None:
    bench = Bench("exact")
    bench.charger.set_current(10.0)
    bench.draws(5)
    bench.house.connect("EV charger", on=False)
    assert bench.draws(3) == [0.0] * 3
    assert bench.charger.status() is None
    assert bench.charger.set_current(8.0) == NoAnswer()
    assert bench.house.grid_power_w == pytest.approx(0.0, abs=1e-6)
    bench.house.connect("EV charger", on=True)
    assert bench.draws(2) == [10.0, 10.0]


@pytest.mark.parametrize("power_fails", [True, False])
def test_a_contactor_that_opens_by_force_stops_even_a_car_that_has_not_noticed(*, power_fails: bool) -> None:
    bench = Bench("exact", Car(max_a=16.0, reaction_s=3.0))
    assert bench.after(60) == 16.0
    if power_fails:
        bench.house.connect("EV charger", on=False)
    else:
        bench.charger.fail()
    assert bench.after(1) == 0.0
    assert bench.house.meter.line_currents_a == [pytest.approx(0.0, abs=0.1)] * 3


def test_the_car_comes_and_goes_by_the_clock() -> None:
    visits = Visits(arrives_h=17.0, leaves_h=7.5, spread_h=1.0, state_of_charge=(0.3, 0.3))
    house = house_with(Charger(car=PROMPT, visits=visits))
    charger = house.chargers["EV charger"]
    there = []
    for _ in range(48 * 60):
        house.step(60.0)
        there.append(charger.car is not None)
    changes = [step / 60 for step, (was, now) in enumerate(pairwise(there), 2) if was != now]
    # It begins at noon in summer time, so 17:00 is five hours later.
    arrivals, departures = changes[::2], changes[1::2]
    assert len(arrivals) == len(departures) == 2
    assert all(5.0 <= each % 24 <= 6.02 for each in arrivals)
    assert arrivals[1] != arrivals[0] + 24
    assert departures == [pytest.approx(19.5, abs=0.02), pytest.approx(43.5, abs=0.02)]
    assert house.chargers["EV charger"].delivered_j > 0


def test_another_car_is_another_start() -> None:
    bench = Bench("exact")
    bench.draws(5)
    bench.charger.plug_in(Car(phases=1), state_of_charge=0.5)
    assert bench.charger.state is PilotState.CONNECTED
    assert bench.draws(3) == [0.0] * 3
    assert bench.charger.starts == 2


def test_a_car_can_be_called_home_as_to_any_charger() -> None:
    bench = Bench("exact")
    bench.charger.unplug()
    bench.draws(2)
    bench.house.start("EV charger")
    assert bench.draws(2) == [32.0, 32.0]


def test_the_gateway_measures_it_on_the_lines_of_the_house() -> None:
    gateway = Gateway(House(SITES["garage"], seed=1, start=datetime(2026, 1, 15, 19, tzinfo=UTC)), seed=1)
    gateway.house.chargers["EV charger"].plug_in(Car(phases=1), state_of_charge=0.2)
    message = realtimes(live(gateway, 60))[-1]
    channels = message["channelPowers"]
    by_name = [channel["power"] for channel in channels if channel["formula"] in charger_formulas()]
    assert [power > 3000 for power in by_name] == [False, True, False]


def charger_formulas() -> set[str]:
    return {ct.formula for ct in SITES["garage"].transformers if ct.name == "EV charger"}


@pytest.mark.parametrize("site", CHARGER_SITES)
def test_unguarded_cars_overload_the_main_breaker_of_these_houses(site: str) -> None:
    house = House(SITES[site], seed=2, start=datetime(2026, 1, 15, 16, tzinfo=UTC))
    for _ in range(THREE_HOURS_S):
        house.step()
    assert house.breakers["Main"].seconds_above_rating > 60
    assert house.breakers["Main"].tripped


@pytest.mark.parametrize("site", CHARGER_SITES)
def test_without_cars_these_houses_stay_within_it(site: str) -> None:
    house = House(SITES[site], seed=2, start=datetime(2026, 1, 15, 16, tzinfo=UTC))
    for charger in house.chargers.values():
        charger.set_enabled(on=False)
    for _ in range(THREE_HOURS_S):
        house.step()
    assert sum(charger.delivered_j for charger in house.chargers.values()) == 0.0
    assert not house.breakers["Main"].tripped
