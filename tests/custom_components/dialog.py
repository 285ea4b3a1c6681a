"""The dialog of an entry's options, over HTTP, as the pages of Home Assistant hold it."""

from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient

FLOW = "/api/config/config_entries/options/flow"

type Answer = dict[str, Any]


class Dialog:
    """What is shown now is in `shown`."""

    def __init__(self, http: TestClient[Any, Any]) -> None:
        self.http = http
        self.shown: Answer = {}

    @property
    def step(self) -> str:
        step: str = self.shown["step_id"]
        return step

    @property
    def texts(self) -> dict[str, str]:
        """What the texts of this step mention."""
        texts: dict[str, str] = self.shown["description_placeholders"]
        return texts

    async def open(self, entry_id: str) -> None:
        await self._post(FLOW, {"handler": entry_id})

    async def choose(self, step: str) -> None:
        await self.submit(next_step_id=step)

    async def submit(self, **answers: str) -> None:
        await self._post(f"{FLOW}/{self.shown['flow_id']}", answers)

    async def close(self) -> None:
        async with self.http.delete(f"{FLOW}/{self.shown['flow_id']}") as response:
            assert response.status == HTTPStatus.OK

    async def _post(self, path: str, answers: Answer) -> None:
        async with self.http.post(path, json=answers) as response:
            assert response.status == HTTPStatus.OK, await response.text()
            self.shown = await response.json()
