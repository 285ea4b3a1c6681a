"""What a broker keeps: put there, and read back as a new subscriber gets it."""

from collections.abc import Mapping
from uuid import uuid4

import aiomqtt


async def keep(host: str, port: int, topics: Mapping[str, str]) -> None:
    """Have the broker keep these payloads, by topic."""
    async with aiomqtt.Client(host, port) as client:
        for topic, payload in topics.items():
            await client.publish(topic, payload, qos=1, retain=True)


async def retained(host: str, port: int, prefix: str = "homie") -> dict[str, str]:
    """Return everything that the broker keeps below the prefix: payloads by topic.

    What is published meanwhile, or without being kept, is left out: a subscriber who comes later never sees it.
    """
    kept: dict[str, str] = {}
    # Sent after the subscriptions, and so received after everything that they bring. QoS 0 has no queue that overflows.
    end = f"end-of-what-is-kept/{uuid4()}"
    async with aiomqtt.Client(host, port) as client:
        await client.subscribe([(end, 0), (f"{prefix}/#", 0)])
        await client.publish(end)
        async for message in client.messages:
            if message.topic.value == end:
                return kept
            if message.retain:
                assert isinstance(message.payload, bytes)
                kept[message.topic.value] = message.payload.decode()
    raise AssertionError("the broker left before it had told everything")
