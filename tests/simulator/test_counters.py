"""The energy counters of a Plus and of a Solar, and what their totals sum."""

from itertools import pairwise

import pytest

from simulator import Fault
from tests.simulator.living import Document, document, live, named, new_gateway, realtimes

PLUS_SITES = ["plus-star", "plus-single"]


def gains(earlier: Document, later: Document) -> list[int]:
    """What each channel has counted in between, import less export."""
    return [
        (after["importEnergy"] - before["importEnergy"]) - (after["exportEnergy"] - before["exportEnergy"])
        for before, after in zip(earlier["channelPowers"], later["channelPowers"], strict=True)
    ]


@pytest.mark.parametrize("site", [*PLUS_SITES, "solar-single"])
def test_each_second_adds_the_whole_watts_that_are_shown(site: str) -> None:
    for earlier, later in pairwise(realtimes(live(new_gateway(site), 120))):
        assert gains(earlier, later) == [channel["power"] for channel in later["channelPowers"]]


@pytest.mark.parametrize("site", PLUS_SITES)
def test_a_plus_begins_at_zero_at_each_boot(site: str) -> None:
    gateway = new_gateway(site)
    gateway.fast_forward(hours=5)
    live(gateway, 600)
    gateway.inject(Fault.REBOOT, duration_s=40)
    assert live(gateway, 40) == []
    first, *_ = realtimes(live(gateway, 5))
    for channel in first["channelPowers"]:
        assert channel["importEnergy"] + channel["exportEnergy"] == pytest.approx(
            3 * abs(channel["power"]), rel=0.5, abs=9
        )


def test_a_genius_and_a_solar_go_on_after_a_boot() -> None:
    for site in ("home", "solar-single"):
        gateway = new_gateway(site)
        before = realtimes(live(gateway, 10))[-1]
        gateway.inject(Fault.REBOOT, duration_s=40)
        after = realtimes(live(gateway, 50))[0]
        assert all(abs(gained) < 20 * 3600 for gained in gains(before, after))
        assert after["totalImportEnergy"] >= before["totalImportEnergy"] > 10**9


@pytest.mark.parametrize("site", PLUS_SITES)
def test_the_totals_of_a_plus_sum_the_grid_only(site: str) -> None:
    grid = 3 if site == "plus-star" else 1
    for realtime in realtimes(live(new_gateway(site), 60)):
        channels = realtime["channelPowers"][:grid]
        assert realtime["totalPower"] == pytest.approx(sum(channel["power"] for channel in channels), abs=2)
        assert realtime["totalImportEnergy"] == sum(channel["importEnergy"] for channel in channels)
        assert realtime["totalExportEnergy"] == sum(channel["exportEnergy"] for channel in channels)
        assert realtime["totalPower"] < 0


def test_the_totals_of_a_solar_are_its_load_which_is_the_house() -> None:
    gateway = new_gateway("solar-single")
    for _ in range(60):
        for realtime in realtimes(gateway.step()):
            solar, load = realtime["channelPowers"]
            assert (solar["ctInput"], load["ctInput"]) == (1, 2)
            assert realtime["totalPower"] == load["power"] == round(gateway.house.load_power_w)
            assert solar["power"] == pytest.approx(gateway.house.solar_power_w, abs=1)


def test_a_solar_shows_32_bits_of_counters_that_go_on_behind_them() -> None:
    gateway = new_gateway("solar-single")
    gateway.location.counters.import_j[1] = 3 * 2.0**32 + 2**31 - 20_000
    loads, totals = [], []
    for realtime in realtimes(live(gateway, 600)):
        loads.append(realtime["channelPowers"][1]["importEnergy"])
        totals.append(realtime["totalImportEnergy"])
    assert loads[0] > 2**31 - 20_000
    assert loads[-1] < -(2**31) + 100_000
    assert {(total - load) % 2**32 for total, load in zip(totals, loads, strict=True)} == {0}
    assert totals == sorted(totals)


def test_a_solar_has_no_grid_and_says_so() -> None:
    (config,) = named(live(new_gateway("solar-single"), 3), "channelConfig")
    roles = [(each["inputChannelType"], each["inputChannelConnection"]) for each in document(config)["inputChannels"]]
    assert roles == [("PRODUCTION", "GRID"), ("CONSUMPTION", "SUBMETER")]


def test_inputs_without_a_ct_idle() -> None:
    for realtime in realtimes(live(new_gateway("plus-single"), 60)):
        idle = realtime["channelPowers"][4:]
        assert all(abs(channel["power"]) <= 5 and channel["current"] == 0 for channel in idle)
        assert any(channel["power"] for channel in idle)
