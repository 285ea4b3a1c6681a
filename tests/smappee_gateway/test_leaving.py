"""Who leaves is not taken for lost, even while messages still arrive."""

import asyncio

from smappee_gateway.broker import Broker
from smappee_gateway.mqtt_client import connected, new_client_id
from smappee_gateway.mqtt_decoder import MqttMessage
from tests.mosquitto import Mosquitto

TOPIC, STATE = "own", "state"
WILL = MqttMessage(STATE, b"lost")
LEAVES = 60
"""Without care, Mosquitto takes about one of ten for lost."""
MESSAGES = 9


async def test_a_last_will_is_for_who_is_lost(mosquitto: Mosquitto) -> None:
    broker = Broker(mosquitto.host, mosquitto.port)
    async with connected(broker, new_client_id()) as other:
        await other.subscribe(STATE)
        for _ in range(LEAVES):
            async with connected(broker, new_client_id(), will=WILL) as link:
                await link.subscribe(TOPIC)
                await asyncio.gather(*(other.publish(MqttMessage(TOPIC, b"1")) for _ in range(MESSAGES)))
        await other.publish(MqttMessage(STATE, b"end"))
        async for message in other.messages():
            assert message.payload == b"end"
            break
