"""The MQTT broker of the house: Mosquitto, where there is one."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

from demo.config_folder import HOST, ROOT
from demo.program import Program, running
from demo.waiting import until

MOSQUITTO: Final = shutil.which("mosquitto", path=f"{os.defpath}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")
CONFIGURATION: Final = """\
listener {port} {host}
allow_anonymous true
persistence false
log_dest stderr
log_type error
log_type warning
"""


class Broker(NamedTuple):
    """Where MQTT is spoken."""

    host: str
    port: int


class RunningBroker(NamedTuple):
    """A Mosquitto, and where it listens."""

    program: Program
    address: Broker


@asynccontextmanager
async def house_broker(folder: Path) -> AsyncIterator[RunningBroker | None]:
    """Start a Mosquitto; None where there is none. Files go into `folder`."""
    if MOSQUITTO is None:
        yield None
        return
    address = Broker(HOST, free_port())
    configuration = folder / "mosquitto.conf"
    configuration.write_text(CONFIGURATION.format(host=HOST, port=address.port), encoding="utf-8")
    async with running("Mosquitto", "-c", str(configuration), cwd=ROOT, logs=folder, program=MOSQUITTO) as program:
        await until(lambda: _listens(address), "the broker listens", program)
        yield RunningBroker(program, address)


async def _listens(address: Broker) -> bool | None:
    try:
        _, writer = await asyncio.open_connection(*address)
    except OSError:
        return None
    writer.close()
    return True


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port
