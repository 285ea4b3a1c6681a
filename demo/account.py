"""The user of the demo: made, and logged in, as Home Assistant's welcome page does it."""

from typing import Final

import aiohttp

from demo.errors import SetUpError
from demo.home_assistant import Json

USER: Final = "demo"
PASSWORD: Final = "demo"  # noqa: S105 - printed for everybody; Home Assistant listens on this machine only


async def greets(http: aiohttp.ClientSession) -> bool | None:
    """Tell whether the welcome page is there; None while it is not."""
    try:
        async with http.get("/api/onboarding") as response:
            return response.ok or None
    except aiohttp.ClientConnectionError:
        return None


async def create(http: aiohttp.ClientSession, url: str) -> str:
    """Make the user, who is the owner, and return an access token of half an hour."""
    account = {"name": "Demo", "username": USER, "password": PASSWORD, "client_id": f"{url}/", "language": "en"}
    async with http.post("/api/onboarding/users", json=account) as response:
        code = await _field(response, "auth_code")
    exchange = {"grant_type": "authorization_code", "code": code, "client_id": f"{url}/"}
    async with http.post("/auth/token", data=exchange) as response:
        return await _field(response, "access_token")


async def _field(response: aiohttp.ClientResponse, name: str) -> str:
    answer: Json = await response.json()
    if not response.ok:
        raise SetUpError(f"Home Assistant does not let the demo in: {answer}")
    return str(answer[name])
