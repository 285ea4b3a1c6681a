"""The case of the bridge does what it says: both bridges follow every gateway, and ours sends less."""

import pytest

from benchmarks import bridge
from benchmarks.recording import record


def test_both_follow_their_gateways_and_ours_sends_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "SETTLE_S", 2)
    monkeypatch.setattr(bridge, "SECONDS", 3)
    recording = record(seconds=8)
    ours, theirs = (bridge.run(follow, 2, recording) for follow in (bridge.ours, bridge.peer))
    assert 0 < ours.messages < theirs.messages
    assert ours.oldest_s < 5
    assert min(ours.cpu_s, theirs.cpu_s) > 0


def test_each_gateway_of_a_run_is_another_one() -> None:
    recording = record(seconds=1)
    one, other = bridge.of(1, recording), bridge.of(2, recording)
    assert {message.topic for message in one.documents}.isdisjoint(message.topic for message in other.documents)
    assert one.serial != other.serial
    assert recording.serial.encode() not in b"".join(message.payload for message in (*one.documents, *one.seconds))
