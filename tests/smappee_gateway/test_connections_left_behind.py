"""A connection that was never finished is closed all the same; the other end here accepts and says nothing."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from smappee_gateway import mqtt_client
from smappee_gateway.broker import Broker
from smappee_gateway.errors import CannotConnectError
from smappee_gateway.mqtt_client import connected, new_client_id
from tests.mosquitto import free_port


class Mute:
    """Somebody who takes every connection and never answers."""

    def __init__(self) -> None:
        self.taken = asyncio.Event()
        self.left = asyncio.Event()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken.set()
        with suppress(ConnectionError):
            await reader.read()
        self.left.set()
        writer.close()


@pytest.fixture
async def mute() -> Mute:
    return Mute()


@pytest.fixture
async def broker(mute: Mute) -> AsyncIterator[Broker]:
    async with await asyncio.start_server(mute.take, "127.0.0.1", 0) as server:
        yield Broker("127.0.0.1", server.sockets[0].getsockname()[1])


async def connect(broker: Broker) -> None:
    async with connected(broker, new_client_id()):
        pass


async def test_who_never_answers_is_left(broker: Broker, mute: Mute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt_client, "CONNECT_TIMEOUT_S", 0.2)
    with pytest.raises(CannotConnectError):
        await connect(broker)
    async with asyncio.timeout(5):
        await mute.left.wait()


async def test_who_has_not_answered_yet_is_left_when_it_is_given_up(broker: Broker, mute: Mute) -> None:
    connecting = asyncio.create_task(connect(broker))
    await mute.taken.wait()
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    async with asyncio.timeout(5):
        await mute.left.wait()


async def test_a_connection_that_is_given_up_at_once_is_left(broker: Broker, mute: Mute) -> None:
    connecting = asyncio.create_task(connect(broker))
    await asyncio.sleep(0)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    async with asyncio.timeout(5):
        await mute.left.wait()


async def test_what_nobody_waits_for_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    connecting = asyncio.create_task(connect(Broker("127.0.0.1", free_port())))
    await asyncio.sleep(0)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    del connecting
    gc.collect()
    assert not caplog.records
