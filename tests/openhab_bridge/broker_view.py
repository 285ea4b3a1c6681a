"""What somebody else sees at a broker: the newest message of every topic, and all of them in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiomqtt

from tests.mosquitto import Mosquitto


class BrokerView:
    """`now`: topic to payload of what is not empty; `log`: every message as it came, with its retain flag."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self.now: dict[str, str] = {}
        self.log: list[tuple[str, str, bool]] = []
        self._client = client

    async def follow(self) -> None:
        async for message in self._client.messages:
            payload = bytes(message.payload or b"").decode()
            self.log.append((message.topic.value, payload, message.retain))
            if payload:
                self.now[message.topic.value] = payload
            else:
                self.now.pop(message.topic.value, None)

    def heard(self, topic: str) -> list[str]:
        """All payloads of a topic, in order."""
        return [payload for name, payload, _ in self.log if name == topic]

    async def send(self, topic: str, payload: str, *, retain: bool = False) -> None:
        await self._client.publish(topic, payload, qos=1, retain=retain)


@asynccontextmanager
async def view(broker: Mosquitto, *topics: str) -> AsyncIterator[BrokerView]:
    """Look at these topics, with everything that is retained there."""
    async with aiomqtt.Client(broker.host, broker.port, max_inflight_messages=100) as client:
        seen = BrokerView(client)
        for topic in topics or ("#",):
            await client.subscribe(topic, qos=1)
        following = asyncio.create_task(seen.follow())
        try:
            yield seen
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
