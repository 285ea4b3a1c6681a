"""The bridge beside Home Assistant: the same gateway for openHAB and whatever else reads MQTT."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp
from rich.console import Console

from demo.config_folder import HOST, ROOT
from demo.gateway import Broker
from demo.program import Program, running
from demo.waiting import step, until

MOSQUITTO: Final = shutil.which("mosquitto", path=f"{os.defpath}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")
BROKER: Final = """\
listener {port} {host}
allow_anonymous true
persistence false
log_dest stderr
log_type error
log_type warning
"""
CONFIGURATION: Final = """\
target: mqtt://{host}:{target}
gateways:
  - mqtt://{gateway.host}:{gateway.port}
state_folder: {folder}
web:
  port: {web}
"""


class Bridge:
    """A running bridge, and where its status page is."""

    def __init__(self, programs: tuple[Program, ...], target: int, web: int) -> None:
        """`target` and `web` are the ports of its broker and of its status page."""
        self.programs = programs
        self.target = target
        self.url = f"http://{HOST}:{web}"

    async def healthy(self) -> bool | None:
        """Tell whether it hears the gateway and publishes; None until then."""
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.url}/health") as answer:
                return answer.ok or None
        except aiohttp.ClientError:
            return None


@asynccontextmanager
async def bridging(console: Console, gateway: Broker, folder: Path, *programs: Program) -> AsyncIterator[Bridge | None]:
    """Start a Mosquitto and the bridge to it, and wait until it publishes; None where there is no Mosquitto."""
    if MOSQUITTO is None:
        console.print("  without Mosquitto the bridge is left out (on Debian: apt-get install mosquitto)")
        yield None
        return
    target, web = _free_port(), _free_port()
    broker, configuration = folder / "mosquitto.conf", folder / "bridge.yaml"
    broker.write_text(BROKER.format(host=HOST, port=target), encoding="utf-8")
    configuration.write_text(
        CONFIGURATION.format(host=HOST, target=target, gateway=gateway, folder=folder / "bridge", web=web),
        encoding="utf-8",
    )
    command = ("-m", "openhab_bridge", "run", "--quiet", "--config", str(configuration))
    async with (
        running("Mosquitto", "-c", str(broker), cwd=ROOT, logs=folder, program=MOSQUITTO) as mosquitto,
        _listening(target, mosquitto),
        running("Bridge", *command, cwd=ROOT, logs=folder) as program,
    ):
        bridge = Bridge((mosquitto, program), target, web)
        with step(console, "The bridge publishes Homie devices and plain topics"):
            await until(bridge.healthy, "the bridge is healthy", *bridge.programs, *programs)
        yield bridge


@asynccontextmanager
async def _listening(port: int, program: Program) -> AsyncIterator[None]:
    """Wait until somebody listens: the bridge would complain of a broker that comes later."""

    async def listens() -> bool | None:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            return None
        writer.close()
        return True

    await until(listens, "the broker listens", program)
    yield


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port
