"""Water and gas in the house: who draws them, what heats them, and what a leak looks like."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from simulator import SITES, House
from simulator.house.meter import Medium
from simulator.house.water import MachineFill
from tests.simulator.living import MIDSUMMER_NOON

MIDNIGHT = datetime(2026, 6, 21, 22, 0, tzinfo=UTC)
JANUARY = datetime(2026, 1, 15, 0, 0, tzinfo=UTC)
SITE = SITES["everything"]


def new_house(start: datetime = MIDSUMMER_NOON, *, seed: int = 1) -> House:
    return House(SITE, seed=seed, start=start)


def live_on(house: House, hours: float, step_s: float = 10.0) -> None:
    for _ in range(round(hours * 3600 / step_s)):
        house.step(step_s)


def test_a_family_uses_a_believable_amount_of_water_in_three_days() -> None:
    house = new_house()
    live_on(house, 72)
    assert 0.4 < house.meter.volumes_m3[Medium.WATER] < 1.8
    assert 0.1 < house.meter.volumes_m3[Medium.RAINWATER] < 0.9


def test_nobody_draws_water_by_night_but_a_leak_flows_on() -> None:
    house = new_house(MIDNIGHT)
    live_on(house, 2)
    before = house.meter.volumes_m3[Medium.WATER]
    live_on(house, 1)
    assert house.meter.volumes_m3[Medium.WATER] == before
    house.plumbing.leak_l_per_h = 36.0
    live_on(house, 1)
    assert house.meter.volumes_m3[Medium.WATER] - before == pytest.approx(0.036)


def test_the_washing_machine_takes_its_water_once_when_it_starts() -> None:
    machine = MachineFill("Washing machine", litres=45.0)
    house = House(replace(SITE, water_uses=(machine,)), seed=1, start=MIDSUMMER_NOON)
    house.start("Washing machine")
    live_on(house, 0.5, step_s=1.0)
    assert house.meter.volumes_m3[Medium.WATER] == pytest.approx(0.045, rel=0.01)
    assert house.circuits["Washing machine"].demand.real > 30
    live_on(house, 1, step_s=1.0)
    assert house.meter.volumes_m3[Medium.WATER] == pytest.approx(0.045, rel=0.01)


def test_gas_heats_in_winter_and_only_water_in_summer() -> None:
    winter, summer = new_house(JANUARY), new_house()
    live_on(winter, 24)
    live_on(summer, 24)
    assert 4 < winter.meter.volumes_m3[Medium.GAS] < 40
    assert 0.05 < summer.meter.volumes_m3[Medium.GAS] < 2


def test_gas_is_burnt_for_what_the_water_takes_up() -> None:
    house = new_house()
    hot_l = 0.0
    for _ in range(24 * 3600 // 10):
        house.step(10)
        hot_l += sum(litres for heater, litres in house.plumbing.hot_l.items() if heater.name == "GAS")
    assert hot_l > 5
    assert house.meter.volumes_m3[Medium.GAS] == pytest.approx(hot_l * 4186 * 49 / 0.94 / 38e6)


def test_the_boiler_heats_only_through_its_relay_and_stops_at_its_thermostat() -> None:
    house = new_house(MIDNIGHT)
    boiler = house.boilers["Boiler"]
    cold_c = boiler.water_c
    live_on(house, 1)
    assert boiler.water_c < cold_c
    assert house.meter.loads_j["Boiler"] == 0
    house.connect("Boiler", on=True)
    house.step()
    assert house.circuits["Boiler"].demand == 2400
    live_on(house, 6)
    assert 55.5 < boiler.water_c < 60.2
    assert house.circuits["Boiler"].demand in {0, 2400}


def test_the_thermostat_rests_until_the_water_has_cooled_by_its_hysteresis() -> None:
    house = new_house(MIDNIGHT)
    boiler = house.boilers["Boiler"]
    house.connect("Boiler", on=True)
    heating, begins_c, ends_c = True, [], []
    for _ in range(24 * 360):
        before_c = boiler.water_c
        house.step(10)
        heated, heating = heating, house.circuits["Boiler"].demand.real > 0
        begins_c += [before_c] if heating and not heated else []
        ends_c += [before_c] if heated and not heating else []
    assert begins_c
    assert all(50.0 < water_c < 56.5 for water_c in begins_c)
    assert all(60.0 <= water_c < 60.1 for water_c in ends_c)


def test_the_boilers_heat_is_its_electricity_less_what_is_drawn_and_lost() -> None:
    house = House(replace(SITE, water_uses=()), seed=1, start=MIDNIGHT)
    boiler = house.boilers["Boiler"]
    house.connect("Boiler", on=True)
    begin_c, lost_j = boiler.water_c, 0.0
    for _ in range(3600):
        lost_j += 1.6 * (boiler.water_c - 19.0)
        house.step()
    gained_j = 4186 * 200 * (boiler.water_c - begin_c)
    assert gained_j == pytest.approx(house.meter.loads_j["Boiler"] - lost_j)


def test_a_shower_cools_the_boiler() -> None:
    house = new_house(seed=3)
    boiler = house.boilers["Boiler"]
    boiler.water_c = 60.0
    live_on(house, 16)
    no_draws = House(replace(SITE, water_uses=()), seed=3, start=MIDSUMMER_NOON)
    no_draws.boilers["Boiler"].water_c = 60.0
    live_on(no_draws, 16)
    assert boiler.water_c < no_draws.boilers["Boiler"].water_c - 3


@pytest.mark.parametrize("site", ["home", "captured", "full"])
def test_a_house_without_pipes_counts_no_volumes(site: str) -> None:
    house = House(SITES[site], start=JANUARY)
    live_on(house, 2)
    assert set(house.meter.volumes_m3.values()) == {0.0}
