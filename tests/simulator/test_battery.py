"""The battery: it takes what would be exported, gives what would be imported, and no energy comes from nowhere."""

from datetime import timedelta

import pytest

from simulator import SITES, House
from simulator.house.storage import LiveBattery
from tests.simulator.living import MIDSUMMER_NOON, document, live, named, new_gateway, realtimes

SUNRISE = MIDSUMMER_NOON - timedelta(hours=6)


def new_house(*, seed: int = 1) -> House:
    return House(SITES["everything"], seed=seed, start=SUNRISE)


def battery_of(house: House) -> LiveBattery:
    return house.batteries["Battery"]


@pytest.mark.parametrize("seed", [1, 2])
def test_over_a_day_the_energy_balance_is_exact(seed: int) -> None:
    house = new_house(seed=seed)
    for _ in range(24 * 360):
        house.step(10)
        sources_w = house.grid_power_w + house.solar_power_w + house.battery_power_w
        assert sources_w == pytest.approx(house.load_power_w, abs=1e-6)
    meter = house.meter
    sources_j = meter.import_j - meter.export_j + meter.solar_j + meter.discharged_j - meter.charged_j
    assert sources_j == pytest.approx(meter.house_j, rel=1e-9)
    assert meter.charged_j > 5 * 3.6e6
    assert meter.discharged_j > 5 * 3.6e6
    assert "Battery" not in meter.loads_j


def test_what_the_cells_hold_is_what_came_in_and_went_out_less_the_losses() -> None:
    house = new_house()
    battery = battery_of(house)
    expected_j = battery.stored_j
    for _ in range(24 * 360):
        house.step(10)
        watts = -house.battery_power_w
        if abs(watts) > battery.battery.idle_w:
            expected_j += 10 * (watts * 0.95 if watts > 0 else watts / 0.95)
    assert battery.stored_j == pytest.approx(expected_j, rel=1e-3, abs=1.0)


def test_it_stays_within_its_limits_and_reaches_them() -> None:
    house = new_house()
    battery = battery_of(house)
    charges, powers = [], []
    for _ in range(24 * 360):
        house.step(10)
        charges.append(battery.state_of_charge)
        powers.append(house.battery_power_w)
    assert min(charges) == pytest.approx(0.0, abs=1e-6)
    assert max(charges) == pytest.approx(1.0, abs=1e-6)
    assert -5000.0 <= min(powers) < -3000.0
    assert 3000.0 < max(powers) <= 5000.0


def test_it_takes_the_surplus_and_covers_the_load_so_that_the_grid_rests() -> None:
    house = new_house()
    battery_of(house).stored_j = 0.5 * 3.6e7
    rested = 0
    for _ in range(3600):
        house.step()
        rested += abs(house.grid_power_w) < 100
    assert rested > 3500


def test_cut_off_it_neither_takes_nor_gives() -> None:
    house = new_house()
    house.connect("Battery", on=False)
    stored_j = battery_of(house).stored_j
    for _ in range(600):
        house.step(60)
    assert battery_of(house).stored_j == stored_j
    assert house.meter.charged_j == house.meter.discharged_j == 0.0


def test_on_the_wire_it_is_a_load_that_is_negative_while_it_discharges() -> None:
    gateway = new_gateway("everything", start=SUNRISE)
    messages = live(gateway, 10)
    (config,) = (document(message) for message in named(messages, "channelConfigV2"))
    measurements = config["dataProcessingSpecification"]["measurements"]
    of_battery = [each for each in measurements if each.get("name") == "Battery"]
    assert {(each["flow"], each["connectionType"]) for each in of_battery} == {("CONSUMPTION", "SUBMETER")}
    indices = {each["publishIndex"] for each in of_battery}
    assert len(indices) == 3
    seen_w = []
    for _ in range(12 * 60):
        gateway.house.step(60)
        (realtime,) = realtimes(gateway.step())
        wire_w = sum(each["power"] for each in realtime["channelPowers"] if each["publishIndex"] in indices)
        assert wire_w == pytest.approx(-gateway.house.battery_power_w, abs=2)
        seen_w.append(wire_w)
    assert min(seen_w) < -1000
    assert max(seen_w) > 1000


def test_a_battery_begins_partly_full_whatever_the_seed() -> None:
    charges = {battery_of(new_house(seed=seed)).state_of_charge for seed in range(20)}
    assert len(charges) == 20
    assert all(0.2 <= charge <= 0.5 for charge in charges)
