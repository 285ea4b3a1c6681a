"""A gateway that Home Assistant has twice: by the component, and by the bridge's discovery at its MQTT."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from homeassistant.components import mqtt
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from openhab_bridge.settings import DiscoverySettings, Settings
from openhab_bridge.writers.discovery import documents
from tests import genius
from tests.custom_components.home_mqtt import set_up_mqtt
from tests.custom_components.running import set_up
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto
from tests.openhab_bridge.simulated import NOWHERE, installation
from tests.waiting import until

NEIGHBOUR = "5010099999"


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Home Assistant's MQTT reads its configuration file."""
    (Path(hass_tmp_config_dir) / "configuration.yaml").touch()
    return hass_tmp_config_dir


@pytest.fixture
async def home_mqtt(hass: HomeAssistant, broker: Mosquitto) -> AsyncIterator[MockConfigEntry]:
    entry = await set_up_mqtt(hass, broker)
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)


def repair(hass: HomeAssistant) -> ir.IssueEntry | None:
    found = [issue for (domain, _), issue in ir.async_get(hass).issues.items() if domain == DOMAIN]
    assert len(found) <= 1
    return found[0] if found else None


def entities_of(hass: HomeAssistant, home_mqtt: MockConfigEntry) -> list[er.RegistryEntry]:
    return er.async_entries_for_config_entry(er.async_get(hass), home_mqtt.entry_id)


def announced(hass: HomeAssistant, home_mqtt: MockConfigEntry, serial: str) -> dr.DeviceEntry:
    """Add the device as Home Assistant's MQTT does."""
    registry = dr.async_get(hass)
    return registry.async_get_or_create(
        config_entry_id=home_mqtt.entry_id, identifiers={(mqtt.DOMAIN, f"smappee-{serial}")}
    )


async def test_the_bridges_own_payloads_raise_the_repair_and_their_end_takes_it_away(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, home_mqtt: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    assert repair(hass) is None
    house = replace(installation("plus-star"), serial=genius.SERIAL)
    discovery = DiscoverySettings(enabled=True)
    payloads = documents(house, Settings(target=NOWHERE, gateways=(), discovery=discovery))
    for topic, payload in payloads.items():
        await gateway.client.publish(topic, payload, qos=1, retain=True)
    await until(lambda: len(entities_of(hass, home_mqtt)) == len(payloads))
    await hass.async_block_till_done()
    found = repair(hass)
    assert found is not None
    assert (found.severity, found.is_fixable) == (ir.IssueSeverity.WARNING, False)
    assert (found.translation_key, found.translation_placeholders) == ("doubled", {"serial": genius.SERIAL})
    for topic in payloads:
        await gateway.client.publish(topic, "", qos=1, retain=True)
    await until(lambda: repair(hass) is None)
    await until(lambda: dr.async_entries_for_config_entry(dr.async_get(hass), home_mqtt.entry_id) == [])


async def test_a_device_that_was_there_before_is_noticed(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, home_mqtt: MockConfigEntry
) -> None:
    announced(hass, home_mqtt, genius.SERIAL)
    await set_up(hass, entry, gateway)
    assert repair(hass) is not None


async def test_another_gateway_at_mqtt_is_no_double(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, home_mqtt: MockConfigEntry
) -> None:
    announced(hass, home_mqtt, NEIGHBOUR)
    await set_up(hass, entry, gateway)
    announced(hass, home_mqtt, f"{genius.SERIAL}-cts")
    await hass.async_block_till_done()
    assert repair(hass) is None


async def test_a_device_that_left_while_nobody_looked_leaves_no_repair(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, home_mqtt: MockConfigEntry
) -> None:
    device = announced(hass, home_mqtt, genius.SERIAL)
    await set_up(hass, entry, gateway)
    assert await hass.config_entries.async_unload(entry.entry_id)
    dr.async_get(hass).async_remove_device(device.id)
    await hass.async_block_till_done()
    await gateway.living(hass.config_entries.async_setup(entry.entry_id))
    assert repair(hass) is None


async def test_the_repair_goes_with_the_entry(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, home_mqtt: MockConfigEntry
) -> None:
    announced(hass, home_mqtt, genius.SERIAL)
    await set_up(hass, entry, gateway)
    assert repair(hass) is not None
    await hass.config_entries.async_remove(entry.entry_id)
    assert repair(hass) is None


async def test_the_repair_goes_with_home_assistants_mqtt(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, broker: Mosquitto
) -> None:
    home_mqtt = await set_up_mqtt(hass, broker)
    announced(hass, home_mqtt, genius.SERIAL)
    await set_up(hass, entry, gateway)
    assert repair(hass) is not None
    await hass.config_entries.async_remove(home_mqtt.entry_id)
    await hass.async_block_till_done()
    assert repair(hass) is None
