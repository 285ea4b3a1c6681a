"""What a stranger's client sees: of each kind of gateway exactly the topics, flags, order and cadence that are known.

The table is written by hand from the protocol facts (3.3). The client is ``mosquitto_sub`` where it is installed.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import aiomqtt
import pytest

from simulator.sites.site import GatewayKind
from tests.mosquitto import Mosquitto

MOSQUITTO_SUB = shutil.which("mosquitto_sub", path="/usr/bin:/usr/local/bin:/opt/homebrew/bin")
READY = "ready"
START_MS = 1_782_036_060_000
START = "2026-06-21T10:01:00"
SPEED = 150
PERIOD_MS = 300_000


class Expected(NamedTuple):
    """The documents in the order of the boot, the periodic topics, and what the stamps of the documents tell."""

    at_boot: tuple[str, ...]
    periodic: tuple[str, ...]
    spacing_s: dict[str, float]


PLUGS_AND_PRESENCE = ("presence", "plug/1/state", "plug/2/state")
EXPECTED = {
    GatewayKind.GENIUS: Expected(
        at_boot=("config", "sensorConfig", "homeControlConfig", "channelConfigV2", *PLUGS_AND_PRESENCE),
        periodic=("realtime", "aggregated"),
        spacing_s={"config": 0.0, "sensorConfig": 0.9, "homeControlConfig": 3.0, "channelConfigV2": 3.2},
    ),
    GatewayKind.PLUS: Expected(
        at_boot=("config", "sensorConfig", "homeControlConfig", "channelConfig", *PLUGS_AND_PRESENCE),
        periodic=("realtime", "aggregated"),
        spacing_s={"config": 0.0, "sensorConfig": 0.5, "homeControlConfig": 0.8},
    ),
    GatewayKind.SOLAR: Expected(
        at_boot=("config", "channelConfig"),
        periodic=("realtime",),
        spacing_s={"config": 0.0},
    ),
}


class Seen(NamedTuple):
    """A message as the client shows it."""

    retained: bool
    qos: int
    topic: str
    payload: str

    @property
    def name(self) -> str:
        """The topic below the service location."""
        return self.topic.split("/", 2)[2]

    def stamp_ms(self) -> int:
        stamp: int = json.loads(self.payload)["utcTimeStamp"]
        return stamp


@asynccontextmanager
async def subscribed(broker: Mosquitto) -> AsyncIterator[AsyncIterator[Seen]]:
    """A client of everything that has certainly subscribed."""
    async with aiomqtt.Client(broker.host, broker.port) as marker:
        await marker.publish(READY, b"-", qos=1, retain=True)
    source = mosquitto_sub(broker) if MOSQUITTO_SUB else own_client(broker)
    async with source as messages:
        while (await anext(messages)).topic != READY:
            pass
        yield messages


@asynccontextmanager
async def mosquitto_sub(broker: Mosquitto) -> AsyncIterator[AsyncIterator[Seen]]:
    assert MOSQUITTO_SUB
    arguments = ("-h", broker.host, "-p", str(broker.port), "-q", "1", "-t", "#", "-F", "%r %q %t %p")
    process = await asyncio.create_subprocess_exec(
        MOSQUITTO_SUB, *arguments, stdout=asyncio.subprocess.PIPE, limit=2**20
    )
    lines = process.stdout
    assert lines

    async def messages() -> AsyncIterator[Seen]:
        async for line in lines:
            retained, qos, topic, payload = line.decode().rstrip("\n").split(" ", 3)
            yield Seen(retained == "1", int(qos), topic, payload)

    try:
        yield messages()
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def own_client(broker: Mosquitto) -> AsyncIterator[AsyncIterator[Seen]]:
    async def messages(client: aiomqtt.Client) -> AsyncIterator[Seen]:
        async for message in client.messages:
            yield Seen(message.retain, message.qos, message.topic.value, message.payload.decode())

    async with aiomqtt.Client(broker.host, broker.port) as client:
        await client.subscribe("#", qos=1)
        yield messages(client)


@asynccontextmanager
async def simulated(profile: GatewayKind, broker: Mosquitto) -> AsyncIterator[None]:
    """The real program as a user starts it."""
    arguments = ("--profile", profile, "--broker", f"mqtt://{broker.host}:{broker.port}")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", *arguments, "--speed", str(SPEED), "--start", START),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        assert await process.wait() == 0


async def until_second(messages: AsyncIterator[Seen], end_ms: int) -> list[Seen]:
    """Everything up to the first ``realtime`` after `end_ms` of simulated time."""
    seen = []
    async for message in messages:
        seen.append(message)
        if message.name == "realtime" and message.stamp_ms() > end_ms:
            return seen
    raise AssertionError("the client has ended")


@pytest.mark.parametrize("profile", GatewayKind)
async def test_a_client_sees_exactly_what_is_known_of_the_kind(profile: GatewayKind, mosquitto: Mosquitto) -> None:
    expected = EXPECTED[profile]
    async with subscribed(mosquitto) as early, simulated(profile, mosquitto):
        live = await until_second(early, START_MS + 2 * PERIOD_MS)
        async with subscribed(mosquitto) as late:
            first = [message async for message in until_live(late)]

    assert_topics(live, expected)
    assert_boot_order(live, expected)
    assert_cadence_of_realtime(live, exact=profile is GatewayKind.GENIUS)
    boundary_ms = START_MS // PERIOD_MS * PERIOD_MS
    assert ends_of_intervals(live) == (
        [{boundary_ms + PERIOD_MS}, {boundary_ms + 2 * PERIOD_MS}] if "aggregated" in expected.periodic else []
    )
    assert {message.name for message in first if message.retained} == set(expected.at_boot)
    assert {message.qos for message in [*live, *first]} == {1}


async def until_live(messages: AsyncIterator[Seen]) -> AsyncIterator[Seen]:
    async for message in messages:
        if message.topic != READY:
            yield message
        if not message.retained:
            return


def assert_topics(live: list[Seen], expected: Expected) -> None:
    assert {message.name for message in live} == {*expected.at_boot, *expected.periodic}
    uuid = json.loads(live[0].payload)["serviceLocationUuid"]
    assert all(message.topic == f"servicelocation/{uuid}/{message.name}" for message in live)
    assert not any(message.retained for message in live)


def assert_boot_order(live: list[Seen], expected: Expected) -> None:
    names = [message.name for message in live]
    documents = [name for name in names if name not in expected.periodic]
    assert documents[: len(expected.at_boot)] == list(expected.at_boot)
    assert set(documents[len(expected.at_boot) :]) <= {"presence"}
    assert names.index("realtime") == len(expected.at_boot)
    stamps = {message.name: message.stamp_ms() for message in live if message.name in expected.spacing_s}
    spacing = {name: (stamp - stamps["config"]) / 1000 for name, stamp in stamps.items()}
    assert spacing == pytest.approx(expected.spacing_s, abs=0.05)


def assert_cadence_of_realtime(live: list[Seen], *, exact: bool) -> None:
    stamps = [message.stamp_ms() for message in live if message.name == "realtime"]
    steps = {later - earlier for earlier, later in pairwise(stamps)}
    assert len(stamps) > 500
    if exact:
        assert steps == {1000}
        assert stamps[0] % 1000 == 0
    else:
        assert 900 < min(steps) < 1000 < max(steps) < 1100


def ends_of_intervals(live: list[Seen]) -> list[set[int]]:
    """What each ``aggregated`` says of the end of its intervals, ms."""
    return [
        {interval["utcEndtime"] for interval in json.loads(message.payload)["intervalDatas"]}
        for message in live
        if message.name == "aggregated"
    ]
