"""The bridge: what a gateway costs it each second, beside a plain bridge that publishes everything it reads.

Two real brokers: one that gateways send to, one that is published to. Gateways are a process of their own, in real
time, so only the bridge's CPU time counts. `rounds` has no meaning here: a run is as long as it is.
"""

import asyncio
import json
import math
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import aiomqtt

from benchmarks.broker import HOST, mosquitto
from benchmarks.recording import Recording, record
from benchmarks.results import OURS, Result, beside_peers
from openhab_bridge.house import House
from openhab_bridge.outage import Outage
from openhab_bridge.publishing import Publishing
from openhab_bridge.settings import GatewaySettings, Settings
from simulator import Message
from smappee_gateway.broker import Broker

SECONDS = 20
SETTLE_S = 8
"""Descriptions go out, and energy counters prove themselves, before anything is measured."""
START_S = 60
"""At most, until every gateway has been heard; gateways send on until the run has ended."""
FEW, MANY = 10, 100
POLL_S = 0.05
AT_MOST = 1.0
PEER = "publish everything"
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run happens."""

    source: int
    """Port of the broker that gateways send to."""
    target: int
    gateways: int
    folder: Path


@dataclass(slots=True)
class Spent:
    """What a run has cost after it has settled."""

    cpu_s: float
    messages: int
    grown_bytes: int
    oldest_s: float
    """The age of the oldest measurement at the end, in seconds; gateways send one a second."""


type Bridge = Callable[[Place, asyncio.Future[Spent]], Awaitable[None]]
"""Follows the gateways until it is cancelled, and tells what that has cost."""


def results(rounds: int) -> list[Result]:
    """Run both, then the bridge with many gateways."""
    del rounds
    recording = record(seconds=START_S + SETTLE_S + SECONDS)
    few = {OURS: run(ours, FEW, recording), PEER: run(peer, FEW, recording)}
    many = run(ours, MANY, recording)
    each_ms = {name: spent.cpu_s / FEW / SECONDS * 1e3 for name, spent in few.items()}
    sent = {name: spent.messages / FEW / SECONDS for name, spent in few.items()}
    return [
        *beside_peers("CPU of the bridge a gateway and second", "ms", each_ms, {PEER: AT_MOST}),
        *beside_peers("messages published a gateway and second", "messages", sent, {}),
        Result(name=f"the same CPU with {MANY} gateways", value=many.cpu_s / MANY / SECONDS * 1e3, unit="ms"),
        Result(name=f"oldest measurement of {MANY} gateways", value=many.oldest_s, unit="s"),
        Result(name=f"memory grown in {SECONDS} s, {MANY} gateways", value=many.grown_bytes / MEGABYTE, unit="MB"),
    ]


def run(bridge: Bridge, gateways: int, recording: Recording) -> Spent:
    """Let gateways send, and a bridge follow them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = [stack.enter_context(mosquitto(_subfolder(folder, name))) for name in ("source", "target")]
        arguments = (ports[0], gateways, recording)
        sender = multiprocessing.get_context("spawn").Process(target=send, args=arguments, daemon=True)
        sender.start()
        try:
            return asyncio.run(_measured(bridge, Place(ports[0], ports[1], gateways, folder)))
        finally:
            sender.terminate()
            sender.join()


async def _measured(bridge: Bridge, place: Place) -> Spent:
    spent: asyncio.Future[Spent] = asyncio.get_running_loop().create_future()
    running = asyncio.ensure_future(bridge(place, spent))
    try:
        return await spent
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def ours(place: Place, spent: asyncio.Future[Spent]) -> None:
    """Run the bridge as it is after an untouched start."""
    source, target = Broker(HOST, place.source), Broker(HOST, place.target)
    gateways = tuple(GatewaySettings(broker=source, serial=serial_of(number)) for number in range(place.gateways))
    settings = Settings(target=target, gateways=gateways)
    houses = [House(gateway, str(gateway.serial), place.folder / "state") for gateway in gateways]
    publishing = [Publishing(house, settings, Outage(settings.target)) for house in houses]

    def published() -> int:
        return sum(link.published for one in publishing for link in one.connections())

    async with asyncio.TaskGroup() as tasks:
        for one in publishing:
            tasks.create_task(one.run())
        await _count(published, lambda: max(_age_s(house) for house in houses), spent)


async def peer(place: Place, spent: asyncio.Future[Spent]) -> None:
    """Read every message of every gateway, and publish every number of it: the bridge that is written in an hour."""
    sent = 0
    async with aiomqtt.Client(HOST, place.target) as target, aiomqtt.Client(HOST, place.source) as source:
        await source.subscribe("servicelocation/+/realtime", qos=1)

        async def follow() -> None:
            nonlocal sent
            async for message in source.messages:
                location = message.topic.value.split("/")[1]
                for channel in json.loads(bytes(message.payload or b""))["channelPowers"]:
                    for key, value in channel.items():
                        await target.publish(
                            f"plain/{location}/{channel['publishIndex']}/{key}", str(value), retain=True
                        )
                        sent += 1

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(follow())
            await _count(lambda: sent, lambda: 0.0, spent)


async def _count(messages: Callable[[], int], oldest_s: Callable[[], float], spent: asyncio.Future[Spent]) -> None:
    while not messages() or oldest_s() == math.inf:  # noqa: ASYNC110 - nobody tells when all are at work
        await asyncio.sleep(POLL_S)
    await asyncio.sleep(SETTLE_S)
    cpu_s, before, memory = time.process_time(), messages(), _memory()
    await asyncio.sleep(SECONDS)
    spent.set_result(Spent(time.process_time() - cpu_s, messages() - before, _memory() - memory, oldest_s()))


def send(port: int, gateways: int, recording: Recording) -> None:
    """Send what the recording has, for each gateway under its own serial number, a message a second."""
    asyncio.run(_send(port, [of(number, recording) for number in range(gateways)]))


async def _send(port: int, recordings: list[Recording]) -> None:
    async with aiomqtt.Client(HOST, port) as client:
        for recording in recordings:
            for message in recording.documents:
                await client.publish(message.topic, message.payload, qos=1, retain=True)
        for second in zip(*((*recording.settling, *recording.seconds) for recording in recordings), strict=True):
            ends = time.monotonic() + 1.0
            for message in second:
                await client.publish(message.topic, message.payload, qos=0)
            await asyncio.sleep(max(0.0, ends - time.monotonic()))


def serial_of(number: int) -> str:
    """Return the serial number of a gateway of the run."""
    return f"50{number:08d}"


def of(number: int, recording: Recording) -> Recording:
    """Give a recording the serial number and the location of another gateway."""
    (location,) = {message.topic.split("/")[1] for message in recording.seconds}
    names = {recording.serial: serial_of(number), location: f"{number:08d}{location[8:]}"}
    return Recording(
        serial=serial_of(number),
        documents=tuple(_renamed(message, names) for message in recording.documents),
        settling=tuple(_renamed(message, names) for message in recording.settling),
        seconds=tuple(_renamed(message, names) for message in recording.seconds),
    )


def _renamed(message: Message, names: Mapping[str, str]) -> Message:
    topic, payload = message.topic, message.payload
    for old, new in names.items():
        topic, payload = topic.replace(old, new), payload.replace(old.encode(), new.encode())
    return replace(message, topic=topic, payload=payload)


def _subfolder(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def _age_s(house: House) -> float:
    age_s = house.gateway.age_s
    return math.inf if age_s is None else age_s


def _memory() -> int:
    """Return the most memory this process has had, in bytes (Linux tells kilobytes)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
