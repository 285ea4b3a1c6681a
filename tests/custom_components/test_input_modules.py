"""Input modules: contacts and pulse meters that their owner has declared."""

from typing import Any

import pytest
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from custom_components.smappee_infinity.declared import INPUT_MODULE
from tests import genius, plus
from tests.custom_components.running import arrived, interval_passes, set_up
from tests.custom_components.sender import Sender
from tests.custom_components.subentries import add, answer, change, with_subentries
from tests.modules import INPUT
from tests.waiting import until

UNUSED = {"kind": "unused", "medium": "water", "pulses_per_unit": 1000, "normally_closed": False}
FORM: dict[str, Any] = {
    "id": INPUT,
    "name": "Meters",
    "dialect": "inputmodule",
    "input_1": {**UNUSED, "kind": "pulse", "name": "Garden"},
    "input_2": {**UNUSED, "kind": "pulse", "name": "Steam", "medium": "steam", "unit": "t", "pulses_per_unit": 10},
    "input_3": {**UNUSED, "kind": "contact", "name": "Door"},
    "input_4": {**UNUSED, "kind": "contact", "normally_closed": True},
    "override": {},
}
TABLE = {
    "id": INPUT,
    "name": "Meters",
    "dialect": "inputmodule",
    "override": {},
    "inputs": [
        {"input": 1, "kind": "pulse", "name": "Garden", "medium": "water", "pulses_per_unit": 1000, "unit": "m3"},
        {"input": 2, "kind": "pulse", "name": "Steam", "medium": "steam", "pulses_per_unit": 10, "unit": "t"},
        {"input": 3, "kind": "contact", "name": "Door", "normally_closed": False},
        {"input": 4, "kind": "contact", "name": "Meters 4", "normally_closed": True},
    ],
}


@pytest.fixture
async def declared(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> MockConfigEntry:
    entry = with_subentries(entry, (INPUT_MODULE, TABLE))
    await set_up(hass, entry, gateway)
    return entry


async def tell(gateway: Sender, *of_inputs: dict[str, object]) -> None:
    await gateway.send(f"inputmodule/{INPUT}/state", {"inputs": list(of_inputs)})


def shown(hass: HomeAssistant, domain: str, key: str) -> State:
    found = er.async_get(hass).async_get_entity_id(domain, DOMAIN, f"{genius.SERIAL}_{key}")
    assert found is not None, key
    state = hass.states.get(found)
    assert state is not None, key
    return state


@pytest.mark.usefixtures("declared")
async def test_a_leak_is_suspected_of_a_meter_and_not_called_like_it(hass: HomeAssistant) -> None:
    assert shown(hass, "binary_sensor", f"water_leak_{INPUT}_0").name == "Meters Garden leak suspected"
    assert shown(hass, "binary_sensor", f"contact_{INPUT}_2").name == "Meters Door"


async def test_what_is_declared_appears_at_once(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    result = await answer(hass, gateway, await add(hass, entry, INPUT_MODULE), FORM)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert dict(subentry.data) == TABLE
    await until(lambda: shown(hass, "binary_sensor", f"contact_{INPUT}_2").name == "Meters Door")
    assert shown(hass, "sensor", f"water_volume_{INPUT}_0").name == "Meters Garden"
    assert shown(hass, "sensor", f"meter_mass_{INPUT}_1").attributes["unit_of_measurement"] == "kg"


@pytest.mark.usefixtures("declared")
async def test_contacts_are_on_when_they_are_not_at_rest(hass: HomeAssistant, gateway: Sender) -> None:
    door, other = f"contact_{INPUT}_2", f"contact_{INPUT}_3"
    assert shown(hass, "binary_sensor", door).state == STATE_UNKNOWN
    await tell(gateway, {}, {}, {"state": "CLOSED"}, {"state": "CLOSED"})
    await until(lambda: shown(hass, "binary_sensor", door).state == STATE_ON)
    assert shown(hass, "binary_sensor", other).state == STATE_OFF


async def test_counts_that_run_on_become_quantities(
    hass: HomeAssistant, gateway: Sender, declared: MockConfigEntry
) -> None:
    coordinator = declared.runtime_data
    for number in (100, 101, 151):
        await gateway.power()
        await arrived(coordinator, gateway)
        await tell(gateway, {"count": number}, {"count": number})
    await until(lambda: coordinator.session.readings.meter_pulses[f"{INPUT}_0"] == 51)
    await interval_passes(hass)
    assert shown(hass, "sensor", f"water_volume_{INPUT}_0").state == "0.051"
    assert shown(hass, "sensor", f"meter_mass_{INPUT}_1").state == "5100.0"


async def test_a_change_keeps_what_was_counted(hass: HomeAssistant, gateway: Sender, declared: MockConfigEntry) -> None:
    form = await change(hass, declared)
    assert form["step_id"] == "edit"
    result = await answer(hass, gateway, form, {**FORM, "name": "Cellar", "input_3": UNUSED})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    (subentry,) = declared.subentries.values()
    assert subentry.title == "Cellar"
    assert [of_input["input"] for of_input in subentry.data["inputs"]] == [1, 2, 4]


async def test_a_listed_module_is_offered_and_is_no_gas_and_water_sensor_any_more(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await gateway.send("sensorConfig", plus.sensor_config(serial=INPUT), retain=True)
    coordinator = await set_up(hass, entry, gateway)
    await until(lambda: bool(coordinator.session.site.sensors))
    form = await add(hass, entry, INPUT_MODULE)
    assert form["data_schema"] is not None
    (field,) = (value for name, value in form["data_schema"].schema.items() if name == "id")
    assert field.config["options"] == [INPUT]
    await answer(hass, gateway, form, {**FORM, "dialect": "gas_water", "input_3": UNUSED, "input_4": UNUSED})
    site = entry.runtime_data.session.site
    await until(lambda: [meter.name for meter in site.meters] == ["Garden", "Steam"])


async def test_contacts_need_a_dialect_that_tells_them(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    flow = await answer(hass, gateway, await add(hass, entry, INPUT_MODULE), {**FORM, "dialect": "gas_water"})
    assert flow["errors"] == {"base": "not_declarable"}
    assert flow["description_placeholders"] is not None
    assert flow["description_placeholders"]["problems"] == (
        "• Meters, Dialect: gas_water tells no states of contacts; take inputmodule, or override state_topic"
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"input_1": UNUSED, "input_2": {**FORM["input_2"], "pulses_per_unit": 2e6}},
            "• Meters, Input 2, Pulses per unit: must be a number from 0.001 to 1000000, not 2000000.0",
        ),
        (
            {"override": {"override": {"closed_words": ["shut", None]}}},
            (
                "• Meters, Other topics and words, closed_words 2: must be a word of letters, digits and _ . : + -,"
                " at most 30; not None"
            ),
        ),
    ],
)
async def test_what_is_wrong_is_told_with_its_place_in_the_form(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, fields: dict[str, Any], told: str
) -> None:
    await set_up(hass, entry, gateway)
    flow = await answer(hass, gateway, await add(hass, entry, INPUT_MODULE), {**FORM, **fields})
    assert flow["description_placeholders"] is not None
    assert flow["description_placeholders"]["problems"] == told
