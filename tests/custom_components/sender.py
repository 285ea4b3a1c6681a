"""Sends the messages of hand-written gateways to a broker, and waits until something has come of them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

import aiomqtt

from tests import genius
from tests.genius import Ct, Json

REPEAT_S = 0.05

type Channels = Sequence[dict[str, object]]


class Sender:
    """A gateway that says what it is told to say. `second` is the time stamp of its next measurement."""

    def __init__(self, client: aiomqtt.Client, serial: str = genius.SERIAL, location: str = genius.LOCATION) -> None:
        self.client = client
        self.serial = serial
        self.location = location
        self.second = 0.0
        self.live: Json = genius.powers()

    async def send(self, name: str, document: Json, *, retain: bool = False) -> None:
        topic = genius.topic(name, self.location)
        await self.client.publish(topic, genius.encode(document), qos=1, retain=retain)

    async def introduce(self, cts: Sequence[Ct] = genius.HOUSE, phase_type: str = "THREE_STAR") -> None:
        await self.send("config", genius.config(self.serial, self.location), retain=True)
        await self.install(cts, phase_type)

    async def install(self, cts: Sequence[Ct], phase_type: str = "THREE_STAR") -> None:
        await self.send("channelConfigV2", genius.channel_config(cts, phase_type), retain=True)

    async def repeat(self) -> None:
        """Send the latest measurement again: a repeated one counts only once."""
        await self.send("realtime", self.live)

    async def measure(self, channels: Channels, elapsed_s: float = 1.0) -> None:
        """Send a new measurement, `elapsed_s` after the last one by the gateway's clock."""
        self.second += elapsed_s
        self.live = genius.realtime(channels, self.second)
        await self.repeat()

    async def power(self, elapsed_s: float = 1.0, **by_name: int) -> None:
        """Send a new measurement of `genius.HOUSE`."""
        self.second += elapsed_s
        self.live = genius.powers(self.second, **by_name)
        await self.repeat()

    async def during[T](self, work: Awaitable[T], *others: Sender) -> T:
        """Repeat the latest measurements until something that needs them is done."""
        return await _meanwhile(work, *(sender.repeat for sender in (self, *others)))

    async def living[T](self, work: Awaitable[T], **by_name: int) -> T:
        """Measure anew, second by second, until something that needs it is done."""
        return await _meanwhile(work, partial(self.power, **by_name))


async def _meanwhile[T](work: Awaitable[T], *steps: Callable[[], Awaitable[None]]) -> T:
    task = asyncio.ensure_future(work)
    while not task.done():
        for step in steps:
            await step()
        await asyncio.wait({task}, timeout=REPEAT_S)
    return task.result()


@asynccontextmanager
async def connected(
    host: str, port: int, user: str | None = None, password: str | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[aiomqtt.Client]:
    async with aiomqtt.Client(host, port, username=user, password=password, tls_context=tls) as client:
        yield client
        ended = client._disconnected  # noqa: SLF001 - that a test has stopped the broker is no fault to be logged
        if ended.done():
            ended.exception()


@asynccontextmanager
async def in_background(listen: Callable[[asyncio.Event], Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """Let somebody listen for a while; `listen` sets the event when it hears."""
    ready = asyncio.Event()
    task = asyncio.create_task(listen(ready))
    await ready.wait()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, aiomqtt.MqttError):
            await task
