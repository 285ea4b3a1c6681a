"""Finds what an earlier run, or somebody else, has left at the target broker."""

import asyncio

from openhab_bridge import topics
from openhab_bridge.settings import Settings
from openhab_bridge.writers import discovery
from openhab_bridge.writers.homie4 import Homie4
from openhab_bridge.writers.homie5 import Homie5
from smappee_gateway.broker import Broker
from smappee_gateway.mqtt_client import connected, new_client_id

QUIET_S = 1.0
"""What a broker remembers comes at once; after this much silence it has all come."""


def roots(settings: Settings, serial: str) -> tuple[str, ...]:
    """Return the topics, with wildcards, where nothing of a gateway is retained but by a bridge.

    Those of faces that are off, too: an earlier run may have had them on.
    """
    prefix = settings.homie.prefix
    devices = (
        writer.root(device) for writer in (Homie4(prefix), Homie5(prefix)) for device in writer.device_ids(serial)
    )
    plain = topics.root(settings.topics.prefix, serial)
    return (*(f"{root}/#" for root in (plain, *devices)), discovery.tree(settings, serial))


async def retained(broker: Broker, patterns: tuple[str, ...]) -> dict[str, bytes]:
    """Return what is retained on these topics, which may have wildcards; raises CannotConnectError.

    The connection is one of its own: a topic that two subscriptions of one client match may come twice, and commands
    must not.
    """
    found: dict[str, bytes] = {}
    async with connected(broker, new_client_id()) as link:
        for pattern in patterns:
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
