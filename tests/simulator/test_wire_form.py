"""What every message obeys, whatever happens in the house."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import SITES
from tests.simulator.living import MIDSUMMER_NOON, document, live, named, new_gateway, realtimes


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


@pytest.mark.parametrize("site", sorted(SITES))
def test_realtime_comes_each_whole_second_and_is_not_retained(site: str) -> None:
    messages = named(live(new_gateway(site), 20), "realtime")
    stamps = [document(message)["utcTimeStamp"] for message in messages]
    assert stamps == [stamps[0] + 1000 * second for second in range(len(stamps))]
    assert stamps[0] % 1000 == 0
    assert {(message.qos, message.retain) for message in messages} == {(1, False)}
    assert [message.at_ms for message in messages] == stamps


@pytest.mark.parametrize("site", sorted(SITES))
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


def test_sites_keep_to_the_limits_of_the_system() -> None:
    for site in SITES.values():
        inputs = {(ct.hub, ct.hub_input) for ct in site.transformers}
        assert len(inputs) == len(site.transformers) <= 28
        assert len({ct.hub for ct in site.transformers}) <= 7
        assert site.identity.serial_number.startswith("50")
        assert len(site.identity.serial_number) == 10
    assert len(SITES["full"].transformers) == 28
    assert len(SITES["home"].transformers) >= 14
