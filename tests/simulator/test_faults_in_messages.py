"""Faults in what messages say, when they come and how often, on every kind of gateway."""

import json
from itertools import batched, pairwise

import pytest

from simulator import Fault, Gateway, Message
from simulator.sites.site import GatewayKind
from tests.simulator.living import SITE_OF_PROFILE, document, live, named, new_gateway, realtimes

every_profile = pytest.mark.parametrize("profile", GatewayKind)
PERIOD_MS = 300_000


def settled(profile: GatewayKind) -> Gateway:
    gateway = new_gateway(SITE_OF_PROFILE[profile])
    live(gateway, 10)
    return gateway


def stamps(messages: list[Message]) -> list[int]:
    return [realtime["utcTimeStamp"] for realtime in realtimes(messages)]


@pytest.mark.parametrize("profile", [GatewayKind.GENIUS, GatewayKind.PLUS])
def test_after_a_silence_the_averages_of_all_its_intervals_come_in_one_message(profile: GatewayKind) -> None:
    gateway = settled(profile)
    start_ms = gateway.house.now_ms // PERIOD_MS * PERIOD_MS
    gateway.inject(Fault.LATE_BACKLOG, duration_s=930)
    assert live(gateway, 930) == []
    assert gateway.occurred[Fault.LATE_BACKLOG] == 0
    (backlog, *others) = live(gateway, 200)
    assert gateway.occurred[Fault.LATE_BACKLOG] == 1
    assert backlog.topic == gateway.topic("aggregated")
    ends = list(dict.fromkeys(interval["utcEndtime"] for interval in document(backlog)["intervalDatas"]))
    assert ends == [start_ms + number * PERIOD_MS for number in (1, 2, 3)]
    assert named(others, "aggregated") == []
    assert len(realtimes(others)) == 200


def test_of_one_interval_nobody_can_say_that_it_was_a_backlog() -> None:
    gateway = settled(GatewayKind.PLUS)
    gateway.inject(Fault.LATE_BACKLOG, duration_s=310)
    (late,) = named(live(gateway, 400), "aggregated")
    assert len(document(late)["intervalDatas"]) == 1
    assert gateway.occurred[Fault.LATE_BACKLOG] == 0


@every_profile
def test_one_phase_reads_0_volts_for_a_while_and_all_else_goes_on(profile: GatewayKind) -> None:
    gateway = settled(profile)
    gateway.inject(Fault.VOLTAGE_ZERO, duration_s=5)
    *without, with_voltage = realtimes(live(gateway, 6))
    assert [realtime["voltages"][0]["voltage"] for realtime in without] == [0] * 5
    assert with_voltage["voltages"][0]["voltage"] > 200
    for realtime in without:
        assert all(voltage["voltage"] > 200 for voltage in realtime["voltages"][1:])
        assert any(channel["power"] for channel in realtime["channelPowers"])


@every_profile
def test_nulls_stand_for_the_numbers_of_one_channel_but_not_for_its_key(profile: GatewayKind) -> None:
    gateway = settled(profile)
    gateway.inject(Fault.NULL_VALUES, duration_s=3)
    *spoilt, healthy = realtimes(live(gateway, 4))
    keys = {"publishIndex", "ctInput", "formula", "phaseId"}
    for realtime in spoilt:
        first, *others = realtime["channelPowers"]
        assert {key for key, value in first.items() if value is not None} == keys & first.keys()
        assert list(first) == list(healthy["channelPowers"][0])
        assert None not in [value for channel in others for value in channel.values()]
        assert [voltage["voltage"] for voltage in realtime["voltages"]] == [None] * len(healthy["voltages"])
    assert len(spoilt) == 3
    assert b"null" not in json.dumps(healthy).encode()


@every_profile
def test_each_message_comes_twice(profile: GatewayKind) -> None:
    gateway = settled(profile)
    gateway.inject(Fault.DUPLICATE, duration_s=5)
    twice = live(gateway, 5)
    assert len(twice) == 10
    assert all(first == second for first, second in batched(twice, 2, strict=True))
    assert len(live(gateway, 5)) == 5


