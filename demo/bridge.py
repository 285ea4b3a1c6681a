"""The bridge beside Home Assistant: the same gateway for openHAB and whatever else reads MQTT."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp
from rich.console import Console

from demo.broker import Broker, RunningBroker, free_port
from demo.config_folder import HOST, ROOT
from demo.program import Program, running
from demo.waiting import step, until

CONFIGURATION: Final = """\
target: mqtt://{broker.host}:{broker.port}
gateways:
  - mqtt://{broker.host}:{broker.port}
state_folder: {folder}
web:
  port: {web}
"""


class Bridge:
    """A running bridge, and where its status page is."""

    def __init__(self, program: Program, broker: Broker, web: int) -> None:
        """`broker` is where it publishes, `web` the port of its status page."""
        self.program = program
        self.broker = broker
        self.url = f"http://{HOST}:{web}"

    async def healthy(self) -> bool | None:
        """Tell whether it hears the gateway and publishes; None until then."""
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.url}/health") as answer:
                return answer.ok or None
        except aiohttp.ClientError:
            return None


@asynccontextmanager
async def bridging(
    console: Console, broker: RunningBroker | None, folder: Path, *programs: Program
) -> AsyncIterator[Bridge | None]:
    """Start the bridge at the broker where the gateway speaks, and wait until it publishes there."""
    if broker is None:
        console.print("  without Mosquitto there is no bridge, and no charger (on Debian: apt-get install mosquitto)")
        yield None
        return
    web = free_port()
    configuration = folder / "bridge.yaml"
    text = CONFIGURATION.format(broker=broker.address, folder=folder / "bridge", web=web)
    configuration.write_text(text, encoding="utf-8")
    command = ("-m", "openhab_bridge", "run", "--quiet", "--config", str(configuration))
    async with running("Bridge", *command, cwd=ROOT, logs=folder) as program:
        bridge = Bridge(program, broker.address, web)
        with step(console, "The bridge publishes Homie devices and plain topics"):
            await until(bridge.healthy, "the bridge is healthy", program, *programs)
        yield bridge
