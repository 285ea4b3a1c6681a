"""What a recording holds, what is shown meanwhile, and who gets its file."""

import re
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity import capture
from custom_components.smappee_infinity.const import DOMAIN
from mqtt_schema.points import points
from smappee_gateway.capture import Header, RecordedMessage
from smappee_gateway.session import Session
from tests.custom_components import captured_site
from tests.custom_components.capture.conftest import (
    INSTANT,
    LOCATION,
    RELAY,
    begin,
    fetched,
    parts,
    played,
    recorded,
    running,
    status,
    stop,
)
from tests.custom_components.dialog import Dialog
from tests.custom_components.running import arrived, interval_passes
from tests.custom_components.sender import Sender
from tests.waiting import until


async def test_the_file_is_the_same_house_under_other_names(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, dialog: Dialog, stranger: TestClient[Any, Any]
) -> None:
    await begin(dialog, entry)
    await gateway.measure(captured_site.channels())
    await gateway.send(RELAY, {"relay": 1, "state": "ON", "name": "Vijverpomp"})
    await recorded(hass, entry, 4)
    await arrived(entry.runtime_data, gateway)
    content = await fetched(stranger, await stop(dialog, "Vijverpomp of 5210009999 on"))
    header, messages = parts(content)
    assert header.anonymised
    assert [note.text for note in header.notes] == [f"Name {number_in(header)} of {serial_in(messages)} on"]
    session, original = played(messages), entry.runtime_data.session
    assert session.site.topology == original.site.topology
    assert [len(load.channels) for load in session.site.loads] == [len(load.channels) for load in original.site.loads]
    assert measured(session) == shown(entry)
    assert [secret for secret in secrets(entry) if secret in content.decode()] == []
    assert {message.retained for message in messages} == {True, False}
    assert (dialog.texts["messages"], dialog.shown["errors"]) == (str(len(messages)), {})


def number_in(header: Header) -> str:
    """Which replaced name the note holds."""
    found = re.search(r"Name (\d+)", header.notes[0].text)
    assert found
    return found[1]


def serial_in(messages: list[RecordedMessage]) -> str:
    (topic,) = (message.topic for message in messages if message.topic.endswith("/relay"))
    return topic.split("/")[3]


def measured(session: Session) -> list[tuple[str, object]]:
    return [
        (row.key, row.value(session.site, session.readings, scope.id))
        for row, scope in points(session.site)
        if row.key in INSTANT
    ]


def shown(entry: MockConfigEntry) -> list[tuple[str, object]]:
    """The same values where Home Assistant has them."""
    data_points = entry.runtime_data.data_points()
    return [(data.point.key, data.read()) for data in data_points if data.point.key in INSTANT]


def secrets(entry: MockConfigEntry) -> set[str]:
    names = {ct.name for ct in captured_site.CTS} | {"Vijverpomp"}
    numbers = {captured_site.SERIAL, LOCATION, "99999999-8888-7777-6666-555555555555", "5210009999", "4711"}
    return names | numbers | set(captured_site.HUBS) | {str(entry.data["host"])}


async def test_what_nobody_has_described_is_shown_while_it_is_recorded(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, dialog: Dialog
) -> None:
    await begin(dialog, entry)
    assert dialog.texts["undescribed"] == "–"
    for state in ("ON", "OFF"):
        await gateway.send("outputModule/relay", {"relay": 1, "state": state})
    await until(lambda: bool(running(hass, entry).recorder.undescribed.total() == 2))
    await dialog.submit(note="relay 1", next="record_on")
    assert dialog.step == "capture_running"
    assert dialog.texts["undescribed"] == "\n- `outputModule/relay`: 2"
    assert running(hass, entry).is_running


async def test_only_an_administrator_who_has_logged_in_gets_the_file(  # noqa: PLR0913, PLR0917 - fixtures
    hass: HomeAssistant,
    entry: MockConfigEntry,
    dialog: Dialog,
    stranger: TestClient[Any, Any],
    hass_client: ClientSessionGenerator,
    hass_read_only_access_token: str,
) -> None:
    await begin(dialog, entry)
    signed = await stop(dialog)
    path, _, signature = signed.partition("?")
    reader = await hass_client(hass_read_only_access_token)
    assert await status(stranger, path) == HTTPStatus.UNAUTHORIZED
    assert await status(stranger, f"{path}?{signature[:-1]}") == HTTPStatus.UNAUTHORIZED
    assert await status(stranger, f"{path}x?{signature}") == HTTPStatus.UNAUTHORIZED
    assert await status(reader, path) == HTTPStatus.UNAUTHORIZED
    assert await status(dialog.http, path) == HTTPStatus.OK
    assert await status(stranger, signed) == HTTPStatus.OK
    await hass.auth.async_update_user(await owner(hass), is_active=False)
    assert await status(stranger, signed) == HTTPStatus.UNAUTHORIZED


async def owner(hass: HomeAssistant) -> User:
    (admin,) = (user for user in await hass.auth.async_get_users() if user.is_admin and not user.system_generated)
    return admin


async def test_nothing_is_handed_out_before_it_has_ended(entry: MockConfigEntry, dialog: Dialog) -> None:
    path = f"/api/{DOMAIN}/capture/{entry.entry_id}"
    assert await status(dialog.http, path) == HTTPStatus.NOT_FOUND
    await begin(dialog, entry)
    assert await status(dialog.http, path) == HTTPStatus.NOT_FOUND
    await stop(dialog)
    assert await status(dialog.http, path) == HTTPStatus.OK


async def test_a_recording_is_forgotten_soon_after_it_was_fetched(
    hass: HomeAssistant, entry: MockConfigEntry, dialog: Dialog
) -> None:
    await begin(dialog, entry)
    signed = await stop(dialog)
    await interval_passes(hass, 3600)
    assert await status(dialog.http, signed) == HTTPStatus.OK
    assert await status(dialog.http, signed) == HTTPStatus.OK
    await interval_passes(hass, capture.KEPT_AFTER_FETCH.total_seconds() + 1)
    assert await status(dialog.http, signed) == HTTPStatus.NOT_FOUND


async def test_a_recording_that_nobody_fetches_is_forgotten_after_a_day(
    hass: HomeAssistant, entry: MockConfigEntry, dialog: Dialog
) -> None:
    await begin(dialog, entry)
    signed = await stop(dialog)
    await interval_passes(hass, capture.KEPT.total_seconds() + 1)
    assert await status(dialog.http, signed) == HTTPStatus.NOT_FOUND