@every_profile
@pytest.mark.parametrize("duration_s", [6, 7])
def test_the_later_of_two_comes_first_and_none_is_lost(profile: GatewayKind, duration_s: int) -> None:
    gateway = settled(profile)
    gateway.inject(Fault.OUT_OF_ORDER, duration_s=duration_s)
    messages = live(gateway, 12)
    swapped = stamps(messages)
    assert len(swapped) == 12
    in_order = sorted(swapped)
    pairs = [pair[::-1] for pair in batched(in_order[: duration_s // 2 * 2 + duration_s % 2 * 2], 2, strict=True)]
    expected = [stamp for pair in pairs for stamp in pair]
    assert swapped == expected + in_order[len(expected) :]
    assert [message.at_ms for message in messages] == sorted(message.at_ms for message in messages)


def test_two_locations_are_in_order_again_soon_after_the_end() -> None:
    gateway = settled(GatewayKind.GENIUS)
    gateway.inject(Fault.OUT_OF_ORDER, duration_s=20)
    gateway.inject(Fault.CHILD_LOCATION, after_s=3)
    live(gateway, 20)
    assert gateway.occurred == {Fault.OUT_OF_ORDER: 1, Fault.CHILD_LOCATION: 1}
    live(gateway, 1)
    afterwards = live(gateway, 10)
    for topic in {message.topic for message in named(afterwards, "realtime")}:
        in_order = stamps([message for message in afterwards if message.topic == topic])
        assert in_order == sorted(in_order)
        assert len(in_order) == 10


@every_profile
def test_the_channels_are_told_in_a_document_that_is_cut_off_until_the_next_boot(profile: GatewayKind) -> None:
    gateway = settled(profile)
    name = "channelConfigV2" if profile is GatewayKind.GENIUS else "channelConfig"
    gateway.inject(Fault.BROKEN_CONFIG)
    (cut,) = named(live(gateway, 10), name)
    assert cut.retain
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut.payload)
    gateway.inject(Fault.REBOOT, duration_s=5)
    (healthy,) = named(live(gateway, 15), name)
    assert healthy.payload.startswith(cut.payload[:20])
    assert document(healthy)


def test_a_counter_of_32_bits_wraps_to_negative_while_the_total_stays_healthy() -> None:
    gateway = new_gateway("one-phase-solar")
    gateway.inject(Fault.WRAP_32_BIT)
    l2, totals = [], []
    while gateway.occurred[Fault.WRAP_32_BIT] == 0:
        for realtime in realtimes(gateway.step()):
            l2.append(realtime["channelPowers"][1]["importEnergy"])
            totals.append(realtime["totalImportEnergy"])
    for realtime in realtimes(live(gateway, 600)):
        l2.append(realtime["channelPowers"][1]["importEnergy"])
        totals.append(realtime["totalImportEnergy"])
    assert l2[0] == 2**31 - 360_000
    falls = [(early, late) for early, late in pairwise(l2) if late < early]
    assert len(falls) == 1
    early, late = falls[0]
    assert late + 2**32 - early in {3600, 7200}
    assert totals == sorted(totals)


@pytest.mark.parametrize("profile", [GatewayKind.PLUS, GatewayKind.SOLAR])
def test_channels_by_ct_input_wrap_too(profile: GatewayKind) -> None:
    gateway = settled(profile)
    gateway.inject(Fault.WRAP_32_BIT)
    channels = [realtime["channelPowers"] for realtime in realtimes(live(gateway, 1500))]
    assert {channel["importEnergy"] for channel in channels[0]} == {2**31 - 360_000}
    falls = [
        (late["importEnergy"] + 2**32 - early["importEnergy"], late["power"])
        for before, after in pairwise(channels)
        for early, late in zip(before, after, strict=True)
        if late["importEnergy"] < early["importEnergy"]
    ]
    assert falls
    assert all(gained == power for gained, power in falls)
