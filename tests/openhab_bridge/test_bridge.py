"""A bridge that is told to stop before there is anything to stop."""

import asyncio
from pathlib import Path

import pytest

from openhab_bridge.bridge import Bridge
from openhab_bridge.settings import GatewaySettings, Settings
from smappee_gateway.broker import Broker
from tests.mosquitto import Mosquitto, free_port
from tests.openhab_bridge.conftest import SERIAL
from tests.waiting import until

NOBODY = Broker("127.0.0.1", free_port())


@pytest.mark.parametrize("serial", [SERIAL, None], ids=["known", "looked for"])
async def test_a_stop_before_the_start_is_a_stop(serial: str | None, target: Mosquitto, tmp_path: Path) -> None:
    place = Broker(target.host, target.port)
    bridge = Bridge(Settings(target=place, gateways=(GatewaySettings(broker=NOBODY, serial=serial),)), tmp_path)
    bridge.stop()
    async with asyncio.timeout(20):
        await bridge.run()


async def test_a_search_is_explained_and_can_be_stopped(
    target: Mosquitto, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = Broker(target.host, target.port)
    bridge = Bridge(Settings(target=place, gateways=(GatewaySettings(broker=NOBODY),)), tmp_path)
    running = asyncio.create_task(bridge.run())
    await until(lambda: bool(bridge.status().gateways[0].failure.count("no MQTT broker answers")))
    bridge.stop()
    async with asyncio.timeout(20):
        await running
    assert caplog.text.count("no MQTT broker answers") == 1
