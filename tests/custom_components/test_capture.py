"""Recording what a gateway sends, from the dialog to the file, and what ends a recording."""

import re
from collections.abc import AsyncIterator, Iterable
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity import capture, options_capture
from custom_components.smappee_infinity.const import DOMAIN
from mqtt_schema.points import POINTS, points
from mqtt_schema.quantities import Nature
from smappee_gateway.capture import Header, RecordedMessage, read
from smappee_gateway.cli.playback import Playback
from smappee_gateway.session import Session
from tests.cable import cable_to
from tests.custom_components import captured_site
from tests.custom_components.conftest import entry_for
from tests.custom_components.dialog import Dialog
from tests.custom_components.running import arrived, interval_passes, set_up
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import Mosquitto, free_port
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


async def test_without_a_connection_the_dialog_says_so_and_it_can_be_tried_again(
    hass: HomeAssistant, entry: MockConfigEntry, dialog: Dialog
) -> None:
    right, wrong = dict(entry.data), {**entry.data, CONF_PORT: free_port()}
    hass.config_entries.async_update_entry(entry, data=wrong)
    await dialog.open(entry.entry_id)
    await dialog.choose("capture")
    await dialog.submit()
    assert (dialog.step, dialog.shown["errors"]) == ("capture_start", {"base": "cannot_connect"})
    assert dialog.texts["port"] == str(wrong[CONF_PORT])
    assert "refused" in dialog.texts["reason"]
    hass.config_entries.async_update_entry(entry, data=right)
    await dialog.submit()
    assert dialog.step == "capture_running"


async def test_a_connection_that_is_lost_leaves_what_had_come(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry, dialog: Dialog, stranger: TestClient[Any, Any]
) -> None:
    async with cable_to(broker) as cable:
        hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_PORT: cable.port})
        await begin(dialog, entry)
        await recorded(hass, entry, 2)
        cable.cut()
    await until(lambda: not running(hass, entry).is_running)
    assert await everything(dialog, stranger, "capture_lost") == 2


async def test_unloading_the_entry_ends_it(
    hass: HomeAssistant, entry: MockConfigEntry, dialog: Dialog, stranger: TestClient[Any, Any]
) -> None:
    await begin(dialog, entry)
    await recorded(hass, entry, 2)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await until(lambda: not running(hass, entry).is_running)
    assert await everything(dialog, stranger, "capture_unloaded") == 2


