"""The capture format, and what becomes of a simulated house that is recorded and played back."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtt_schema.points import points
from smappee_gateway.anonymise import Anonymiser
from smappee_gateway.capture import DamagedCaptureError, RecordedMessage, header_line, message_line, read
from smappee_gateway.cli.playback import Playback
from smappee_gateway.cli.recording import recorded
from smappee_gateway.recorder import Recorder
from smappee_gateway.session import Session
from tests.simulator.living import MIDSUMMER_NOON, new_gateway

HEADER = header_line("2026-06-21T10:00:00+00:00", "test", anonymised=False)

messages = st.builds(
    RecordedMessage,
    at_s=st.floats(0, 1e6).map(lambda seconds: round(seconds, 6)),
    topic=st.text(),
    payload=st.one_of(st.binary(), st.text().map(str.encode)),
    retained=st.booleans(),
    qos=st.sampled_from([None, 0, 1, 2]),
)


@given(st.lists(messages))
def test_what_is_written_is_read(written: list[RecordedMessage]) -> None:
    header, again = read([HEADER, *map(message_line, written)])
    assert (header.started_at, header.tool, header.anonymised) == ("2026-06-21T10:00:00+00:00", "test", False)
    assert list(again) == written


def test_notes_stand_in_the_first_line_with_their_time() -> None:
    now = iter([100.0, 112.34, 113.0])
    recorder = Recorder("test", anonymised=False, clock=lambda: next(now))
    recorder.note("relay 1 on")
    recorder.note("relay 1 off")
    header, messages = read([recorder.header()])
    assert [(note.at, note.text) for note in header.notes] == [(12.3, "relay 1 on"), (13.0, "relay 1 off")]
    assert list(messages) == []


def test_a_note_hides_what_the_messages_have_shown_to_be_names_or_numbers() -> None:
    recorder = Recorder("test", anonymised=True)
    recorder.note("pump is about to start")
    payload = b'{"serialNumber":"5500001234","name":"Pump (garden)","loads":[{"name":"Pump"},{"name":"\xc3\x89tang"}]}'
    line = recorder.line(RecordedMessage(at_s=1, topic="servicelocation/a/config", payload=payload))
    (message,) = read([recorder.header(), line])[1]
    names = dict(zip(("garden", "pump", "etang"), re.findall(r"Name \d+", message.payload.decode()), strict=True))
    recorder.note("PUMP (garden) on, then pump; pumps, \u00e9tang and 5500001234 off; relay 1")
    early, note = read([recorder.header()])[0].notes
    serial = re.search(r"5500\d{6}", note.text)
    assert serial
    assert serial[0] in message.payload.decode()
    expected = f"{names['garden']} on, then {names['pump']}; pumps, {names['etang']} and {serial[0]} off; relay 1"
    assert note.text == expected
    assert early.text == f"{names['pump']} is about to start"
    assert serial[0] != "5500001234"


def test_only_what_nobody_has_described_is_counted_as_such() -> None:
    recorder = Recorder("test", anonymised=True)
    for name in ("realtime", "outputmodule/1/state", "outputmodule/1/state", "relay"):
        recorder.line(RecordedMessage(at_s=1, topic=f"servicelocation/a/{name}", payload=b"{}"))
    assert recorder.messages == 4
    assert len(recorder.topics) == 3
    assert recorder.undescribed == {"outputmodule/1/state": 2, "relay": 1}


GOOD = message_line(RecordedMessage(at_s=1, topic="servicelocation/a/config", payload=b"{}"))


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ([], "line 1: empty"),
        ([b"hello\n"], "line 1: JSON is malformed"),
        ([b'{"format":"other","version":1,"started_at":""}\n'], "line 1: not a capture"),
        ([b'{"format":"smappee-capture","version":9,"started_at":""}\n'], "line 1: format version 9"),
        ([HEADER, GOOD, b"\n"], "line 3: empty"),
        ([HEADER, GOOD, GOOD[:20]], r"line 3: .*was it cut off\?"),
        ([HEADER, b'{"at":1,"topic":"x"}\n'], "line 2: needs either"),
        ([HEADER, b'{"at":1,"topic":"x","text":"a","base64":"YQ=="}\n'], "line 2: needs either"),
        ([HEADER, b'{"at":1,"topic":"x","base64":"@"}\n'], "line 2: 'base64' is not base64"),
        ([HEADER, b'{"at":-1,"topic":"x","text":""}\n'], "line 2: "),
        ([HEADER, b'{"at":1,"topic":"\xff","text":""}\n'], "line 2: "),
    ],
)
def test_a_damaged_file_names_the_line(lines: list[bytes], complaint: str) -> None:
    with pytest.raises(DamagedCaptureError, match=complaint):
        list(read(lines)[1])


def recording(site: str, seconds: int) -> list[RecordedMessage]:
    gateway = new_gateway(site)
    start_ms = gateway.house.now_ms
    return [
        RecordedMessage(
            at_s=(m.at_ms - start_ms) / 1000, topic=m.topic, payload=m.payload, retained=m.retain, qos=m.qos
        )
        for _ in range(seconds)
        for m in gateway.step()
    ]


def played(played_back: Iterable[RecordedMessage]) -> Session:
    playback = Playback()
    for message in played_back:
        playback.play(message)
    (session,) = playback.sessions.values()
    return session


def values(session: Session) -> Sequence[object]:
    """Every data point in the order of the installation."""
    return [row.value(session.site, session.readings, scope.id) for row, scope in points(session.site)]


@pytest.mark.parametrize("site", ["home", "captured", "full"])
def test_a_capture_played_back_gives_the_same_to_the_last_digit(site: str, tmp_path: Path) -> None:
    live = recording(site, 400)
    file = tmp_path / "house.jsonl"
    file.write_bytes(b"".join([HEADER, *map(message_line, live)]))
    original, again = played(live), played(recorded(file))
    assert again.site == original.site
    assert values(again) == values(original)
    assert again.memory.site_energy == original.memory.site_energy


@pytest.mark.parametrize("site", ["home", "captured"])
def test_an_anonymised_capture_measures_the_same(site: str) -> None:
    live = recording(site, 400)
    anonymiser = Anonymiser(Random(7))
    original, other = played(live), played([anonymiser.message(message) for message in live])
    assert original.site.identity is not None
    assert other.site.identity is not None
    assert other.site.identity.serial != original.site.identity.serial
    assert other.site.identity.model == original.site.identity.model
    assert other.site.topology is original.site.topology
    assert values(other) == values(original)
    assert other.memory.site_energy == original.memory.site_energy


def test_nothing_of_the_original_is_left_in_an_anonymised_capture() -> None:
    gateway = new_gateway("home", start=MIDSUMMER_NOON)
    site = gateway.house.site
    anonymiser = Anonymiser(Random(7))
    text = b"".join(message_line(anonymiser.message(message)) for message in recording("home", 310)).decode()
    identity = site.identity
    secrets = {identity.serial_number, identity.device_uuid, identity.location_uuid, str(identity.location_id)}
    secrets |= {ct.name for ct in site.transformers} | {ct.hub for ct in site.transformers}
    secrets |= {plug.name for plug in site.plugs}
    assert len(secrets) > 15
    assert [secret for secret in secrets if secret in text] == []
