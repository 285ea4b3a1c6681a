"""Circuits, chargers and loads are declared in the menu of the gateway, and checked before they count."""

from typing import Any

import pytest
from homeassistant.config_entries import ConfigSubentry, SubentryFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.balancing.const import CIRCUIT, EV_CHARGER, SHED_LOAD
from tests import genius
from tests.custom_components.balanced import (
    ALLOWED,
    CHARGER_ID,
    CURRENT,
    LAMP,
    MAIN_ID,
    MEASURED_BY,
    THE_CHARGER,
    THE_MAIN_FUSE,
    add_helpers,
    balanced,
)
from tests.custom_components.choosing import suggested
from tests.custom_components.conftest import entry_for
from tests.custom_components.running import set_up
from tests.custom_components.sender import Sender
from tests.custom_components.subentries import add, answer
from tests.mosquitto import Mosquitto

GARAGE: tuple[str, str, str, dict[str, Any]] = (
    "garage",
    CIRCUIT,
    "Garage",
    {"parent": MAIN_ID, "rating": 20.0, "kind": "fuse", "loads": [MEASURED_BY]},
)
ENTITIES = {"unplugged": ["available"], "one_phase": "1", "three_phases": "3"}
DETAILS = {"min_current": 6, "step": 1, "fallback_current": 6, "priority": 5, "write_interval": 5}
UNTOUCHED = {"line_1": "unknown"}


@pytest.fixture
def declared() -> tuple[Any, ...]:
    return (THE_MAIN_FUSE,)


@pytest.fixture
def entry(broker: Mosquitto, declared: tuple[Any, ...]) -> MockConfigEntry:
    return balanced(entry_for(broker, genius.SERIAL), *declared)


@pytest.fixture
async def home(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> MockConfigEntry:
    await add_helpers(hass)
    await set_up(hass, entry, gateway)
    return entry


def newest(entry: MockConfigEntry) -> ConfigSubentry:
    subentry: ConfigSubentry = list(entry.subentries.values())[-1]
    return subentry


def charger(**changed: object) -> dict[str, Any]:
    """The form of a charger as it is sent when nothing but this was touched."""
    form: dict[str, Any] = {
        "name": "Right charger",
        "circuit": MAIN_ID,
        "current_entity": CURRENT,
        "switch_entity": ALLOWED,
        "max_current": 16,
        "wiring": UNTOUCHED,
        "entities": ENTITIES,
        "details": DETAILS,
    }
    for field, value in changed.items():
        name = next(
            (name for name in ("wiring", "entities", "details") if field in {*form[name], *MORE.get(name, ())}), ""
        )
        if name:
            form[name] = {**form[name], field: value}
        else:
            form[field] = value
    return form


MORE = {
    "entities": ("power_entity", "phases_entity", "connected_entity", "heartbeat_entity"),
    "details": ("heartbeat",),
}


@pytest.mark.parametrize("declared", [()])
async def test_the_first_circuit_is_the_main_fuse_and_needs_nothing_but_its_rating(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    form = await add(hass, home, CIRCUIT)
    assert form["step_id"] == "main"
    given = {"name": "Main fuse", "rating": 25, "details": {}}
    assert (await answer(hass, gateway, form, given))["type"] is FlowResultType.CREATE_ENTRY
    assert (newest(home).title, dict(newest(home).data)) == ("Main fuse", {"rating": 25, "kind": "fuse"})
    (circuit,) = home.runtime_data.balancing.settings.circuits
    assert (circuit.limit_a, [line.name for line in circuit.lines]) == (23.75, ["L1", "L2", "L3"])


@pytest.mark.parametrize(("declared", "kind"), [((), EV_CHARGER), ((), SHED_LOAD)])
async def test_without_a_circuit_there_is_nothing_to_wire_to(
    hass: HomeAssistant, home: MockConfigEntry, kind: str
) -> None:
    result = await add(hass, home, kind)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_circuit")


@pytest.mark.parametrize("kind", [CIRCUIT, EV_CHARGER, SHED_LOAD])
async def test_without_the_gateway_nothing_can_be_declared(
    hass: HomeAssistant, home: MockConfigEntry, kind: str
) -> None:
    assert await hass.config_entries.async_unload(home.entry_id)
    result = await add(hass, home, kind)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")


async def test_a_gateway_that_goes_away_meanwhile_ends_the_dialog(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    form = await add(hass, home, CIRCUIT)
    assert await hass.config_entries.async_unload(home.entry_id)
    given = {"name": "Garage", "parent": MAIN_ID, "rating": 20, "details": {}}
    result = await answer(hass, gateway, form, given)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")


async def test_further_circuits_are_behind_another(hass: HomeAssistant, gateway: Sender, home: MockConfigEntry) -> None:
    form = await add(hass, home, CIRCUIT)
    assert (form["step_id"], suggested_of(form)["parent"]) == ("sub", MAIN_ID)
    details = {"kind": "hard", "limit": 5, "margin": 2}
    given = {"name": "Garage", "parent": MAIN_ID, "rating": 20, "loads": [MEASURED_BY], "details": details}
    assert (await answer(hass, gateway, form, given))["type"] is FlowResultType.CREATE_ENTRY
    circuit = home.runtime_data.balancing.settings.circuits[-1]
    assert (circuit.parent, circuit.limit_a, circuit.limit_w) == (MAIN_ID, 18, 5000)
    assert [line.name for line in circuit.lines] == ["L2"]


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE, GARAGE)])
async def test_a_circuit_cannot_be_put_behind_itself(hass: HomeAssistant, home: MockConfigEntry) -> None:
    form = await home.start_subentry_reconfigure_flow(hass, "garage")
    assert options_of(form, "parent") == [MAIN_ID]
    form = await home.start_subentry_reconfigure_flow(hass, MAIN_ID)
    assert form["step_id"] == "main"


