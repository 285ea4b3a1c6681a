"""Meters as their owner knows them: what they count, how large a pulse is, and what the meter on the wall shows."""

from typing import Any

import pytest
from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from custom_components.smappee_infinity.declared import METER
from tests import genius, plus
from tests.custom_components.running import interval_passes, set_up
from tests.custom_components.sender import Sender
from tests.custom_components.subentries import add, answer, change
from tests.waiting import until

GAS = "3003000078_0"
FORM: dict[str, Any] = {"medium": "gas", "unit": "m3", "pulses_per_unit": 100}


@pytest.fixture
async def home(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> MockConfigEntry:
    """A gas meter that has counted 2.5 m³."""
    await gateway.send("sensorConfig", plus.sensor_config(), retain=True)
    coordinator = await set_up(hass, entry, gateway)
    await until(lambda: bool(coordinator.session.site.meters))
    await count(hass, gateway, entry, 250, 300)
    return entry


async def count(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, pulses: int, ended_at_s: int) -> None:
    session = entry.runtime_data.session
    before = session.readings.meter_pulses[GAS]
    await gateway.send("aggregatedGW", {"gwIntervalDatas": [plus.gas_water(pulses, ended_at_s)]})
    await until(lambda: session.readings.meter_pulses[GAS] == before + pulses)
    await interval_passes(hass)


def sensor(hass: HomeAssistant, key: str) -> State | None:
    found = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{genius.SERIAL}_{key}_{GAS}")
    return None if found is None else hass.states.get(found)


def value(hass: HomeAssistant, key: str) -> float:
    state = sensor(hass, key)
    assert state is not None
    return float(state.state)


async def tell(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, **fields: object) -> dict[str, Any]:
    """Tell something of the gas meter; returns what is kept."""
    flow = await answer(hass, gateway, await add(hass, entry, METER), {"id": GAS})
    assert (flow["step_id"], flow["description_placeholders"]) == ("meter", {"meter": GAS, "problems": ""})
    result = await answer(hass, gateway, flow, {**FORM, **fields})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    return dict(subentry.data)


async def test_a_further_sensor_shows_what_the_meter_shows(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    assert sensor(hass, "gas_reading") is None
    assert await tell(hass, gateway, home, reading=4321.0) == {"id": GAS, **FORM, "offset": 4318.5}
    await until(lambda: sensor(hass, "gas_reading") is not None)
    assert (value(hass, "gas_reading"), value(hass, "gas_volume")) == (4321, 2.5)
    await count(hass, gateway, home, 50, 600)
    assert (value(hass, "gas_reading"), value(hass, "gas_volume")) == (4321.5, 3)
    reading, total = sensor(hass, "gas_reading"), sensor(hass, "gas_volume")
    assert reading is not None
    assert total is not None
    assert reading.attributes[ATTR_DEVICE_CLASS] == total.attributes[ATTR_DEVICE_CLASS] == "gas"
    assert "state_class" not in reading.attributes
    assert total.attributes["state_class"] == "total_increasing"


async def test_a_correction_moves_the_reading_and_never_the_total(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    await tell(hass, gateway, home, reading=4321.0)
    form = await change(hass, home)
    assert form["data_schema"] is not None
    suggested = {str(field): (field.description or {}).get("suggested_value") for field in form["data_schema"].schema}
    assert suggested == {"name": None, "medium": "gas", "unit": "m3", "pulses_per_unit": 100, "reading": 4321}
    result = await answer(hass, gateway, form, {**FORM, "pulses_per_unit": 10, "reading": 4300.0})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await until(lambda: value(hass, "gas_reading") == 4300)
    assert value(hass, "gas_volume") == 2.5
    await count(hass, gateway, home, 50, 600)
    assert (value(hass, "gas_reading"), value(hass, "gas_volume")) == (4305, 7.5)


async def test_a_meter_may_count_something_else_than_the_gateway_says(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    await tell(hass, gateway, home, name="District", medium="heat", unit="GJ", pulses_per_unit=100, reading=3.0)
    await until(lambda: sensor(hass, "meter_energy") is not None)
    energy, reading = sensor(hass, "meter_energy"), sensor(hass, "energy_reading")
    assert energy is not None
    assert reading is not None
    assert energy.name == "Gas & Water 3003000078 District"
    assert reading.name == "Gas & Water 3003000078 District meter reading"
    assert energy.attributes[ATTR_UNIT_OF_MEASUREMENT] == "kWh"
    assert value(hass, "meter_energy") == pytest.approx(694.444)
    assert value(hass, "energy_reading") == pytest.approx(833.333)


async def test_an_empty_unit_is_the_usual_one(hass: HomeAssistant, gateway: Sender, home: MockConfigEntry) -> None:
    kept = await tell(hass, gateway, home, medium="water", unit="", reading=1.0)
    assert (kept["unit"], "name" in kept) == ("m3", False)
    await until(lambda: sensor(hass, "water_reading") is not None)


async def test_what_cannot_be_told_of_a_meter_can_be_corrected(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    flow = await answer(hass, gateway, await add(hass, home, METER), {"id": GAS})
    flow = await answer(hass, gateway, flow, {**FORM, "name": "Kitchen", "pulses_per_unit": 2e6, "reading": 1.0})
    assert flow["errors"] == {"base": "not_declarable"}
    assert flow["description_placeholders"] == {
        "meter": GAS,
        "problems": "• Kitchen, Pulses per unit: must be a number from 0.001 to 1000000, not 2000000.0",
    }
    assert flow["data_schema"] is not None
    suggested = {str(field): (field.description or {}).get("suggested_value") for field in flow["data_schema"].schema}
    assert suggested["name"] == "Kitchen"
    assert (await answer(hass, gateway, flow, FORM))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_removed_correction_leaves_the_total_as_it_is(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    await tell(hass, gateway, home, reading=4321.0)
    (subentry_id,) = home.subentries
    hass.config_entries.async_remove_subentry(home, subentry_id)
    await gateway.living(hass.async_block_till_done())
    assert value(hass, "gas_volume") == 2.5


async def test_every_meter_is_corrected_once(hass: HomeAssistant, gateway: Sender, home: MockConfigEntry) -> None:
    await tell(hass, gateway, home)
    result = await add(hass, home, METER)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_meters")


async def test_a_meter_that_is_gone_cannot_be_changed(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    await tell(hass, gateway, home)
    await gateway.send("sensorConfig", {"gwSensors": []}, retain=True)
    await until(lambda: not home.runtime_data.session.site.meters)
    result = await change(hass, home)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_such_meter")
