"""Gas & water sensors, and the meters in Smappee Switches."""

import pytest
from homeassistant.components.energy import data as energy
from homeassistant.components.sensor import ATTR_STATE_CLASS
from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from custom_components.smappee_infinity.coordinator import SmappeeCoordinator
from tests import genius, plus
from tests.custom_components.running import entity_id, interval_passes, set_up, state_of
from tests.custom_components.sender import Sender
from tests.waiting import until

G = genius.SERIAL
SENSOR, SWITCH = "3003000078", "4006000001"
GAS = f"{SENSOR}_0"
INSTALLED = {
    **genius.home_control((1, "Lamp")),
    "switchActuators": [{"nodeId": 7, "name": "Heater", "serialNumber": SWITCH}],
}


@pytest.fixture
async def coordinator(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> SmappeeCoordinator:
    """A house with a gas meter, and a switch that measures."""
    await gateway.send("sensorConfig", plus.sensor_config(), retain=True)
    await gateway.send("homeControlConfig", INSTALLED, retain=True)
    coordinator = await set_up(hass, entry, gateway)
    await until(lambda: bool(coordinator.session.site.meters and coordinator.session.site.plugs))
    await hass.async_block_till_done()
    return coordinator


async def count(hass: HomeAssistant, gateway: Sender, coordinator: SmappeeCoordinator, pulses: int, end_s: int) -> None:
    """Send an interval of the sensor and of the switch, and let entities show it."""
    before = coordinator.session.readings.switch_energy_j[SWITCH]
    await gateway.send("aggregatedGW", {"gwIntervalDatas": [plus.gas_water(pulses, end_s)]})
    await gateway.send("aggregatedSwitch", {"switchIntervalDatas": [plus.switched(36_000, end_s)]})
    await until(lambda: coordinator.session.readings.switch_energy_j[SWITCH] > before)
    await interval_passes(hass)


async def test_gas_is_a_volume_and_a_flow(
    hass: HomeAssistant, gateway: Sender, coordinator: SmappeeCoordinator
) -> None:
    await count(hass, gateway, coordinator, 50, 300)
    await count(hass, gateway, coordinator, 25, 600)
    volume = hass.states.get(entity_id(hass, f"{G}_gas_volume_{GAS}"))
    assert volume
    assert (volume.state, volume.attributes[ATTR_DEVICE_CLASS], volume.attributes[ATTR_STATE_CLASS]) == (
        "0.75",
        "gas",
        "total_increasing",
    )
    assert volume.attributes[ATTR_UNIT_OF_MEASUREMENT] == "m³"
    assert state_of(hass, f"{G}_gas_flow_{GAS}") == "3.0"


async def test_the_sensor_feels_its_surroundings(
    hass: HomeAssistant, gateway: Sender, coordinator: SmappeeCoordinator
) -> None:
    await count(hass, gateway, coordinator, 0, 300)
    values = {key: state_of(hass, f"{G}_{key}_{SENSOR}") for key in ("temperature", "humidity", "battery_level")}
    assert values == {"temperature": "22.6", "humidity": "41", "battery_level": "100"}


async def test_a_switch_counts_on_its_own_device(
    hass: HomeAssistant, gateway: Sender, coordinator: SmappeeCoordinator
) -> None:
    await count(hass, gateway, coordinator, 0, 300)
    assert state_of(hass, f"{G}_switch_energy_{SWITCH}") == "0.01"
    registry = er.async_get(hass)
    meter = registry.async_get(entity_id(hass, f"{G}_switch_energy_{SWITCH}"))
    plug_id = registry.async_get_entity_id("switch", DOMAIN, f"{G}_plug_7")
    assert plug_id
    plug = registry.async_get(plug_id)
    assert meter
    assert plug
    assert meter.device_id == plug.device_id


async def test_the_sensor_is_a_device_below_its_gateway(hass: HomeAssistant, coordinator: SmappeeCoordinator) -> None:
    entry_id = coordinator.config_entry.entry_id
    devices = {device.name: device for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry_id)}
    sensor = devices["Gas & Water 3003000078"]
    assert (sensor.manufacturer, sensor.model, sensor.serial_number) == ("Smappee", "Gas & Water", SENSOR)
    assert sensor.via_device_id == devices["Smappee Genius"].id
    assert f"Meter of {SWITCH}" not in devices


async def test_totals_go_on_over_a_reload_and_nothing_counts_twice(
    hass: HomeAssistant, gateway: Sender, coordinator: SmappeeCoordinator, entry: MockConfigEntry
) -> None:
    await count(hass, gateway, coordinator, 50, 300)
    assert await gateway.living(hass.config_entries.async_reload(entry.entry_id))
    again = entry.runtime_data
    await until(lambda: bool(again.session.site.meters))
    await gateway.send("aggregatedGW", {"gwIntervalDatas": [plus.gas_water(50, 300)]})
    await count(hass, gateway, again, 50, 600)
    assert state_of(hass, f"{G}_gas_volume_{GAS}") == "1.0"


@pytest.mark.usefixtures("recorder_mock")
async def test_the_energy_dashboard_is_offered_the_meter(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "energy", {})
    await gateway.send("sensorConfig", plus.sensor_config(), retain=True)
    await set_up(hass, entry, gateway)
    await until(lambda: bool(entry.runtime_data.session.site.meters))
    await hass.async_block_till_done()
    options = hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    form = await options.async_configure(menu["flow_id"], {"next_step_id": "energy_dashboard"})
    await options.async_configure(form["flow_id"], {"parts": ["gas"]})
    manager = await energy.async_get_manager(hass)
    assert manager.data
    (source,) = manager.data["energy_sources"]
    assert (source["type"], source["stat_energy_from"]) == ("gas", entity_id(hass, f"{G}_gas_volume_{GAS}"))
    assert source.get("stat_rate") == entity_id(hass, f"{G}_gas_flow_{GAS}")
