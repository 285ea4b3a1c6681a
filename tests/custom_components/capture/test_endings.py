"""What begins, ends and forgets a recording."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity import capture, options_capture
from custom_components.smappee_infinity.const import DOMAIN
from tests.cable import cable_to
from tests.custom_components import captured_site
from tests.custom_components.capture.conftest import begin, dialog_of, fetched, link, parts, recorded, running, stop
from tests.custom_components.dialog import Dialog
from tests.custom_components.running import arrived, interval_passes
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto, free_port
from tests.waiting import until


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
