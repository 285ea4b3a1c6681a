"""Loads that the user tells to be batteries, in the options."""

import pytest
from homeassistant.components.energy import data as energy
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import CONF_BATTERIES, CONF_CARS, CONF_UPDATE_INTERVAL, DOMAIN
from tests import genius
from tests.custom_components.running import set_up, show, state_of
from tests.custom_components.sender import Sender
from tests.waiting import until

G = genius.SERIAL
PUMP = "5500000002_1"
"""The load with two CTs of `genius.HOUSE`."""


async def tell(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, *loads: str) -> None:
    """Choose batteries in the options; the entry is set up anew when that changes anything."""
    options, before = hass.config_entries.options, entry.runtime_data
    menu = await options.async_init(entry.entry_id)
    form = await options.async_configure(menu["flow_id"], {"next_step_id": "roles"})
    answer = {CONF_BATTERIES: list(loads), CONF_CARS: []}
    result = await gateway.living(options.async_configure(form["flow_id"], answer))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await gateway.living(until(lambda: entry.runtime_data is not before))
    await gateway.living(hass.async_block_till_done())


async def test_a_load_becomes_a_battery_and_a_load_again(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    hass.config_entries.async_update_entry(entry, options={CONF_UPDATE_INTERVAL: 17})
    await tell(hass, gateway, entry, PUMP)
    assert entry.options == {CONF_UPDATE_INTERVAL: 17, CONF_BATTERIES: [PUMP], CONF_CARS: []}
    await gateway.power(grid1=300, roof=2000, pump1=500, pump2=500)
    await show(hass, entry.runtime_data, gateway)
    assert state_of(hass, f"{G}_battery_power") == state_of(hass, f"{G}_storage_power_{PUMP}") == "-1000"
    assert state_of(hass, f"{G}_house_power") == "1300"
    await tell(hass, gateway, entry)
    await gateway.power(grid1=300, roof=2000, pump1=500, pump2=500)
    await show(hass, entry.runtime_data, gateway)
    assert state_of(hass, f"{G}_load_power_{PUMP}") == "1000"
    assert state_of(hass, f"{G}_house_power") == "2300"


async def test_only_loads_are_offered(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    options = hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    form = await options.async_configure(menu["flow_id"], {"next_step_id": "roles"})
    assert form["data_schema"]
    for selector in form["data_schema"].schema.values():
        assert [option["label"] for option in selector.config["options"]] == ["Oven", "Heat pump"]


async def test_without_its_gateway_nothing_can_be_chosen(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    await hass.config_entries.async_unload(entry.entry_id)
    options = hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    result = await options.async_configure(menu["flow_id"], {"next_step_id": "roles"})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")


async def test_the_battery_keeps_its_device(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    registry = dr.async_get(hass)
    before = registry.async_get_device_by_identifier((DOMAIN, f"{G}_{PUMP}"), config_entry_id=entry.entry_id)
    await tell(hass, gateway, entry, PUMP)
    after = registry.async_get_device_by_identifier((DOMAIN, f"{G}_{PUMP}"), config_entry_id=entry.entry_id)
    assert before
    assert after
    assert after.id == before.id


@pytest.mark.usefixtures("recorder_mock")
async def test_the_energy_dashboard_is_offered_the_battery(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "energy", {})
    await set_up(hass, entry, gateway)
    await tell(hass, gateway, entry, PUMP)
    options = hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    form = await options.async_configure(menu["flow_id"], {"next_step_id": "energy_dashboard"})
    await options.async_configure(form["flow_id"], {"parts": ["battery", "devices"]})
    manager = await energy.async_get_manager(hass)
    assert manager.data
    registry = er.async_get(hass)
    given, taken, power = (
        registry.async_get_entity_id("sensor", DOMAIN, f"{G}_battery_{key}")
        for key in ("discharge_energy", "charge_energy", "power")
    )
    assert [dict(source) for source in manager.data["energy_sources"]] == [
        {"type": "battery", "stat_energy_from": given, "stat_energy_to": taken, "stat_rate": power}
    ]
    assert [device["name"] for device in manager.data["device_consumption"]] == ["Oven"]
