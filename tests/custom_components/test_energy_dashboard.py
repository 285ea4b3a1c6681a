"""Home Assistant's energy dashboard takes our sensors, by its own check, once statistics of them have been made."""

import pytest
from homeassistant.components.energy import data as energy
from homeassistant.components.energy.validate import async_validate
from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
    get_start_time,
)

from custom_components.smappee_infinity.const import CONF_UPDATE_INTERVAL
from tests.custom_components.running import set_up, show
from tests.custom_components.sender import Sender

HUB = "sensor.smappee_genius_"
GRID = {
    "type": "grid",
    "stat_energy_from": f"{HUB}grid_import_energy",
    "stat_energy_to": f"{HUB}grid_export_energy",
    "stat_cost": None,
    "entity_energy_price": None,
    "number_energy_price": None,
    "stat_compensation": None,
    "entity_energy_price_export": None,
    "number_energy_price_export": None,
    "cost_adjustment_day": 0,
    "stat_rate": f"{HUB}grid_power",
}
SOLAR = {"type": "solar", "stat_energy_from": f"{HUB}solar_energy", "stat_rate": f"{HUB}solar_power"}
DEVICES = [
    {"stat_consumption": "sensor.oven_energy", "stat_rate": "sensor.oven_power"},
    {"stat_consumption": "sensor.heat_pump_energy", "stat_rate": "sensor.heat_pump_power"},
]


