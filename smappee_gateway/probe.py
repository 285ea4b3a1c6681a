"""Find out which gateways speak at an address, before anything is set up."""

import asyncio
import time
from collections.abc import AsyncIterator

from mqtt_schema.model import Identity
from smappee_gateway.errors import NoDataError, NotASmappeeError
from smappee_gateway.freshness import Feed
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.session import Session
from smappee_gateway.transport import ProbingTransport
from smappee_gateway.updates import IdentityUpdate

PROBE_TIMEOUT_S = 15.0
SETTLE_S = 2.5
"""How long to go on after the first gateway is found: a second one on the same broker speaks once a second too."""


async def identify(
    transport: ProbingTransport[MqttMessage], timeout_s: float = PROBE_TIMEOUT_S
) -> tuple[Identity, ...]:
    """Return the gateways that introduce themselves, describe their channels and send live values.

    Raises CannotConnectError, NotASmappeeError (nobody introduced itself) or NoDataError (somebody did, and is silent).
    """
    sessions: dict[str, Session] = {}
    stale_after_s = transport.capabilities.stale_after_s
    deadline = asyncio.timeout(timeout_s)
    try:
        async with deadline, transport.messages() as messages:
            await _listen(messages, sessions, stale_after_s, deadline)
    except TimeoutError:
        pass
    live = tuple(session.site.identity for session in sessions.values() if _is_live(session) and session.site.identity)
    if live:
        return live
    if sessions:
        raise NoDataError(", ".join(sessions))
    raise NotASmappeeError("no gateway has introduced itself")


async def _listen(
    messages: AsyncIterator[MqttMessage],
    sessions: dict[str, Session],
    stale_after_s: float,
    deadline: asyncio.Timeout,
) -> None:
    decoder = MqttDecoder()
    found = False
    async for message in messages:
        for update in decoder.decode(message):
            if isinstance(update, IdentityUpdate):
                serial = update.identity.serial
                sessions.setdefault(serial, Session(serial, stale_after_s))
            for session in sessions.values():
                session.apply(update, time.monotonic())
        if not found and any(_is_live(session) for session in sessions.values()):
            found = True
            deadline.reschedule(asyncio.get_running_loop().time() + SETTLE_S)


def _is_live(session: Session) -> bool:
    return session.feed is Feed.FRESH
