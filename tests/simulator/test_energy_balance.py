"""Physics: what comes in and what is made is what is used, at every instant and over time."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import SITES, House
from tests.simulator.living import MIDSUMMER_NOON

site_names = st.sampled_from(sorted(SITES))
starts = st.integers(0, 365 * 24).map(lambda hours: MIDSUMMER_NOON + timedelta(hours=hours))


@settings(max_examples=40, deadline=None)
@given(site=site_names, seed=st.integers(0, 10**6), start=starts, step_s=st.sampled_from([1.0, 10.0, 60.0]))
def test_grid_plus_solar_plus_battery_is_the_load_at_every_instant_and_in_the_meter(
    site: str, seed: int, start: datetime, step_s: float
) -> None:
    house = House(SITES[site], seed=seed, start=start)
    for _ in range(120):
        house.step(step_s)
        sources_w = house.grid_power_w + house.solar_power_w + house.battery_power_w
        assert sources_w == pytest.approx(house.load_power_w, abs=1e-6)
    meter = house.meter
    sources_j = meter.import_j - meter.export_j + meter.solar_j + meter.discharged_j - meter.charged_j
    assert sources_j == pytest.approx(meter.house_j, rel=1e-9, abs=1e-3)
    assert sum(meter.loads_j.values()) == pytest.approx(meter.house_j, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(site=site_names, seed=st.integers(0, 10**6))
def test_no_current_is_lost_between_the_wires(site: str, seed: int) -> None:
    house = House(SITES[site], seed=seed, start=MIDSUMMER_NOON)
    for _ in range(20):
        house.step(60)
        assert abs(sum(house.incomer_a)) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("site", sorted(SITES))
def test_a_day_is_believable(site: str) -> None:
    house = House(SITES[site], seed=2, start=MIDSUMMER_NOON)
    voltages, frequencies = [], []
    for _ in range(24 * 360):
        house.step(10)
        voltages.append(abs(house.voltage_v(SITES[site].topology.reported[0])))
        frequencies.append(house.mains.frequency_hz)
    nominal = 120 if site == "split-phase" else 230
    assert 0.94 * nominal < min(voltages) < max(voltages) < 1.06 * nominal
    assert 49.9 < min(frequencies) < max(frequencies) < 50.1
    kwh = house.meter.house_j / 3.6e6
    assert 5 < kwh < 120
    assert 3 < house.meter.solar_j / 3.6e6 < 70
    assert house.meter.export_j > 0


def test_the_meter_nets_the_phases_where_a_ct_counts_each_alone() -> None:
    house = House(SITES["one-phase-solar"], seed=1, start=MIDSUMMER_NOON)
    gross_import_j = 0.0
    for _ in range(3600):
        house.step()
        volts_amps = zip(house.mains.voltages_v, house.incomer_a, strict=True)
        gross_import_j += sum(max(0.0, (volt * current.conjugate()).real) for volt, current in volts_amps)
    assert house.meter.import_j < 0.8 * gross_import_j


def test_the_charger_obeys_its_limit() -> None:
    house = House(SITES["full"], seed=1, start=MIDSUMMER_NOON)
    charger = house.circuits["EV charger"]
    while charger.demand.real < 1000:
        house.step(60)
    assert abs(charger.currents_a[0]) == pytest.approx(16.0, rel=0.02)
    house.charge_limit_a = 9.0
    house.step()
    assert abs(charger.currents_a[0]) == pytest.approx(9.0, rel=0.02)
    house.charge_limit_a = 5.0
    house.step()
    assert charger.demand.real < 10
