"""Two gateways that send to one broker, each with an entry of its own."""

import asyncio

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity._vendor.smappee_gateway.mqtt_transport import MqttTransport
from custom_components.smappee_infinity.coordinator import SmappeeCoordinator
from tests import genius
from tests.custom_components.conftest import entry_for
from tests.custom_components.running import set_up, show, state_of
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto

G, NEIGHBOUR = genius.SERIAL, "5010099999"


@pytest.fixture
async def neighbour(gateway: Sender) -> Sender:
    """A second gateway with the same kind of house; it has measured something else."""
    sender = Sender(gateway.client, NEIGHBOUR, "77777777-2222-3333-4444-555555555555")
    await sender.introduce()
    sender.live = genius.powers(imported=72_000_000, grid1=2000)
    return sender


async def both(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry, gateway: Sender, neighbour: Sender
) -> tuple[SmappeeCoordinator, SmappeeCoordinator]:
    return await set_up(hass, entry, gateway), await set_up(hass, entry_for(broker, NEIGHBOUR), neighbour)


async def test_each_shows_its_own_values(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry, gateway: Sender, neighbour: Sender
) -> None:
    ours, theirs = await both(hass, broker, entry, gateway, neighbour)
    await gateway.power(grid1=111, oven=10)
    await neighbour.power(grid1=222, oven=20, imported=72_000_000)
    await show(hass, ours, gateway)
    await show(hass, theirs, neighbour)
    assert [state_of(hass, f"{serial}_grid_power") for serial in (G, NEIGHBOUR)] == ["111", "222"]
    oven = "load_import_energy_5500000002_0"
    assert [state_of(hass, f"{serial}_{oven}") for serial in (G, NEIGHBOUR)] == ["10.0", "20.0"]


async def test_each_has_its_own_devices_and_entities(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry, gateway: Sender, neighbour: Sender
) -> None:
    ours, theirs = await both(hass, broker, entry, gateway, neighbour)
    registry = er.async_get(hass)
    entities = [er.async_entries_for_config_entry(registry, each.config_entry.entry_id) for each in (ours, theirs)]
    assert len(entities[0]) == len(entities[1]) > 0
    assert {item.device_id for item in entities[0]}.isdisjoint(item.device_id for item in entities[1])


async def test_their_connections_do_not_evict_each_other(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry, gateway: Sender, neighbour: Sender
) -> None:
    """A broker ends a connection when another one comes with the same client id."""
    ours, theirs = await both(hass, broker, entry, gateway, neighbour)
    for _ in range(3):
        await gateway.power(grid1=1)
        await neighbour.power(grid1=2, imported=72_000_000)
        await show(hass, ours, gateway)
        await show(hass, theirs, neighbour)
    assert [each.gateway.last_failure for each in (ours, theirs)] == ["", ""]
    transports = [each.gateway.transport for each in (ours, theirs)]
    ids = {transport._client_id for transport in transports if isinstance(transport, MqttTransport)}  # noqa: SLF001 - it is what is compared
    assert len(ids) == 2


@pytest.mark.usefixtures("quickly_stale")
async def test_the_silence_of_one_is_not_the_silence_of_the_other(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry, gateway: Sender, neighbour: Sender
) -> None:
    await both(hass, broker, entry, gateway, neighbour)
    while state_of(hass, f"{G}_grid_power") != STATE_UNAVAILABLE:
        await neighbour.power(grid1=2, imported=72_000_000)
        await asyncio.sleep(0.05)
    assert state_of(hass, f"{NEIGHBOUR}_grid_power") != STATE_UNAVAILABLE


async def test_one_is_unloaded_and_removed_without_the_other(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry, gateway: Sender, neighbour: Sender
) -> None:
    ours, theirs = await both(hass, broker, entry, gateway, neighbour)
    await hass.config_entries.async_remove(ours.config_entry.entry_id)
    await neighbour.power(grid1=333, imported=72_000_000)
    await show(hass, theirs, neighbour)
    assert state_of(hass, f"{NEIGHBOUR}_grid_power") == "333"
    assert theirs.config_entry.state is ConfigEntryState.LOADED
    await hass.config_entries.async_unload(theirs.config_entry.entry_id)