async def test_a_charger_needs_only_a_name_and_its_entities(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    form = await add(hass, home, EV_CHARGER)
    assert suggested_of(form)["circuit"] == MAIN_ID
    assert defaults_of(form, "wiring") == UNTOUCHED
    assert (await answer(hass, gateway, form, charger()))["type"] is FlowResultType.CREATE_ENTRY
    (found,) = home.runtime_data.balancing.settings.chargers
    assert (found.min_a, found.max_a, found.fallback_a, found.metered, found.can_pause) == (6, 16, 6, False, True)
    assert ([line.name for line in found.lines], found.wiring_known) == (["L1", "L2", "L3"], False)


async def test_whoever_knows_the_wiring_says_it(hass: HomeAssistant, gateway: Sender, home: MockConfigEntry) -> None:
    wired = {"line_1": "L2", "line_2": "L3", "line_3": "L1"}
    form = await answer(hass, gateway, await add(hass, home, EV_CHARGER), charger(wiring=wired))
    assert form["type"] is FlowResultType.CREATE_ENTRY
    (found,) = home.runtime_data.balancing.settings.chargers
    assert ([line.name for line in found.lines], found.wiring_known) == (["L2", "L3", "L1"], True)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"wiring": {"line_1": "L1", "line_2": "L1"}}, "wiring"),
        ({"wiring": {"line_1": "unknown", "line_2": "L1"}}, "wiring"),
        ({"min_current": 17}, "maximum_below_minimum"),
        ({"step": 4, "max_current": 7}, "maximum_below_minimum"),
        ({"fallback_current": 17}, "fallback_too_high"),
        ({"max_current": 40}, "beyond_the_number"),
        ({"load": MEASURED_BY, "power_entity": "sensor.charger_power"}, "measured_twice"),
        ({"heartbeat_entity": "button.heartbeat"}, "no_heartbeat_time"),
        ({"current_entity": "number.in_percent"}, "no_current"),
        ({"phases_entity": "select.phases"}, "no_such_option"),
    ],
)
async def test_what_cannot_work_is_said_and_can_be_mended(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry, given: dict[str, Any], error: str
) -> None:
    hass.states.async_set("sensor.charger_power", "0", {"unit_of_measurement": "kW", "device_class": "power"})
    hass.states.async_set("number.in_percent", "50", {"unit_of_measurement": "%"})
    hass.states.async_set("select.phases", "one", {"options": ["one", "three"]})
    form = await answer(hass, gateway, await add(hass, home, EV_CHARGER), charger(**given))
    assert (form["type"], form["errors"]) == (FlowResultType.FORM, {"base": error})
    assert (await answer(hass, gateway, form, charger()))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_heartbeat_is_a_button_where_one_is_named(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    given = charger(heartbeat=60, heartbeat_entity="button.heartbeat")
    await answer(hass, gateway, await add(hass, home, EV_CHARGER), given)
    (found,) = home.runtime_data.balancing.settings.chargers
    assert (found.heartbeat_s, found.beats_by_button) == (60, True)


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE, THE_CHARGER)])
@pytest.mark.parametrize("kind", [EV_CHARGER, SHED_LOAD])
async def test_two_cannot_command_one_entity(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry, kind: str
) -> None:
    load = {"name": "x", "circuit": MAIN_ID, "switch_entity": ALLOWED, "lines": ["L1"], "rated_current": 10}
    given = charger() if kind == EV_CHARGER else {**load, "details": {}}
    form = await answer(hass, gateway, await add(hass, home, kind), given)
    assert (form["type"], form["errors"]) == (FlowResultType.FORM, {"base": "already_used"})


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE, THE_CHARGER)])
async def test_a_change_begins_with_what_is_declared_and_what_is_cleared_is_gone(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    form = await home.start_subentry_reconfigure_flow(hass, CHARGER_ID)
    shown = suggested_of(form)
    assert (shown["name"], shown["load"], shown["wiring"]) == ("Left charger", MEASURED_BY, {"line_1": "L2"})
    result = await answer(hass, gateway, form, charger(name="Middle charger", max_current=20))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    (found,) = home.runtime_data.balancing.settings.chargers
    assert (home.subentries[CHARGER_ID].title, found.max_a, found.metered) == ("Middle charger", 20, False)


async def test_a_load_that_can_be_shed_is_declared(hass: HomeAssistant, gateway: Sender, home: MockConfigEntry) -> None:
    given = {"name": "Boiler", "circuit": MAIN_ID, "switch_entity": LAMP, "lines": ["L1"], "rated_current": 10.4}
    form = await answer(hass, gateway, await add(hass, home, SHED_LOAD), {**given, "details": {"on_stale": "off"}})
    assert form["type"] is FlowResultType.CREATE_ENTRY
    (found,) = home.runtime_data.balancing.settings.loads
    assert (found.rated_a, found.min_off_s, found.on_stale, found.metered) == (10.4, 180, "off", False)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"details": {"margin": 25}}, "margin_too_large"),
        ({"details": {"limit_entity": "sensor.warm"}}, "no_limit"),
    ],
)
async def test_a_circuit_is_checked_too(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry, given: dict[str, Any], error: str
) -> None:
    hass.states.async_set("sensor.warm", "20", {"unit_of_measurement": "°C", "device_class": "current"})
    form = await home.start_subentry_reconfigure_flow(hass, MAIN_ID)
    form = await answer(hass, gateway, form, {"name": "Main fuse", "rating": 25, **given})
    assert (form["type"], form["errors"]) == (FlowResultType.FORM, {"base": error})


