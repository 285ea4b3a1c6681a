"""The contenders really do the work they are timed for."""

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

pytest.importorskip("pysmappee", reason="the vendor's client is installed in the full environment only")

from benchmarks.clients import our_client, our_messages, vendor_client, vendor_messages
from benchmarks.recording import SETTLING_S, Recording, record, with_every_counter_moving
from simulator import Message

SECONDS = 60
USUAL = record(SECONDS)
DEAREST = with_every_counter_moving(USUAL)


def document(message: Message) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(message.payload)
    return content


def counters(message: Message) -> list[int]:
    channels = document(message)["channelPowers"]
    return [channel[name] for channel in channels for name in ("importEnergy", "exportEnergy")]


def steps(messages: Sequence[Message]) -> list[int]:
    """How many counters have changed from each second to the next."""
    return [
        sum(old != new for old, new in zip(before, after, strict=True))
        for before, after in pairwise(map(counters, messages))
    ]


def test_the_recording_is_of_28_channels_and_consecutive_seconds() -> None:
    documents = [document(message) for message in (*USUAL.settling, *USUAL.seconds)]
    assert {len(second["channelPowers"]) for second in documents} == {28}
    times = [second["utcTimeStamp"] for second in documents]
    assert times == list(range(times[0], times[0] + 1000 * (SETTLING_S + SECONDS), 1000))


def test_counters_step_now_and_then_and_in_the_dearest_recording_all_of_them_every_second() -> None:
    assert 0 < sum(steps(USUAL.seconds)) / SECONDS < 10
    assert steps((DEAREST.settling[-1], *DEAREST.seconds)) == [56] * SECONDS


@pytest.mark.parametrize("recording", [USUAL, DEAREST], ids=["usual", "dearest"])
def test_our_client_understands_and_counts_everything(recording: Recording) -> None:
    client = our_client(recording)
    for message in our_messages(recording.seconds):
        client.receive(message)
    readings, site = client.session.readings, client.session.site
    sent = {channel["publishIndex"]: channel for channel in document(recording.seconds[-1])["channelPowers"]}
    assert readings.site_power.grid_w == sum(sent[index]["power"] for index in (0, 1, 2))
    for load in site.loads:
        energy = readings.load_energy[load.id]
        assert energy.import_j == sum(sent[channel.index]["importEnergy"] for channel in load.channels)
        assert energy.export_j == sum(sent[channel.index]["exportEnergy"] for channel in load.channels)
    assert sum(len(load.channels) for load in site.loads) == len(sent)
    assert client.session.ignored_counter_values == 0
    assert client.decoder.unreadable == {}


def test_the_vendor_client_follows(capfd: pytest.CaptureFixture[str]) -> None:
    client = vendor_client(USUAL)
    for message in vendor_messages(USUAL.seconds):
        client.receive(message)
    last = document(USUAL.seconds[-1])
    grid = client.location.measurements[0]
    assert client.location.total_power == last["totalPower"]
    assert grid.active_total == sum(channel["power"] for channel in last["channelPowers"][:3])
    assert capfd.readouterr() == ("", ""), "it prints the errors that it swallows"
