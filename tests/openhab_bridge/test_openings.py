"""What is said before a change never stays the last word, however quickly one change follows another."""

import asyncio

import pytest

from openhab_bridge.connection import Connection, Purpose
from openhab_bridge.outage import Outage
from smappee_gateway.broker import Broker
from smappee_gateway.mqtt_decoder import MqttMessage
from tests.mosquitto import Mosquitto
from tests.openhab_bridge.broker_view import view
from tests.waiting import until

STATE, OPENING = "device/$state", "init"
CHANGES = 100


@pytest.mark.parametrize("at_once", [1, 2, 3])
async def test_the_state_follows_the_last_opening(target: Mosquitto, at_once: int) -> None:
    """Some changes come while the opening of the one before is on its way."""
    broker = Broker(target.host, target.port)
    purpose = Purpose(name="device", opening=MqttMessage(STATE, OPENING.encode(), retained=True))
    connection = Connection(broker, purpose, Outage(broker))
    async with view(target) as seen:
        running = asyncio.create_task(connection.run())
        await until(lambda: connection.connected)
        for change in range(CHANGES):
            for part in range(at_once):
                connection.outbox.put_last(STATE, f"{change} {part}")
                connection.wake(opens_again=True)
                await asyncio.sleep(0)
            assert await connection.drained(10)
            await until(lambda: seen.now.get(STATE) == connection.outbox.text(STATE))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert OPENING in seen.heard(STATE)
