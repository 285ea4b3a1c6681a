"""A Homie 4 controller that somebody else made (node-homie), run on a broker to see what it discovers there."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from tests.command_line import ROOT
from tests.waiting import until

SOURCE = Path(__file__).parent / "consumer"
MODULES = ROOT / ".cache" / "homie-consumer" / "node_modules"
"""Where scripts/setup installs what consumer/package.json names."""
SILENCE_S = 1.0
LONGEST_LINE = 2**24
"""Bytes: everything that was discovered is one line."""


class Property(msgspec.Struct, frozen=True):
    """A property as the consumer understands it; None is what it was not told."""

    name: str | None = None
    datatype: str | None = None
    format: str | None = None
    unit: str | None = None
    settable: bool = False
    retained: bool = True
    value: str | None = None


class Node(msgspec.Struct, frozen=True):
    properties: dict[str, Property]
    name: str | None = None
    type: str | None = None


class Device(msgspec.Struct, frozen=True):
    nodes: dict[str, Node]
    name: str | None = None
    state: str | None = None


class Discovered(msgspec.Struct, frozen=True):
    """All that the consumer has discovered."""

    devices: dict[str, Device]

    @property
    def properties(self) -> dict[str, Property]:
        """By `device/node/property`."""
        return {
            f"{device_id}/{node_id}/{property_id}": item
            for device_id, device in self.devices.items()
            for node_id, node in device.nodes.items()
            for property_id, item in node.properties.items()
        }

    @property
    def units(self) -> dict[str, str]:
        """By `device/node/property`, where there is a unit."""
        return {pointer: item.unit for pointer, item in self.properties.items() if item.unit is not None}

    @property
    def announced(self) -> dict[str, Property]:
        """The properties without their values, which may change all the time."""
        return {pointer: msgspec.structs.replace(item, value=None) for pointer, item in self.properties.items()}

    @property
    def is_whole(self) -> bool:
        """Nothing that is announced is still without its own announcement."""
        nodes = [node for device in self.devices.values() for node in device.nodes.values()]
        return (
            all(device.nodes and device.name and device.state for device in self.devices.values())
            and all(node.properties and node.name for node in nodes)
            and all(item.datatype and item.name for item in self.properties.values())
        )


class Consumer:
    """A running consumer."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.seen = Discovered({})
        self._process = process

    async def until(self, condition: Callable[[Discovered], bool]) -> Discovered:
        """Wait until the consumer has discovered something, and return all that it has."""
        try:
            await until(lambda: condition(self.seen))
        except TimeoutError:
            raise AssertionError(f"the consumer only sees {self.seen}") from None
        return self.seen

    async def set(self, pointer: str, value: str) -> None:
        """Have the consumer command `device/node/property`."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([pointer, value]).encode() + b"\n")
        await self._process.stdin.drain()

    async def read(self) -> None:
        """Follow what it tells, to its end."""
        assert self._process.stdout
        async for line in self._process.stdout:
            self.seen = msgspec.json.decode(line, type=Discovered)


@asynccontextmanager
async def consumer(host: str, port: int, prefix: str = "homie") -> AsyncIterator[Consumer]:
    """Run it; the test is skipped, with the reason, where it is not installed."""
    node = shutil.which("node")
    if node is None or not MODULES.is_dir():
        pytest.skip("node-homie is not installed; scripts/setup tells how to get it")
    process = await asyncio.create_subprocess_exec(
        node,
        str(SOURCE / "consumer.js"),
        f"mqtt://{host}:{port}",
        prefix,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"NODE_PATH": str(MODULES)},
        limit=LONGEST_LINE,
    )
    running = Consumer(process)
    reading = asyncio.create_task(running.read())
    try:
        yield running
    finally:
        assert process.stdin
        process.stdin.close()  # which is how it is told to end
        await reading
        await process.wait()


async def discovered(host: str, port: int, prefix: str = "homie", devices: int = 1) -> Discovered:
    """Return what it discovers, once that many devices are whole and nothing more has been announced for a while."""
    async with consumer(host, port, prefix) as running:
        await running.until(lambda seen: len(seen.devices) >= devices and seen.is_whole)
        before = None
        while before != (before := running.seen.announced):  # noqa: ASYNC110 - nobody tells the end
            await asyncio.sleep(SILENCE_S)
        return running.seen
