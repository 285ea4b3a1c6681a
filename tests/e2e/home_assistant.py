"""A Home Assistant in a process of its own, and other programs beside it."""

import asyncio
import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import aiohttp

from demo import account
from demo.waiting import until
from tests.e2e.browser import PATIENCE_MS

PATIENCE_S = PATIENCE_MS / 1000


class HomeAssistant:
    """Running, with a user who is logged in."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self._log = log
        self.token = asyncio.run(self._welcome())

    async def _welcome(self) -> str:
        async with aiohttp.ClientSession(self.url) as http:
            await until(lambda: account.greets(http), "Home Assistant answers")
            return await account.create(http, self.url)

    def state(self, entity_id: str) -> str:
        """The state of an entity; empty while there is no such entity."""
        request = urllib.request.Request(  # noqa: S310 - of this machine
            f"{self.url}/api/states/{entity_id}", headers={"Authorization": f"Bearer {self.token}"}
        )
        try:
            with urllib.request.urlopen(request) as response:  # noqa: S310 - as above
                state: str = json.load(response)["state"]
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.NOT_FOUND:
                raise
            return ""
        return state

    def complaints(self) -> str:
        return self._log.read_text()


@contextmanager
def running(*command: str, log: Path, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program whose warnings and errors go to `log`."""
    with log.open("wb") as complaints, log.with_suffix(".out").open("wb") as output:
        process = subprocess.Popen(command, cwd=cwd, stdout=output, stderr=complaints, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
