"""Setting up an entry: what goes wrong, what the user is told, and that nothing is left behind."""

import asyncio
import logging
import re
from datetime import timedelta

import psutil
import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.conftest import NOBODY, entry_for
from tests.custom_components.running import set_up, show
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("quick_set_up")

EXPECTED = "5010099999"
"""A gateway that is not there."""
OF_ITS_OWN = re.compile("We found a custom integration .* has not been tested|Executing .* took .* seconds")
"""How Home Assistant complains of what is no part of it, and asyncio of a slow machine."""


async def test_a_wrong_host_is_tried_again(hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry) -> None:
    await fail(hass, moved(hass, entry, NOBODY))
    assert entry.reason
    assert entry.reason.startswith(f"No MQTT broker answers at {NOBODY}, port {broker.port} (")
    assert "refused" in entry.reason
    assert (entry.error_reason_translation_key, repairs(hass)) == ("cannot_connect", {})


async def test_a_broker_that_is_off_is_tried_again(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry
) -> None:
    broker.stop()
    await fail(hass, entry)
    assert (entry.error_reason_translation_key, repairs(hass)) == ("cannot_connect", {})


@pytest.mark.usefixtures("broker")
async def test_a_broker_that_is_no_smappee_is_tried_again(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await fail(hass, entry)
    assert (entry.error_reason_translation_key, repairs(hass)) == ("not_a_smappee", {})


async def test_a_silent_gateway_is_tried_again_and_is_a_repair(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await fail(hass, entry)
    assert entry.error_reason_translation_key == "no_data"
    assert entry.reason
    assert entry.reason.startswith(f"Gateway {gateway.serial} is known at 127.0.0.1 but sends no measurements.")
    assert repairs(hass) == {f"no_data_{entry.entry_id}": "no_data"}


async def test_another_gateway_at_the_address_is_tried_again_and_is_a_repair(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    entry = entry_for(broker, EXPECTED)
    entry.add_to_hass(hass)
    await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "wrong_gateway"
    assert entry.reason
    assert entry.reason.startswith(f"At 127.0.0.1 answers gateway {genius.SERIAL}, not {EXPECTED}.")
    assert repairs(hass) == {f"wrong_gateway_{entry.entry_id}": "wrong_gateway"}


async def test_a_repair_names_what_to_look_at(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> None:
    entry = entry_for(broker, EXPECTED)
    await fail(hass, entry)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"wrong_gateway_{entry.entry_id}")
    assert issue
    texts = issue.translation_placeholders
    assert texts
    assert (texts["serial"], texts["found"], texts["host"], texts["port"]) == (
        EXPECTED,
        gateway.serial,
        broker.host,
        str(broker.port),
    )


async def test_a_repair_goes_away_when_measurements_arrive(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await fail(hass, entry)
    await retry(hass, entry, gateway)
    assert repairs(hass) == {}


async def test_a_repair_goes_away_when_the_right_gateway_answers(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    entry = entry_for(broker, EXPECTED)
    await fail(hass, entry)
    right = Sender(gateway.client, EXPECTED, "77777777-2222-3333-4444-555555555555")
    await right.introduce()
    await retry(hass, entry, right)
    assert repairs(hass) == {}


async def test_a_repair_gives_way_to_another(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await fail(hass, entry)
    for name in ("config", "channelConfigV2"):
        await gateway.client.publish(genius.topic(name), b"", qos=1, retain=True)
    stranger = Sender(gateway.client, EXPECTED, "77777777-2222-3333-4444-555555555555")
    await stranger.introduce()
    await hass.config_entries.async_reload(entry.entry_id)
    assert repairs(hass) == {f"wrong_gateway_{entry.entry_id}": "wrong_gateway"}
    moved(hass, entry, NOBODY)
    await hass.config_entries.async_reload(entry.entry_id)
    assert repairs(hass) == {}


@pytest.mark.usefixtures("gateway")
async def test_removing_an_entry_that_never_worked_removes_its_repairs(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await fail(hass, entry)
    assert repairs(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert repairs(hass) == {}


@pytest.mark.usefixtures("gateway")
async def test_a_failed_set_up_leaves_no_connection_and_no_task(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry
) -> None:
    tasks, connections = asyncio.all_tasks(), connections_to(broker)
    await fail(hass, entry)
    assert connections_to(broker) == connections
    assert {task.get_name() for task in asyncio.all_tasks() - tasks} == set()


async def test_an_unloaded_entry_leaves_no_connection_and_no_task(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, entry: MockConfigEntry
) -> None:
    tasks, connections = asyncio.all_tasks(), connections_to(broker)
    await set_up(hass, entry, gateway)
    assert connections_to(broker) == connections + 1
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert connections_to(broker) == connections
    assert {task.get_name() for task in asyncio.all_tasks() - tasks} == set()


async def test_the_first_measurement_is_shown_at_once(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await gateway.power(grid1=421)
    await set_up(hass, entry, gateway)
    state = hass.states.get("sensor.smappee_genius_grid_power")
    assert state
    assert state.state == "421"


async def test_home_assistant_has_nothing_to_complain_about(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither of our ways to use it, nor of anything we leave behind."""
    coordinator = await set_up(hass, entry, gateway)
    await gateway.power(grid1=1)
    await show(hass, coordinator, gateway)
    await hass.config_entries.async_remove(entry.entry_id)
    complaints = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert [line for line in complaints if not OF_ITS_OWN.match(line)] == []


async def fail(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set up an entry whose gateway does not measure."""
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY


async def retry(hass: HomeAssistant, entry: MockConfigEntry, gateway: Sender) -> None:
    """Let Home Assistant try again while the gateway measures."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=1))
    await gateway.during(until(lambda: entry.state is ConfigEntryState.LOADED))


def moved(hass: HomeAssistant, entry: MockConfigEntry, host: str) -> MockConfigEntry:
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_HOST: host})
    return entry


def repairs(hass: HomeAssistant) -> dict[str, str | None]:
    """Our repairs that are shown, with their texts."""
    issues = ir.async_get(hass).issues.values()
    return {issue.issue_id: issue.translation_key for issue in issues if issue.domain == DOMAIN and issue.active}


def connections_to(broker: Mosquitto) -> int:
    """How many connections of this process a broker has."""
    connections = psutil.Process().net_connections("tcp")
    open_ones = (connection for connection in connections if connection.status == psutil.CONN_ESTABLISHED)
    return sum(bool(connection.raddr) and connection.raddr.port == broker.port for connection in open_ones)
