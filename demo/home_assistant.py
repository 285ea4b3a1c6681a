"""The connection to Home Assistant: what its own pages use, REST and websocket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from demo.errors import SetUpError

type Json = dict[str, Any]

BROKEN: Final = (aiohttp.ClientError, aiohttp.WSMessageTypeError)
"""What aiohttp raises when the other side is gone."""


class HomeAssistant:
    """A Home Assistant that one is logged in to."""

    def __init__(self, http: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, token: str) -> None:
        """Use a websocket that is logged in."""
        self._http = http
        self._socket = socket
        self._headers = {"Authorization": f"Bearer {token}"}
        self._last_id = 0

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON document at `path`."""
        async with self._http.get(path, headers=self._headers) as response:
            return await _document(response)

    async def post(self, path: str, **fields: object) -> Any:  # noqa: ANN401 - JSON
        """Send a JSON object to `path` and return the answer."""
        async with self._http.post(path, json=fields, headers=self._headers) as response:
            return await _document(response)

    async def command(self, kind: str, **fields: object) -> Any:  # noqa: ANN401 - JSON
        """Send a websocket command and return its result."""
        self._last_id += 1
        await self._socket.send_json({"id": self._last_id, "type": kind, **fields})
        answer = await self._socket.receive_json()
        if not answer["success"]:
            raise SetUpError(f"Home Assistant refuses {kind}: {answer['error']['message']}")
        return answer["result"]


@asynccontextmanager
async def connected(http: aiohttp.ClientSession, token: str) -> AsyncIterator[HomeAssistant]:
    """Open the websocket of the Home Assistant that `http` has as its base, with an access token."""
    async with http.ws_connect("/api/websocket", max_msg_size=0) as socket:
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": token})
        greeting = await socket.receive_json()
        if greeting["type"] != "auth_ok":
            raise SetUpError(f"Home Assistant refuses the log-in: {greeting}")
        yield HomeAssistant(http, socket, token)


async def _document(response: aiohttp.ClientResponse) -> Any:  # noqa: ANN401 - JSON
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise SetUpError(f"Home Assistant answers {response.status} to {response.url.path}: {await response.text()}")
    return await response.json()
