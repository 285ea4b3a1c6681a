"""Finds what an earlier run, or somebody else, has left at the target broker."""

import asyncio

from smappee_gateway.broker import Broker
from smappee_gateway.mqtt_client import connected, new_client_id

QUIET_S = 1.0
"""What a broker remembers comes at once; after this much silence it has all come."""


async def retained(broker: Broker, topics: tuple[str, ...]) -> dict[str, bytes]:
    """Return what is retained on these topics, which may have wildcards; raises CannotConnectError.

    The connection is one of its own: a topic that two subscriptions of one client match may come twice, and commands
    must not.
    """
    found: dict[str, bytes] = {}
    async with connected(broker, new_client_id()) as link:
        for pattern in topics:
            await link.subscribe(pattern)
        messages = link.messages()
        try:
            async with asyncio.timeout(QUIET_S) as silence:
                async for message in messages:
                    if message.retained:
                        found[message.topic] = message.payload
                        silence.reschedule(asyncio.get_running_loop().time() + QUIET_S)
        except TimeoutError:
            pass
    return found
