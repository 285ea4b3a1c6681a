"""Brokers to publish to: the simulator's own and, where it is installed, Mosquitto."""

from collections.abc import AsyncIterator

import pytest

from simulator.broker import embedded_broker
from simulator.endpoint import Endpoint
from tests.mosquitto import Mosquitto


@pytest.fixture(params=["embedded", "mosquitto"])
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[Endpoint]:
    """Each test with it runs on both brokers."""
    if request.param == "embedded":
        async with embedded_broker(Endpoint("127.0.0.1", 0)) as endpoint:
            yield endpoint
    else:
        mosquitto: Mosquitto = request.getfixturevalue("mosquitto")
        yield Endpoint(mosquitto.host, mosquitto.port)