async def test_a_recording_does_not_grow_beyond_its_limit(  # noqa: PLR0913, PLR0917 - fixtures
    hass: HomeAssistant,
    gateway: Sender,
    entry: MockConfigEntry,
    dialog: Dialog,
    stranger: TestClient[Any, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(capture, "MOST_BYTES", 20_000)
    await begin(dialog, entry)
    for _ in range(20):
        await gateway.measure(captured_site.channels())
    await until(lambda: not running(hass, entry).is_running)
    assert 3 < await everything(dialog, stranger, "capture_limit") < 20
    assert len(running(hass, entry).content()) < 20_000 + 200


async def test_a_recording_takes_no_longer_than_its_limit(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    dialog: Dialog,
    stranger: TestClient[Any, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(capture, "LONGEST_S", 0.3)
    await begin(dialog, entry)
    await until(lambda: not running(hass, entry).is_running)
    assert await everything(dialog, stranger, "capture_limit") == 2


async def everything(dialog: Dialog, stranger: TestClient[Any, Any], ending: str) -> int:
    """Ask for more of a recording that has ended by itself: how many messages its file holds."""
    await dialog.submit(next="record_on")
    assert dialog.shown["errors"] == {"base": ending}
    return len(parts(await fetched(stranger, link(dialog)))[1])


async def test_closing_the_dialog_ends_the_recording_and_the_next_dialog_offers_it(
    hass: HomeAssistant, entry: MockConfigEntry, dialog: Dialog, stranger: TestClient[Any, Any]
) -> None:
    await begin(dialog, entry)
    await recorded(hass, entry, 2)
    await dialog.close()
    await until(lambda: not running(hass, entry).is_running)
    await dialog.open(entry.entry_id)
    await dialog.choose("capture")
    assert (dialog.step, dialog.shown["menu_options"]) == ("capture_kept", ["capture_done", "capture_start"])
    await dialog.choose("capture_done")
    assert len(parts(await fetched(stranger, link(dialog)))[1]) == 2
    await dialog.submit()
    assert dialog.shown["type"] == "create_entry"


async def test_who_loses_the_dialog_finds_the_recording_in_the_next_one(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, dialog: Dialog
) -> None:
    """As when a telephone goes to another app and forgets the page."""
    await begin(dialog, entry)
    await gateway.measure(captured_site.channels())
    await recorded(hass, entry, 3)
    await dialog.open(entry.entry_id)
    await dialog.choose("capture")
    assert (dialog.step, dialog.texts["messages"]) == ("capture_running", "3")


async def test_a_new_recording_takes_the_place_of_the_one_before(
    hass: HomeAssistant, entry: MockConfigEntry, dialog: Dialog
) -> None:
    await begin(dialog, entry)
    await stop(dialog)
    before = running(hass, entry)
    await dialog.open(entry.entry_id)
    await dialog.choose("capture")
    await dialog.choose("capture_start")
    await dialog.submit()
    assert running(hass, entry) is not before
    assert running(hass, entry).is_running


async def test_options_and_the_connection_of_the_entry_are_left_alone(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, dialog: Dialog
) -> None:
    hass.config_entries.async_update_entry(entry, options={"update_interval": 7})
    await begin(dialog, entry)
    await stop(dialog)
    await dialog.submit()
    assert dict(entry.options) == {"update_interval": 7}
    await gateway.measure(captured_site.channels())
    await arrived(entry.runtime_data, gateway)
    assert entry.runtime_data.gateway.last_failure == ""


@pytest.mark.usefixtures("quick_set_up")
async def test_a_gateway_that_cannot_be_set_up_can_be_recorded_while_it_is_tried_again(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """It introduces itself and sends no measurement: then a recording is wanted most."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    dialog = await dialog_of(hass, hass_client)
    await begin(dialog, entry)
    await interval_passes(hass, 60)
    await until(lambda: entry.state is ConfigEntryState.SETUP_RETRY)
    await gateway.send("something", {"new": 1})
    await recorded(hass, entry, 3)
    assert running(hass, entry).is_running
    await hass.config_entries.async_unload(entry.entry_id)
    await until(lambda: not running(hass, entry).is_running)


@pytest.mark.usefixtures("quick_set_up")
async def test_where_nothing_comes_there_is_no_file(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    dialog = await dialog_of(hass, hass_client)
    await begin(dialog, entry)
    await dialog.submit(next="stop")
    assert (dialog.shown["type"], dialog.shown["reason"]) == ("abort", "capture_empty")
    assert dialog.texts["serial"] == captured_site.SERIAL
    await dialog.open(entry.entry_id)
    await dialog.choose("capture")
    assert dialog.step == "capture_start"


async def test_a_removed_entry_has_no_recording(hass: HomeAssistant, entry: MockConfigEntry, dialog: Dialog) -> None:
    await begin(dialog, entry)
    recording = running(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    await until(lambda: not recording.is_running)
    assert capture.find(hass, entry.entry_id) is None


async def test_it_ends_with_home_assistant(hass: HomeAssistant, entry: MockConfigEntry, dialog: Dialog) -> None:
    await begin(dialog, entry)
    recording = running(hass, entry)
    await hass.async_stop()
    await until(lambda: not recording.is_running)


async def test_a_broker_that_lets_nobody_in_any_more_says_where_to_mend_it(
    hass: HomeAssistant, broker: Mosquitto, dialog: Dialog, entry: MockConfigEntry
) -> None:
    broker.ask_for_a_password()
    broker.restart()
    await dialog.open(entry.entry_id)
    await dialog.choose("capture")
    await dialog.submit()
    assert dialog.step == "capture_start"
    assert dialog.shown["errors"] == {"base": options_capture.CANNOT_GET_IN}
    assert dialog.texts["host"] == broker.host
    assert capture.find(hass, entry.entry_id) is None
