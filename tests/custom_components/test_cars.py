"""Loads that the user tells to be charging points of electric cars, in the options."""

import pytest
from homeassistant.components.energy import data as energy
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import CONF_BATTERIES, CONF_CARS
from tests import genius
from tests.custom_components.choosing import ask, choose, suggested
from tests.custom_components.running import set_up, show, state_of
from tests.custom_components.sender import Sender

G = genius.SERIAL
OVEN, PUMP = "5500000002_0", "5500000002_1"


def entities(hass: HomeAssistant, entry: MockConfigEntry) -> set[tuple[str, str]]:
    """The unique ids of all entities and their identities in the registry, by which they keep their history."""
    items = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return {(item.unique_id, item.id) for item in items}


async def test_a_car_keeps_all_its_entities_and_the_site_gets_two(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    before = entities(hass, entry)
    await choose(hass, gateway, entry, "roles", {CONF_BATTERIES: [], CONF_CARS: [PUMP]})
    new = {unique_id for unique_id, _ in entities(hass, entry) - before}
    assert new == {f"{G}_ev_power", f"{G}_ev_energy"}
    assert before <= entities(hass, entry)
    await gateway.power(elapsed_s=10, grid1=3600, pump1=900, pump2=900)
    await gateway.power(elapsed_s=10, grid1=3600, pump1=900, pump2=900)
    await show(hass, entry.runtime_data, gateway)
    assert state_of(hass, f"{G}_ev_power") == state_of(hass, f"{G}_load_power_{PUMP}") == "1800"
    assert state_of(hass, f"{G}_house_power") == "3600"
    assert float(state_of(hass, f"{G}_ev_energy")) == pytest.approx(0.01)


async def test_a_load_cannot_be_both_and_the_form_keeps_what_was_chosen(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    answer = {CONF_BATTERIES: [PUMP], CONF_CARS: [OVEN, PUMP]}
    form = await ask(hass, entry, "roles", answer)
    assert form["errors"] == {CONF_CARS: "battery_and_car"}
    assert suggested(form) == answer
    assert entry.options == {}


async def test_a_load_that_is_gone_does_not_block_the_form(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={CONF_BATTERIES: ["gone"], CONF_CARS: ["gone", PUMP]})
    assert await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    assert suggested(await ask(hass, entry, "roles")) == {CONF_BATTERIES: [], CONF_CARS: [PUMP]}


@pytest.mark.usefixtures("recorder_mock")
async def test_the_energy_dashboard_is_offered_the_car_as_a_device(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "energy", {})
    await set_up(hass, entry, gateway)
    await choose(hass, gateway, entry, "roles", {CONF_BATTERIES: [], CONF_CARS: [PUMP]})
    await ask(hass, entry, "energy_dashboard", {"parts": ["devices"]})
    manager = await energy.async_get_manager(hass)
    assert manager.data
    assert [device["name"] for device in manager.data["device_consumption"]] == ["Oven", "Heat pump"]
