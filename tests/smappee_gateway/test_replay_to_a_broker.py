"""``replay --to``: a recorded house on another broker, message for message."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import pytest
from paho.mqtt.client import MQTTv5
from paho.mqtt.subscribeoptions import SubscribeOptions

from mqtt_schema.points import points
from smappee_gateway.broker import Broker
from smappee_gateway.capture import RecordedMessage, header_line, message_line
from smappee_gateway.cli.playback import Playback
from smappee_gateway.cli.recording import recorded
from smappee_gateway.mqtt_transport import MqttTransport
from smappee_gateway.session import Session
from tests import genius
from tests.command_line import Terminal, run
from tests.mosquitto import Mosquitto
from tests.waiting import until

type Sent = tuple[str, bytes, bool, int | None]
"""Topic, payload, retain flag and quality of service."""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker without a gateway."""
    (tmp_path / "other").mkdir()
    broker = Mosquitto(tmp_path / "other")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
async def recording(house: tuple[str, ...], tmp_path: Path) -> Path:
    """Some seconds of a simulated house."""
    file = tmp_path / "house.jsonl"
    status, _, err = await run("capture", *house, "-o", str(file), "--seconds", "3")
    assert (status, err) == (0, "")
    return file


def url(broker: Mosquitto, user: str = "") -> str:
    return f"mqtt://{user}{broker.host}:{broker.port}"


def sent(messages: Iterable[RecordedMessage]) -> list[Sent]:
    return [(message.topic, message.payload, message.retained, message.qos) for message in messages]


@asynccontextmanager
async def subscriber(broker: Mosquitto) -> AsyncIterator[aiomqtt.Client]:
    """A program that is told the retain flag as it was published (MQTT 5 only)."""
    async with aiomqtt.Client(broker.host, broker.port, protocol=aiomqtt.ProtocolVersion(MQTTv5)) as client:
        await client.subscribe("#", options=SubscribeOptions(qos=2, retainAsPublished=True))
        yield client


async def arriving(client: aiomqtt.Client, count: int) -> list[Sent]:
    async with asyncio.timeout(20):
        messages = [await anext(client.messages) for _ in range(count)]
    return [(message.topic.value, bytes(message.payload), message.retain, message.qos) for message in messages]


async def test_the_same_messages_arrive_in_the_same_order_with_the_same_flags(
    recording: Path, other: Mosquitto
) -> None:
    expected = sent(recorded(recording))
    assert {True, False} == {retained for _, _, retained, _ in expected}
    assert {qos for *_, qos in expected} == {1}
    async with subscriber(other) as client:
        status, out, err = await run("replay", str(recording), "--to", url(other), "--speed", "0")
        assert (status, err) == (0, "")
        assert await arriving(client, len(expected)) == expected
    assert f"{len(expected)} messages" in out


async def test_what_is_captured_from_the_other_broker_is_the_same(
    recording: Path, other: Mosquitto, tmp_path: Path
) -> None:
    original = list(recorded(recording))
    again, later = tmp_path / "again.jsonl", tmp_path / "later.jsonl"
    address = (other.host, "--port", str(other.port), "--raw", "-o")
    capture = asyncio.create_task(run("capture", *address, str(again), "--seconds", "4"))
    await until(again.exists)
    await run("replay", str(recording), "--to", url(other), "--speed", "0")
    await capture
    assert [(m.topic, m.payload, m.qos) for m in recorded(again)] == [(m.topic, m.payload, m.qos) for m in original]
    await run("capture", *address, str(later), "--seconds", "1")
    assert sorted(sent(recorded(later))) == sorted(sent(message for message in original if message.retained))


def values(session: Session) -> Sequence[object]:
    return [row.value(session.site, session.readings, scope.id) for row, scope in points(session.site)]


async def test_a_session_on_the_other_broker_measures_the_same_to_the_last_digit(
    recording: Path, other: Mosquitto
) -> None:
    original = list(recorded(recording))
    from_file, from_broker = Playback(), Playback()
    for message in original:
        from_file.play(message)
    async with asyncio.timeout(30), MqttTransport(Broker(other.host, other.port)).messages() as messages:
        await run("replay", str(recording), "--to", url(other), "--speed", "0")
        for old in original:
            new = await anext(messages)
            from_broker.play(
                RecordedMessage(at_s=old.at_s, topic=new.topic, payload=new.payload, retained=new.retained)
            )
    (one,), (two,) = from_file.sessions.values(), from_broker.sessions.values()
    assert two.site == one.site
    assert values(two) == values(one)
    assert two.memory.site_energy == one.memory.site_energy
    assert one.readings.site_energy.house_j


