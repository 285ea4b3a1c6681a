"""The collector returns all that a broker keeps, and only that."""

import asyncio

import aiomqtt

from tests.mosquitto import Mosquitto
from tests.openhab_bridge.homie.collector import keep, retained
from tests.openhab_bridge.homie.conformance import problems
from tests.openhab_bridge.homie.example import GOOD

MORE_THAN_A_QUEUE = 3000
"""Mosquitto queues 1000 messages for a subscriber."""


async def test_a_tree_comes_back_as_it_was_published(mosquitto: Mosquitto) -> None:
    await keep(mosquitto.host, mosquitto.port, GOOD)

    assert await retained(mosquitto.host, mosquitto.port) == GOOD


async def test_only_what_is_below_the_prefix_comes_back(mosquitto: Mosquitto) -> None:
    await keep(
        mosquitto.host, mosquitto.port, {"homie/a/$name": "A", "homier/b/$name": "B", "smappee/status": "online"}
    )

    assert await retained(mosquitto.host, mosquitto.port) == {"homie/a/$name": "A"}
    assert await retained(mosquitto.host, mosquitto.port, "smappee") == {"smappee/status": "online"}


async def test_nothing_comes_back_from_an_empty_broker(mosquitto: Mosquitto) -> None:
    assert await retained(mosquitto.host, mosquitto.port) == {}


async def test_an_empty_payload_removes_a_topic(mosquitto: Mosquitto) -> None:
    await keep(mosquitto.host, mosquitto.port, {"homie/a/$name": "A", "homie/a/$extensions": ""})
    await keep(mosquitto.host, mosquitto.port, {"homie/a/$name": ""})

    assert await retained(mosquitto.host, mosquitto.port) == {}


async def test_what_is_not_kept_does_not_come_back(mosquitto: Mosquitto) -> None:
    """Somebody publishes all the time, with and without the broker keeping it, while the collector looks."""
    await keep(mosquitto.host, mosquitto.port, {"homie/a/value": "0"})

    async def publish_forever() -> None:
        async with aiomqtt.Client(mosquitto.host, mosquitto.port) as client:
            while True:
                await client.publish("homie/a/event", "now", qos=1)
                await client.publish("homie/a/value", "1", qos=1, retain=True)

    publishing = asyncio.create_task(publish_forever())
    for _ in range(20):
        assert (await retained(mosquitto.host, mosquitto.port)).keys() == {"homie/a/value"}
    publishing.cancel()
    await asyncio.gather(publishing, return_exceptions=True)


async def test_more_than_a_queue_holds_comes_back_whole(mosquitto: Mosquitto) -> None:
    topics = {f"homie/a/b/c-{n}": f"{n}" for n in range(MORE_THAN_A_QUEUE)}
    await keep(mosquitto.host, mosquitto.port, topics)

    assert await retained(mosquitto.host, mosquitto.port) == topics


async def test_what_a_broker_keeps_is_judged_like_what_was_published(mosquitto: Mosquitto) -> None:
    await keep(mosquitto.host, mosquitto.port, GOOD | {"homie/demo-1/$state": ""})

    assert problems(await retained(mosquitto.host, mosquitto.port)) == ["homie/demo-1/$state: missing"]
