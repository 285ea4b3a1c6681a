"""Home Assistant's energy dashboard takes our sensors, by its own check, once statistics of them have been made."""

import pytest
from homeassistant.components.energy import data as energy
from homeassistant.components.energy.validate import async_validate
from homeassistant.components.recorder.statistics import list_statistic_ids
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
    get_start_time,
)

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
