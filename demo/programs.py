"""What runs, apart from the bridge, which comes last: a broker, the simulator, Home Assistant."""

import os
import shutil
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from demo import config_folder, past
from demo.broker import RunningBroker, house_broker
from demo.config_folder import HOST, ROOT
from demo.errors import NotAsExpectedError, PortTakenError, ProgramEndedError
from demo.home_assistant import BROKEN
from demo.program import Program, running

LAUNCHER: Final = ROOT / "demo" / "launcher.py"
EVENING: Final = ROOT / "demo" / "evening.toml"
HISTORY: Final = "history.json"


class Programs(NamedTuple):
    """What runs."""

    simulator: Program
    home_assistant: Program
    broker: RunningBroker | None

    @property
    def all(self) -> Sequence[Program]:
        """All of them."""
        return [self.simulator, self.home_assistant, *([self.broker.program] if self.broker else [])]


def require_free(port: int) -> None:
    """Raise PortTakenError when Home Assistant could not listen."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        raise PortTakenError(
            f"cannot listen on {HOST}, port {port}: {os.strerror(error.errno or 0)}\n"
            f"Stop what uses the port, or choose another one: scripts/demo --port {port + 1}"
        ) from error


@asynccontextmanager
async def started(folder: Path, port: int) -> AsyncIterator[Programs]:
    """Start simulator and Home Assistant side by side; when the context ends both have stopped."""
    shutil.rmtree(folder, ignore_errors=True)
    config = folder / "config"
    config_folder.make(config, port)
    # -P: the modules beside the launcher are not Home Assistant's.
    launch = ("-P", str(LAUNCHER), "--config", str(config), "--log-no-color")
    async with (
        house_broker(folder) as broker,
        running("Simulator", "-m", "simulator", *_house(folder, broker), cwd=ROOT, logs=folder) as simulator,
        running("Home Assistant", *launch, cwd=config, logs=folder) as home_assistant,
    ):
        try:
            yield Programs(simulator, home_assistant, broker)
        except BROKEN as error:
            raise ProgramEndedError(f"Home Assistant does not answer any more; see {home_assistant.log}") from error


def require_silence(programs: Sequence[Program]) -> None:
    """Raise NotAsExpectedError when a program has logged anything: they log warnings and errors only."""
    complaints = [f"{program.name}: {line}" for program in programs for line in program.complaints]
    if complaints:
        raise NotAsExpectedError("\n".join(["there are warnings or errors in the log:", *complaints]))


def _house(folder: Path, broker: RunningBroker | None) -> list[str]:
    """Return the simulator's arguments; without a broker it has its own, which Home Assistant's MQTT cannot use."""
    hours = past.hours_to_live(datetime.now(UTC))
    lived = ["--history-hours", str(hours), "--history-file", str(folder / HISTORY)]
    if broker is None:
        return [*lived, "--port", "0"]
    address = f"mqtt://{broker.address.host}:{broker.address.port}"
    return [*lived, "--broker", address, "--chargers", "--scenario", str(EVENING)]
