"""What every message obeys, whatever happens in the house."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import SITES, Gateway, House
from simulator.gateway.profiles import PROFILES
from simulator.sites.site import GatewayKind
from tests.simulator.living import MIDSUMMER_NOON, document, live, named, new_gateway, realtimes

GENIUS_SITES = sorted(name for name, site in SITES.items() if site.gateway is GatewayKind.GENIUS)
CT_INPUT_SITES = sorted(SITES.keys() - set(GENIUS_SITES))


def numbers(value: object) -> list[int | float]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in numbers(inner)]
    if isinstance(value, list):
        return [number for inner in value for number in numbers(inner)]
    return [value] if isinstance(value, int | float) else []


@settings(max_examples=15, deadline=None)
@given(site=st.sampled_from(sorted(SITES)), seed=st.integers(0, 10**6), hour=st.integers(0, 23))
def test_numbers_are_whole_and_json_is_compact(site: str, seed: int, hour: int) -> None:
    gateway = new_gateway(site, seed=seed, start=MIDSUMMER_NOON + timedelta(hours=hour, minutes=4, seconds=50))
    for message in live(gateway, 12):
        content = document(message)
        assert all(isinstance(number, int) for number in numbers(content))
        assert message.payload.decode() == json.dumps(content, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize("site", GENIUS_SITES)
def test_realtime_comes_each_whole_second_and_is_not_retained(site: str) -> None:
    messages = named(live(new_gateway(site), 20), "realtime")
    stamps = [document(message)["utcTimeStamp"] for message in messages]
    assert stamps == [stamps[0] + 1000 * second for second in range(len(stamps))]
    assert stamps[0] % 1000 == 0
    assert {(message.qos, message.retain) for message in messages} == {(1, False)}
    assert [message.at_ms for message in messages] == stamps


@pytest.mark.parametrize("site", CT_INPUT_SITES)
def test_realtime_of_a_plus_and_a_solar_comes_about_a_second_apart_at_arbitrary_ms(site: str) -> None:
    messages = named(live(new_gateway(site), 60), "realtime")
    stamps = [document(message)["utcTimeStamp"] for message in messages]
    assert all(960 <= late - early <= 1040 for early, late in pairwise(stamps))
    assert len({stamp % 1000 for stamp in stamps} - {0}) > 5
    assert {(message.qos, message.retain) for message in messages} == {(1, False)}
    assert [message.at_ms for message in messages] == stamps


@pytest.mark.parametrize("site", GENIUS_SITES)
def test_energies_are_whole_watt_hours_that_never_fall(site: str) -> None:
    gateway = new_gateway(site)
    gateway.fast_forward(hours=2)
    before: dict[tuple[int, str], int] = {}
    for realtime in realtimes(live(gateway, 300)):
        for channel in realtime["channelPowers"]:
            for kind in ("importEnergy", "exportEnergy"):
                assert channel[kind] % 3600 == 0
                assert channel[kind] >= before.get((channel["publishIndex"], kind), 0)
                before[channel["publishIndex"], kind] = channel[kind]


def test_totals_sum_power_over_grid_connected_and_energy_over_all_channels() -> None:
    gateway = new_gateway("home")
    for realtime in realtimes(live(gateway, 60)):
        channels = realtime["channelPowers"]
        connected = channels[:4]
        assert realtime["totalPower"] == pytest.approx(sum(channel["power"] for channel in connected), abs=2)
        for total, kind in (("totalImportEnergy", "importEnergy"), ("totalExportEnergy", "exportEnergy")):
            assert realtime[total] == sum(channel[kind] for channel in channels)


def test_counters_follow_the_sign_of_each_ct() -> None:
    gateway = new_gateway("one-phase-solar")
    first, *_, last = realtimes(live(gateway, 1800))
    gained = {
        kind: [
            after[kind] - before[kind]
            for before, after in zip(first["channelPowers"], last["channelPowers"], strict=True)
        ]
        for kind in ("importEnergy", "exportEnergy")
    }
    grid_l1, grid_l2, solar = 0, 1, 3
    assert gained["exportEnergy"][grid_l1] > 10 * gained["importEnergy"][grid_l1]
    assert gained["importEnergy"][grid_l2] > 0 == gained["exportEnergy"][grid_l2]
    assert gained["importEnergy"][solar] > 0 == gained["exportEnergy"][solar]


def test_channels_come_in_publish_order_which_is_not_hub_order() -> None:
    (config,) = (document(m) for m in named(live(new_gateway("captured"), 5), "channelConfigV2"))
    inputs = [
        (source["busAddress"]["serialNumber"], source["busAddress"]["inputIndex"])
        for source in config["dataProcessingSpecification"]["dataSources"]
    ]
    assert inputs != sorted(inputs)


@pytest.mark.parametrize("site", GENIUS_SITES)
def test_sites_with_a_genius_keep_to_the_limits_of_the_system(site: str) -> None:
    transformers = SITES[site].transformers
    assert len({(ct.hub, ct.hub_input) for ct in transformers}) == len(transformers) <= 28
    assert len({ct.hub for ct in transformers}) <= 7


@pytest.mark.parametrize("site", CT_INPUT_SITES)
def test_sites_with_a_plus_or_a_solar_have_their_inputs_in_the_gateway(site: str) -> None:
    inputs = [ct.hub_input for ct in SITES[site].transformers]
    assert inputs == ([1, 2] if SITES[site].gateway is GatewayKind.SOLAR else list(range(9)))
    assert {ct.hub for ct in SITES[site].transformers} == {""}


def test_there_are_large_sites() -> None:
    assert len(SITES["full"].transformers) == 28
    assert len(SITES["home"].transformers) >= 14


def test_serial_numbers_are_those_of_the_product_and_unique() -> None:
    serials = {name: site.identity.serial_number for name, site in SITES.items()}
    assert len(set(serials.values())) == len(serials)
    for name, serial in serials.items():
        prefix = {GatewayKind.GENIUS: "50", GatewayKind.PLUS: "20", GatewayKind.SOLAR: "11"}[SITES[name].gateway]
        assert serial.startswith(prefix)
        assert len(serial) == 10


def test_a_serial_number_of_another_product_is_refused() -> None:
    home = SITES["home"]
    assert set(PROFILES) == set(GatewayKind)
    wrong = replace(home, gateway=GatewayKind.PLUS)
    with pytest.raises(ValueError, match="Plus begins with 20, not as 5010001234"):
        Gateway(House(wrong, start=MIDSUMMER_NOON))
