"""What the tests of the command line need."""

from collections.abc import AsyncIterator

import pytest

from tests.command_line import start
from tests.mosquitto import Mosquitto


@pytest.fixture
async def house(mosquitto: Mosquitto) -> AsyncIterator[tuple[str, ...]]:
    """The arguments that lead to a simulated gateway."""
    simulator = await start("simulator", "--broker", f"mqtt://{mosquitto.host}:{mosquitto.port}", "--speed", "5")
    assert simulator.stdout
    await simulator.stdout.readline()
    yield mosquitto.host, "--port", str(mosquitto.port)
    simulator.terminate()
    await simulator.communicate()
