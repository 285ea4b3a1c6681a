"""A server on this machine, and a client that talks to it as others do."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest

from openhab_bridge.settings import WebSettings
from openhab_bridge.status import Status
from openhab_bridge.web import serving

type Serve = Callable[[Status], Awaitable[aiohttp.ClientSession]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serve a status on a free port, and return a client of it."""
    async with AsyncExitStack() as stack:

        async def served(status: Status) -> aiohttp.ClientSession:
            port = await stack.enter_async_context(serving(WebSettings(port=0), lambda: status))
            return await stack.enter_async_context(aiohttp.ClientSession(f"http://127.0.0.1:{port}"))

        yield served
