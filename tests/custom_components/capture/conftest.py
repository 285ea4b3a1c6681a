"""The dialog of a recording, on the house of the public capture: opened, begun, stopped, and its file fetched."""

import re
from collections.abc import AsyncIterator, Iterable
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity import capture
from mqtt_schema.points import POINTS
from mqtt_schema.quantities import Nature
from smappee_gateway.capture import Header, RecordedMessage, read
from smappee_gateway.cli.playback import Playback
from smappee_gateway.session import Session
from tests.custom_components import captured_site
from tests.custom_components.conftest import entry_for
from tests.custom_components.dialog import Dialog
from tests.custom_components.running import set_up
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import Mosquitto
from tests.waiting import until

LOCATION = "3549461b-0000-4000-8000-0000000000aa"
LINK = re.compile(r'<a href="(/api/[^"]+)" target="_blank">')
INSTANT = {row.key for row in POINTS if row.nature is Nature.INSTANT}
RELAY = "outputModule/5210009999/relay"


@pytest.fixture(autouse=True)
def quick_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show the first form earlier."""
    monkeypatch.setattr(capture, "SETTLE_S", 0.1)


@pytest.fixture
def entry(broker: Mosquitto) -> MockConfigEntry:
    return entry_for(broker, captured_site.SERIAL)


@pytest.fixture
async def gateway(hass: HomeAssistant, broker: Mosquitto) -> AsyncIterator[Sender]:  # noqa: ARG001 - outlives it
    """The house of the public capture."""
    async with connected(broker.host, broker.port) as client:
        sender = Sender(client, captured_site.SERIAL, LOCATION)
        await sender.introduce(captured_site.CTS, "TWO_DELTA")
        await sender.measure(captured_site.channels())
        yield sender


@pytest.fixture
async def dialog(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> Dialog:
    await set_up(hass, entry, gateway)
    return await dialog_of(hass, hass_client)


async def dialog_of(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Dialog:
    assert await async_setup_component(hass, "config", {})
    return Dialog(await hass_client())


async def begin(dialog: Dialog, entry: MockConfigEntry) -> None:
    """Open the dialog and begin to record."""
    await dialog.open(entry.entry_id)
    await dialog.choose("capture")
    assert dialog.step == "capture_start"
    await dialog.submit()
    assert dialog.step == "capture_running"


async def stop(dialog: Dialog, note: str = "") -> str:
    """Stop, and return the link to the file."""
    await dialog.submit(note=note, next="stop")
    return link(dialog)


def link(dialog: Dialog) -> str:
    assert dialog.step == "capture_done"
    found = LINK.fullmatch(dialog.texts["link"])
    assert found
    return found[1]


def running(hass: HomeAssistant, entry: MockConfigEntry) -> capture.Capture:
    found = capture.find(hass, entry.entry_id)
    assert found is not None
    return found


async def recorded(hass: HomeAssistant, entry: MockConfigEntry, messages: int) -> None:
    await until(lambda: running(hass, entry).recorder.messages >= messages)


@pytest.fixture
async def stranger(dialog: Dialog) -> AsyncIterator[TestClient[Any, Any]]:
    """A browser in which nobody has logged in."""
    http: TestClient[Any, Any] = TestClient(dialog.http.server)
    async with http:
        yield http


async def fetched(stranger: TestClient[Any, Any], path: str) -> bytes:
    async with stranger.get(path) as response:
        assert response.status == HTTPStatus.OK
        assert re.search(r'^attachment; filename="smappee-capture-.+\.jsonl"$', response.headers["Content-Disposition"])
        return await response.read()


async def status(http: TestClient[Any, Any], path: str) -> HTTPStatus:
    async with http.get(path) as response:
        return HTTPStatus(response.status)


def parts(content: bytes) -> tuple[Header, list[RecordedMessage]]:
    header, messages = read(content.splitlines(keepends=True))
    return header, list(messages)


def played(messages: Iterable[RecordedMessage]) -> Session:
    playback = Playback()
    for message in messages:
        playback.play(message)
    (session,) = playback.sessions.values()
    return session
