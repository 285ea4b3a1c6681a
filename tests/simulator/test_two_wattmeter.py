"""On a delta supply two CTs measure the whole, though neither measures anything by itself."""

import pytest

from simulator import SITES, Gateway
from tests.simulator.living import new_gateway


def powers(gateway: Gateway, name: str) -> list[float]:
    """True channel powers, before rounding, of the CTs whose name starts with `name`."""
    location = gateway.location
    channels = location.reading(0).channels
    names = [ct.name for ct in location.site.transformers]
    return [channel.active_power_w for n, channel in zip(names, channels, strict=True) if n.startswith(name)]


@pytest.mark.parametrize("site", ["delta-two-ct", "captured"])
def test_the_sum_of_two_cts_is_the_true_power(site: str) -> None:
    gateway = new_gateway(site)
    for _ in range(600):
        gateway.fast_forward(hours=0.05)
        assert sum(powers(gateway, "Grid")) == pytest.approx(gateway.house.grid_power_w, abs=1e-6)
        solar = SITES[site].circuits[0].name
        assert sum(powers(gateway, solar)) == pytest.approx(gateway.house.solar_power_w, abs=1e-6)


def test_at_power_factor_0_3_a_single_ct_is_negative_while_the_load_is_positive() -> None:
    gateway = new_gateway("delta-two-ct")
    gateway.step()
    first, second = powers(gateway, "Compressor")
    true_w = gateway.house.circuits["Compressor"].demand.real
    assert min(first, second) < 0 < true_w
    assert first + second == pytest.approx(true_w)


@pytest.mark.parametrize("load", ["Household", "Well pump", "Welder"])
def test_one_ct_measures_a_line_to_line_load_of_its_phase(load: str) -> None:
    gateway = new_gateway("delta-two-ct")
    for _ in range(40):
        gateway.fast_forward(hours=0.3)
        (measured,) = powers(gateway, load)
        assert measured == pytest.approx(gateway.house.circuits[load].demand.real, abs=1e-6)


def test_a_delta_site_reports_no_voltage_on_its_reference_phase() -> None:
    gateway = new_gateway("captured")
    gateway.step()
    volts = gateway.location.reading(0).voltages_v
    assert volts[:2] == pytest.approx((230.0, 230.0), rel=0.05)
    assert volts[2] == 0