async def test_our_own_entities_cannot_be_those_of_a_charger(hass: HomeAssistant, home: MockConfigEntry) -> None:
    form = await add(hass, home, EV_CHARGER)
    assert form["data_schema"] is not None
    selectors = {str(field): selector for field, selector in form["data_schema"].schema.items()}
    assert "switch.smappee_genius_control_enabled" in selectors["switch_entity"].config["exclude_entities"]


def suggested_of(form: SubentryFlowResult) -> dict[str, Any]:
    """What the fields of a form show at first, those in sections, too."""
    assert form["data_schema"] is not None
    shown = suggested(form)  # type: ignore[arg-type] # it is a form as well
    for field, part in form["data_schema"].schema.items():
        if hasattr(part, "schema"):
            inner = {str(key): (key.description or {}).get("suggested_value") for key in part.schema.schema}
            shown[str(field)] = {key: value for key, value in inner.items() if value is not None}
    return shown


def defaults_of(form: SubentryFlowResult, name: str) -> dict[str, Any]:
    """What a section of a form says when nobody touches it."""
    assert form["data_schema"] is not None
    section = next(part for field, part in form["data_schema"].schema.items() if str(field) == name)
    untouched: dict[str, Any] = section.schema({})
    return untouched


def options_of(form: SubentryFlowResult, field: str) -> list[str]:
    assert form["data_schema"] is not None
    selector = form["data_schema"].schema[field]
    return [option["value"] for option in selector.config["options"]]