async def test_what_is_retained_is_told_and_can_be_removed(recording: Path, other: Mosquitto) -> None:
    retained = {message.topic for message in recorded(recording) if message.retained}
    _, out, _ = await run("replay", str(recording), "--to", url(other), "--speed", "0")
    assert f"{len(retained)} retained topics stay there; this command with --clear removes them" in out
    async with aiomqtt.Client(other.host, other.port) as client:
        await client.publish("mine", b"1", retain=True)
    status, out, err = await run("replay", str(recording), "--to", url(other), "--clear")
    assert (status, err) == (0, "")
    assert f"{len(retained)} retained topics" in out
    async with subscriber(other) as client:
        assert await arriving(client, 1) == [("mine", b"1", True, 0)]
        await client.publish("last", b"2")
        assert (await arriving(client, 1))[0][0] == "last"


def capture_file(file: Path, *messages: RecordedMessage, ending: bytes = b"") -> str:
    header = header_line("2026-06-21T10:00:00+00:00", "test", anonymised=False)
    file.write_bytes(header + b"".join(map(message_line, messages)) + ending)
    return str(file)


def message(at_s: float, name: str, payload: bytes = b"{}", *, qos: int | None = None) -> RecordedMessage:
    return RecordedMessage(at_s=at_s, topic=genius.topic(name), payload=payload, qos=qos)


async def test_commands_are_left_out_because_they_would_switch_something(other: Mosquitto, tmp_path: Path) -> None:
    names = ("config", "plug/1/setstate", "x/action/setcurrent", "realtime")
    file = capture_file(tmp_path / "x.jsonl", *(message(0, name) for name in names))
    async with subscriber(other) as client:
        _, out, _ = await run("replay", file, "--to", url(other), "--speed", "0")
        assert [topic for topic, *_ in await arriving(client, 2)] == [genius.topic("config"), genius.topic("realtime")]
    assert "2 messages, 2 topics, 2 commands left out" in out


async def test_the_quality_of_service_is_that_of_the_recording(other: Mosquitto, tmp_path: Path) -> None:
    levels = (0, 1, 2, None)
    file = capture_file(tmp_path / "x.jsonl", *(message(0, f"x{qos}", qos=qos) for qos in levels))
    async with subscriber(other) as client:
        await run("replay", file, "--to", url(other), "--speed", "0")
        # Of different levels a broker may deliver the later one first: level 2 takes more steps.
        assert Counter(qos for *_, qos in await arriving(client, 4)) == {0: 1, 1: 2, 2: 1}


async def test_it_takes_the_time_of_the_recording_and_says_how_far_it_is(other: Mosquitto, tmp_path: Path) -> None:
    file = capture_file(tmp_path / "x.jsonl", *(message(at_s, "realtime") for at_s in (0, 1, 3600)))
    terminal = Terminal(columns=80, lines=24)
    async with terminal.running("smappee_gateway", "replay", file, "--to", url(other)) as process:
        await until(lambda: "Playing: 2 messages" in terminal.text)
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
        await until(lambda: "Played into" in terminal.text)
    assert f"Played into {other.host}:{other.port}: 2 messages" in terminal.text


async def test_of_a_damaged_file_what_stands_before_is_played(other: Mosquitto, tmp_path: Path) -> None:
    file = capture_file(tmp_path / "x.jsonl", message(0, "realtime"), ending=b'{"at":')
    status, out, err = await run("replay", file, "--to", url(other))
    assert status == 2
    assert ": 1 messages" in out
    assert "damaged in line 3" in err


async def test_a_topic_that_mqtt_does_not_allow_is_named(other: Mosquitto, tmp_path: Path) -> None:
    file = capture_file(tmp_path / "x.jsonl", RecordedMessage(at_s=0, topic="a/#", payload=b""))
    status, _, err = await run("replay", file, "--to", url(other))
    assert status == 2
    assert "'a/#'" in err


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker that lets only anna in, with p@ss."""
    broker = Mosquitto(tmp_path)
    broker.ask_for_a_password()
    broker.start()
    yield broker
    broker.stop()


async def test_a_broker_that_asks_for_a_password_gets_it_and_nobody_else_does(
    guarded: Mosquitto, tmp_path: Path
) -> None:
    file = capture_file(tmp_path / "x.jsonl", message(0, "realtime"))
    status, out, err = await run("replay", file, "--to", url(guarded, "anna:p%40ss@"))
    assert (status, err) == (0, "")
    for wrong in ("", "anna:wrong@"):
        status, out_of_wrong, err = await run("replay", file, "--to", url(guarded, wrong))
        assert status == 2
        assert "user and password" in err
        out += out_of_wrong + err
    assert "p@ss" not in out
    assert "wrong" not in out


async def test_clear_needs_a_broker(tmp_path: Path) -> None:
    status, _, err = await run("replay", capture_file(tmp_path / "x.jsonl"), "--clear")
    assert status == 2
    assert "say which broker with --to" in err