async def with_statistics(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    """Let the gateway measure, then make the statistics of these five minutes now."""
    coordinator = await set_up(hass, entry, gateway)
    for power in (1000, -500):
        await gateway.power(elapsed_s=10, grid1=power, roof=2000, oven=100)
        await show(hass, coordinator, gateway)
    await async_wait_recording_done(hass)
    state = hass.states.get(f"{HUB}grid_export_energy")
    assert state
    do_adhoc_statistics(hass, start=get_start_time(state.last_updated))
    await async_wait_recording_done(hass)


@pytest.mark.usefixtures("recorder_mock")
async def test_the_dashboard_has_nothing_to_say_against_our_sensors(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "energy", {})
    await with_statistics(hass, gateway, entry)
    manager = await energy.async_get_manager(hass)
    sources = energy.ENERGY_SOURCE_SCHEMA([GRID, SOLAR])
    devices = [energy.DEVICE_CONSUMPTION_SCHEMA(device) for device in DEVICES]
    await manager.async_update({"energy_sources": sources, "device_consumption": devices})
    verdict = (await async_validate(hass)).as_dict()
    assert verdict["energy_sources"] == [[], []]
    assert verdict["device_consumption"] == [[], []]


@pytest.mark.usefixtures("recorder_mock")
async def test_energies_are_summed_and_powers_averaged(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await with_statistics(hass, gateway, entry)
    known = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)
    by_id = {statistic["statistic_id"]: statistic for statistic in known}
    for statistic_id in (GRID["stat_energy_from"], SOLAR["stat_energy_from"], DEVICES[0]["stat_consumption"]):
        statistic = by_id[str(statistic_id)]
        assert (statistic["has_sum"], statistic["statistics_unit_of_measurement"]) == (True, "kWh")
    for statistic_id in (GRID["stat_rate"], SOLAR["stat_rate"], DEVICES[0]["stat_rate"]):
        statistic = by_id[str(statistic_id)]
        assert (statistic["has_sum"], statistic["statistics_unit_of_measurement"]) == (False, "W")


async def ask(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Choose the Energy dashboard in the menu of the options."""
    options = hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    assert menu["type"] is FlowResultType.MENU
    return await options.async_configure(menu["flow_id"], {"next_step_id": "energy_dashboard"})


async def answer(hass: HomeAssistant, form: ConfigFlowResult, *parts: str) -> None:
    result = await hass.config_entries.options.async_configure(form["flow_id"], {"parts": list(parts)})
    assert result["type"] is FlowResultType.CREATE_ENTRY


def suggested(form: ConfigFlowResult) -> list[str]:
    assert form["data_schema"]
    parts: list[str] = form["data_schema"]({})["parts"]
    return parts


@pytest.fixture
async def dashboard(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> energy.EnergyManager:
    """A dashboard that knows nothing, and a gateway beside it."""
    assert await async_setup_component(hass, "energy", {})
    await set_up(hass, entry, gateway)
    return await energy.async_get_manager(hass)


@pytest.mark.usefixtures("recorder_mock")
async def test_an_empty_dashboard_gets_everything(
    hass: HomeAssistant, dashboard: energy.EnergyManager, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(entry, options={CONF_UPDATE_INTERVAL: 17})
    form = await ask(hass, entry)
    assert suggested(form) == ["grid", "solar", "devices"]
    await answer(hass, form, *suggested(form))
    assert dashboard.data
    solar = {**SOLAR, "config_entry_solar_forecast": None}
    assert dashboard.data["energy_sources"] == [GRID, solar]
    assert dashboard.data["device_consumption"] == [
        {**device, "name": name} for device, name in zip(DEVICES, ("Oven", "Heat pump"), strict=True)
    ]
    assert entry.options == {CONF_UPDATE_INTERVAL: 17}


@pytest.mark.usefixtures("recorder_mock")
async def test_what_is_there_stays_and_is_not_doubled_unasked(
    hass: HomeAssistant, dashboard: energy.EnergyManager, entry: MockConfigEntry
) -> None:
    meter = {**GRID, "stat_energy_from": "sensor.p1_import", "stat_energy_to": None, "stat_rate": "sensor.p1_power"}
    fridge = {"stat_consumption": "sensor.fridge_energy"}
    sources = energy.ENERGY_SOURCE_SCHEMA([meter])
    devices = [energy.DEVICE_CONSUMPTION_SCHEMA(device) for device in (fridge, DEVICES[0])]
    await dashboard.async_update({"energy_sources": sources, "device_consumption": devices})
    form = await ask(hass, entry)
    assert suggested(form) == ["solar", "devices"]
    await answer(hass, form, *suggested(form))
    assert dashboard.data
    assert [source.get("stat_energy_from") for source in dashboard.data["energy_sources"]] == [
        "sensor.p1_import",
        SOLAR["stat_energy_from"],
    ]
    assert dashboard.data["energy_sources"][0] == meter
    assert [device["stat_consumption"] for device in dashboard.data["device_consumption"]] == [
        "sensor.fridge_energy",
        "sensor.oven_energy",
        "sensor.heat_pump_energy",
    ]


@pytest.mark.usefixtures("recorder_mock")
async def test_twice_adds_nothing_and_says_so(
    hass: HomeAssistant, dashboard: energy.EnergyManager, entry: MockConfigEntry
) -> None:
    form = await ask(hass, entry)
    await answer(hass, form, *suggested(form))
    before = dashboard.data
    again = await ask(hass, entry)
    assert (again["type"], again["reason"]) == (FlowResultType.ABORT, "energy_dashboard_complete")
    assert dashboard.data == before


@pytest.mark.usefixtures("recorder_mock")
async def test_the_user_may_leave_parts_out(
    hass: HomeAssistant, dashboard: energy.EnergyManager, entry: MockConfigEntry
) -> None:
    await answer(hass, await ask(hass, entry), "solar")
    assert dashboard.data
    assert [source["type"] for source in dashboard.data["energy_sources"]] == ["solar"]
    assert dashboard.data["device_consumption"] == []


async def test_a_home_assistant_without_the_dashboard_is_told(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    assert (await ask(hass, entry))["reason"] == "no_energy_dashboard"


async def test_a_gateway_that_is_not_connected_has_nothing_to_offer(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await ask(hass, entry))["reason"] == "not_loaded"
