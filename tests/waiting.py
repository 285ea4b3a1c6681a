"""Waiting for what must come."""

import asyncio
from collections.abc import Callable

WAIT_S = 20.0


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something of somebody else's making; fails when it does not come."""
    async with asyncio.timeout(WAIT_S):
        while not condition():  # noqa: ASYNC110 - nobody here can set an event for it
            await asyncio.sleep(0.01)
