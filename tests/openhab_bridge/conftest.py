"""A simulated house, its gateway on a broker, and the bridge."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openhab_bridge import connection, house, publishing, silence, sweep
from openhab_bridge.bridge import Bridge
from openhab_bridge.settings import GatewaySettings, Settings, TrafficSettings
from simulator import SITES, Gateway, House
from simulator.endpoint import Endpoint
from simulator.runner import run
from simulator.sites.site import Site
from smappee_gateway import backoff
from smappee_gateway.broker import Broker
from tests.mosquitto import Mosquitto

SERIAL = "5010009999"
SPEED = 4.0
"""Simulated seconds in a second."""

type StartBridge = Callable[..., Awaitable[Bridge]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less than in life."""
    monkeypatch.setattr(backoff, "FIRST_S", 0.2)
    monkeypatch.setattr(backoff, "LONGEST_S", 0.4)
    monkeypatch.setattr(sweep, "QUIET_S", 0.3)
    monkeypatch.setattr(connection, "LOOK_S", 0.3)
    monkeypatch.setattr(connection, "FORBIDDEN_S", 0.3)
    monkeypatch.setattr(house, "LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(silence, "SOON_S", 0.1)
    monkeypatch.setattr(silence, "LATER_S", 1.0)
    monkeypatch.setattr(publishing, "TICK_S", 0.1)
    monkeypatch.setattr(publishing, "SNAPSHOT_EVERY_S", 0.5)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Mosquitto]:
    """The broker that everything is published to; the gateway has one of its own."""
    folder = tmp_path / "target"
    folder.mkdir()
    broker = Mosquitto(folder)
    broker.start()
    yield broker
    broker.stop()


@asynccontextmanager
async def living(site: str | Site, broker: Mosquitto, seed: int = 1, speed: float = SPEED) -> AsyncIterator[Gateway]:
    """A simulated gateway at work."""
    described = SITES[site] if isinstance(site, str) else site
    gateway = Gateway(House(described, seed=seed, start=datetime(2026, 6, 21, 10, tzinfo=UTC)), seed=seed)
    running = asyncio.create_task(run(gateway, Endpoint(broker.host, broker.port), speed=speed))
    try:
        yield gateway
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def gateway(mosquitto: Mosquitto) -> AsyncIterator[Gateway]:
    """The gateway of a large three-phase house."""
    async with living("everything", mosquitto) as gateway:
        yield gateway


@pytest.fixture
def settings(mosquitto: Mosquitto, target: Mosquitto) -> Settings:
    return Settings(
        target=Broker(target.host, target.port),
        gateways=(GatewaySettings(broker=Broker(mosquitto.host, mosquitto.port), serial=SERIAL),),
        traffic=TrafficSettings(paces={}),
    )


@asynccontextmanager
async def bridging(settings: Settings, folder: Path) -> AsyncIterator[Bridge]:
    """The bridge at work; it takes leave at the end."""
    random.seed(1)
    bridge = Bridge(settings, folder)
    running = asyncio.create_task(bridge.run())
    try:
        yield bridge
    finally:
        bridge.stop()
        await running


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[StartBridge]:
    """Start a bridge that runs until the end of the test."""
    async with AsyncExitStack() as stack:

        async def start(settings: Settings) -> Bridge:
            return await stack.enter_async_context(bridging(settings, tmp_path / "state"))

        yield start
