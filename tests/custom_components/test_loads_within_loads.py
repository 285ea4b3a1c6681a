"""Loads that contain others, as the user tells in the options."""

import pytest
from homeassistant.components.energy import data as energy
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import CONF_PARENTS
from tests import genius
from tests.custom_components.choosing import Answer, ask, choose, suggested
from tests.custom_components.running import set_up, show, state_of
from tests.custom_components.sender import Sender

G = genius.SERIAL
KITCHEN, OVEN, HOB = "5500000002_0", "5500000002_1", "5500000002_2"
HOUSE = (
    genius.Ct(0, "Mains", connection="GRID"),
    genius.Ct(1, "Kitchen", hub="5500000002", input=0),
    genius.Ct(2, "Oven", hub="5500000002", input=1),
    genius.Ct(3, "Hob", hub="5500000002", input=2),
)


@pytest.fixture
async def kitchen(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    """A kitchen of which an oven and a hob are measured, too."""
    await gateway.install(HOUSE)
    await set_up(hass, entry, gateway)


def within(load: str, *contained: str) -> tuple[Answer, Answer]:
    return {"load": load}, {"contained": list(contained)}


@pytest.mark.usefixtures("kitchen")
async def test_what_is_contained_is_measured_once(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    channels = [genius.channel(index, power) for index, power in enumerate((5000, 3000, 2000, 500))]
    await gateway.measure(channels)
    await show(hass, entry.runtime_data, gateway)
    assert state_of(hass, f"{G}_unmeasured_power") == "-500"
    await choose(hass, gateway, entry, "containing", *within(KITCHEN, OVEN, HOB))
    assert entry.options == {CONF_PARENTS: {OVEN: KITCHEN, HOB: KITCHEN}}
    await gateway.measure(channels)
    await show(hass, entry.runtime_data, gateway)
    assert state_of(hass, f"{G}_unmeasured_power") == "2000"


@pytest.mark.usefixtures("kitchen")
async def test_the_form_shows_what_is_contained_and_others_to_choose_from(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await choose(hass, gateway, entry, "containing", *within(KITCHEN, OVEN))
    form = await ask(hass, entry, "containing", {"load": KITCHEN})
    assert suggested(form) == {"contained": [OVEN]}
    assert form["description_placeholders"] == {"load": "Kitchen"}
    assert form["data_schema"]
    (selector,) = form["data_schema"].schema.values()
    assert [option["label"] for option in selector.config["options"]] == ["Oven", "Hob"]


@pytest.mark.usefixtures("kitchen")
async def test_a_load_moves_and_can_stand_alone_again(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await choose(hass, gateway, entry, "containing", *within(KITCHEN, OVEN, HOB))
    await choose(hass, gateway, entry, "containing", *within(OVEN, HOB))
    assert entry.options[CONF_PARENTS] == {OVEN: KITCHEN, HOB: OVEN}
    await choose(hass, gateway, entry, "containing", *within(KITCHEN))
    assert entry.options[CONF_PARENTS] == {HOB: OVEN}


@pytest.mark.usefixtures("kitchen")
async def test_no_load_contains_itself(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await choose(hass, gateway, entry, "containing", *within(KITCHEN, OVEN))
    await choose(hass, gateway, entry, "containing", *within(OVEN, HOB))
    before = dict(entry.options)
    form = await ask(hass, entry, "containing", *within(HOB, KITCHEN))
    assert form["errors"] == {"contained": "contains_itself"}
    assert suggested(form) == {"contained": [KITCHEN]}
    assert entry.options == before


@pytest.mark.usefixtures("recorder_mock", "kitchen")
async def test_the_energy_dashboard_is_told_what_contains_what(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "energy", {})
    await choose(hass, gateway, entry, "containing", *within(KITCHEN, OVEN))
    await ask(hass, entry, "energy_dashboard", {"parts": ["devices"]})
    manager = await energy.async_get_manager(hass)
    assert manager.data
    containing = {device["name"]: device.get("included_in_stat") for device in manager.data["device_consumption"]}
    assert containing == {"Kitchen": None, "Oven": "sensor.kitchen_energy", "Hob": None}


@pytest.mark.parametrize("step", ["running", "containing"])
async def test_without_its_gateway_nothing_can_be_chosen(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, step: str
) -> None:
    await set_up(hass, entry, gateway)
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await ask(hass, entry, step))["reason"] == "not_loaded"
