"""Every text that the code asks for exists, and no text is left over."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity import (
    config_flow,
    declared,
    errors,
    module_forms,
    options_capture,
    options_flow,
    options_loads,
    trial,
)
from custom_components.smappee_infinity._vendor.energy_control.balancing.decisions import Reason
from custom_components.smappee_infinity._vendor.energy_control.balancing.settings import Kind, Mode, OnStale
from custom_components.smappee_infinity._vendor.energy_control.points import CONTROL_POINTS
from custom_components.smappee_infinity._vendor.mqtt_schema.dialects import INPUT_PRESETS, OUTPUT_PRESETS
from custom_components.smappee_infinity._vendor.mqtt_schema.points import POINTS, ScopeKind
from custom_components.smappee_infinity._vendor.mqtt_schema.quantities import Medium, Nature
from custom_components.smappee_infinity._vendor.smappee_gateway.capture import DamagedCaptureError
from custom_components.smappee_infinity._vendor.smappee_gateway.errors import (
    CannotConnectError,
    CannotPublishError,
    CommandError,
    GatewayError,
    ModuleFileError,
    ModuleSettingsError,
    NotTriedError,
)
from custom_components.smappee_infinity.balancing import binary_sensors, controls, repairs, sensors
from custom_components.smappee_infinity.balancing.const import EV_CHARGER, NOT_KNOWN
from custom_components.smappee_infinity.balancing.const import KINDS as KINDS_OF_BALANCING
from custom_components.smappee_infinity.balancing.forms import LINE
from custom_components.smappee_infinity.capture import Ending
from custom_components.smappee_infinity.const import (
    ACTION_TURN_ON_FOR,
    ATTR_DURATION,
    CONF_BATTERIES,
    CONF_BILLED_PEAK,
    CONF_CARS,
    CONF_MONTH_PEAK,
    CONF_OFF_DELAY,
    CONF_ON_DELAY,
    CONF_QUARTER_AVERAGE,
    CONF_THRESHOLD,
    CONF_UPDATE_INTERVAL,
    DOMAIN,
)
from custom_components.smappee_infinity.energy_dashboard import Part
from custom_components.smappee_infinity.naming import SAID_OF_A_PART
from custom_components.smappee_infinity.select import DURATIONS
from custom_components.smappee_infinity.sensor import STATE_CLASSES
from tests.custom_components.translated import ABOUT_A_LOAD, FOLDER, MISTAKES, OBSTACLES, TEXTS

ICONS: dict[str, Any] = json.loads((FOLDER / "icons.json").read_text())
NOT_FOR_USERS = {CannotPublishError, DamagedCaptureError, ModuleFileError, ModuleSettingsError}
"""Errors of what the component does not do: it reads and replays no captures, and reads no files with modules. What is
wrong with declarations is shown where they are made."""
WITHOUT_FORM = {"capture", "mqtt", "probe", "reauth", "zeroconf"}
OF_A_RECORDING = {"capture_kept", "capture_start", "capture_running", "capture_done"}
SECURITY = {"username", "password", "ssl", "verify_ssl", "certificate"}
FLOWS = config_flow.SmappeeInfinityConfigFlow.async_get_supported_subentry_types(MockConfigEntry(domain=DOMAIN))
OF_HOME_ASSISTANT = {"sensor": {"switches_off_at", "named_switches_off_at"}, "binary_sensor": set[str]()}
"""What Home Assistant itself knows about a switch."""
OF_BALANCING = {
    "binary_sensor": {described.key for described in binary_sensors.STATES},
    "number": {controls.MAXIMUM_CURRENT},
    "select": {controls.CHARGER_MODE},
    "sensor": {described.key for described in (*sensors.NUMBERS, *sensors.REASONS.values())}
    | {f"{sensors.HEADROOM.key}_phase"},
    "switch": {controls.CONTROL_ENABLED},
}


def test_every_data_point_has_a_name_and_every_name_a_data_point() -> None:
    """A switch bears the name of its device."""
    several = {ScopeKind.PHASE, ScopeKind.LINES, ScopeKind.CHANNEL, ScopeKind.METER}
    rows = [row for row in (*POINTS, *CONTROL_POINTS) if row.scope is not ScopeKind.CONTACT]
    for platform, natures in {"sensor": STATE_CLASSES.keys(), "binary_sensor": {Nature.STATE}}.items():
        shown = [row for row in rows if row.nature in natures]
        keys = {row.key for row in shown} | {f"{row.key}_phase" for row in shown if row.scope in several}
        named = {f"named_{nature}" for nature in natures}
        named |= {f"named_{row.key}" for row in shown if row.quantity in SAID_OF_A_PART}
        assert set(TEXTS["entity"][platform]) == keys | named | OF_HOME_ASSISTANT[platform] | OF_BALANCING[platform]
    assert set(TEXTS["entity"]["switch"]) == {f"named_{Nature.SETTING}"} | OF_BALANCING["switch"]
    assert set(TEXTS["entity"]["number"]) == OF_BALANCING["number"]
    assert set(TEXTS["entity"]) == {"sensor", "binary_sensor", "number", "select", "switch"}


def test_icons_belong_to_names() -> None:
    assert set(ICONS) == {"entity", "services"}
    assert ICONS["services"].keys() == {ACTION_TURN_ON_FOR}
    for platform, icons in ICONS["entity"].items():
        assert set(icons) <= set(TEXTS["entity"][platform])
        assert all(re.fullmatch(r"mdi:[a-z0-9-]+", icon["default"]) for icon in icons.values())


def test_every_error_of_a_gateway_has_its_texts() -> None:
    kinds = {*GatewayError.__subclasses__(), *CannotConnectError.__subclasses__()} - {CommandError, *NOT_FOR_USERS}
    assert set(errors.TRANSLATION_KEYS) == kinds
    assert set(errors.COMMAND_KEYS) == set(CommandError.__subclasses__())
    keys = set(errors.TRANSLATION_KEYS.values())
    assert set(TEXTS["config"]["error"]) == keys
    others = {errors.TOO_OFTEN, errors.NOT_DECLARABLE, controls.NOT_ENABLED, *OBSTACLES, *MISTAKES}
    assert set(TEXTS["exceptions"]) == keys | set(errors.COMMAND_KEYS.values()) | others
    assert set(TEXTS["issues"]) == {errors.TRANSLATION_KEYS[kind] for kind in errors.REPAIRS} | {
        errors.LEFT_ON,
        errors.DOUBLED,
        *repairs.KEYS,
    }


def test_every_step_with_a_form_has_its_texts() -> None:
    methods = vars(config_flow.SmappeeInfinityConfigFlow)
    steps = {name.removeprefix("async_step_") for name in methods if name.startswith("async_step_")}
    assert set(TEXTS["config"]["step"]) == steps - WITHOUT_FORM
    assert set(TEXTS["config"]["progress"]) == {"probe"}
    options = dir(options_flow.SmappeeInfinityOptionsFlow)
    steps = {name.removeprefix("async_step_") for name in options if name.startswith("async_step_")}
    assert set(TEXTS["options"]["step"]) == steps - WITHOUT_FORM
    assert set(TEXTS["options"]["step"]["init"]["menu_options"]) == set(options_flow.MENU)
    assert steps == {"init", *options_flow.MENU, *ABOUT_A_LOAD, *OF_A_RECORDING}
    kept = TEXTS["options"]["step"]["capture_kept"]["menu_options"]
    assert set(kept) == {"capture_done", "capture_start"}


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        (TEXTS["config"]["step"]["address"], {"host", "port"}),
        (TEXTS["config"]["step"]["address"]["sections"]["security"], SECURITY),
        (TEXTS["config"]["step"]["new_address"], {"host", "port"}),
        (TEXTS["config"]["step"]["new_address"]["sections"]["security"], SECURITY),
        (TEXTS["config"]["step"]["reauth_confirm"], {"username", "password"}),
        (TEXTS["config"]["step"]["gateway"], {config_flow.CONF_GATEWAY}),
        (TEXTS["options"]["step"]["settings"], {CONF_UPDATE_INTERVAL}),
        (TEXTS["options"]["step"]["roles"], {CONF_BATTERIES, CONF_CARS}),
        (TEXTS["options"]["step"]["running"], {options_loads.CONF_LOAD}),
        (TEXTS["options"]["step"]["running_load"], {CONF_THRESHOLD, CONF_ON_DELAY, CONF_OFF_DELAY}),
        (TEXTS["options"]["step"]["containing"], {options_loads.CONF_LOAD}),
        (TEXTS["options"]["step"]["contained"], {options_loads.CONF_CONTAINED}),
        (TEXTS["options"]["step"]["digital_meter"], {CONF_QUARTER_AVERAGE, CONF_MONTH_PEAK, CONF_BILLED_PEAK}),
        (TEXTS["options"]["step"]["energy_dashboard"], {options_flow.CONF_PARTS}),
        (TEXTS["options"]["step"]["capture_running"], {options_capture.CONF_NOTE, options_capture.CONF_NEXT}),
    ],
)
def test_every_field_has_a_name_and_a_description(step: dict[str, Any], fields: set[str]) -> None:
    assert set(step["data"]) == set(step["data_description"]) == fields


def test_every_reason_to_end_a_flow_has_its_text() -> None:
    source = (FOLDER / "config_flow.py").read_text()
    ours = set(re.findall(r'async_abort\(reason="(\w+)"', source))
    saved = set(re.findall(r'self\._save\(.+, "(\w+)"\)', source))
    assert set(TEXTS["config"]["abort"]) == ours | saved
    source = "".join(file.read_text() for file in FOLDER.glob("options_*.py"))
    assert set(TEXTS["options"]["abort"]) == set(re.findall(r'async_abort\(reason="(\w+)"', source))
    named = set(re.findall(r'errors\[\w+\] = "(\w+)"', source))
    recording = {*options_capture.CANNOT_RECORD.values(), options_capture.CANNOT_GET_IN}
    assert set(TEXTS["options"]["error"]) == named | {*Ending, *recording}


def test_every_choice_has_its_text() -> None:
    choices = {
        options_flow.CONF_PARTS: {part.value for part in Part},
        options_capture.NEXT: {options_capture.STOP, options_capture.RECORD_ON},
        "dialect": OUTPUT_PRESETS.keys() | INPUT_PRESETS.keys(),
        "input_kind": {module_forms.UNUSED, module_forms.PULSE, module_forms.CONTACT},
        "medium": {medium.value for medium in Medium},
        "seen": {trial.YES, trial.NO},
        "kind": set(Kind),
        "on_stale": set(OnStale),
        LINE: {NOT_KNOWN},
    }
    assert {key: set(texts["options"]) for key, texts in TEXTS["selector"].items()} == choices
    selects = TEXTS["entity"]["select"]
    assert selects.keys() == {"switch_off_after", "named_switch_off_after"} | OF_BALANCING["select"]
    for key in ("switch_off_after", "named_switch_off_after"):
        assert selects[key]["state"].keys() == DURATIONS.keys()
    assert selects[controls.CHARGER_MODE]["state"].keys() == set(Mode)
    for described in sensors.REASONS.values():
        assert TEXTS["entity"]["sensor"][described.key]["state"].keys() == set(Reason)
    attributes = TEXTS["entity"]["sensor"][sensors.REASONS[EV_CHARGER].key]["state_attributes"]
    assert attributes.keys() == {sensors.ATTR_LEARNED_WIRING}


def test_what_owners_declare_has_its_texts() -> None:
    assert TEXTS["config_subentries"].keys() == {*declared.KINDS, *KINDS_OF_BALANCING}
    for kind in declared.KINDS:
        flow = FLOWS[kind]
        texts = TEXTS["config_subentries"][kind]
        methods = {name.removeprefix("async_step_") for name in dir(flow) if name.startswith("async_step_")}
        forms = methods if kind == declared.OUTPUT_MODULE else methods - {"reconfigure"}
        assert set(texts["step"]) == forms
        sources = (inspect.getsource(part) for part in flow.__mro__ if part.__module__.startswith("custom_components"))
        reasons = set(re.findall(r'reason="(\w+)"', "".join(sources)))
        assert set(texts["abort"]) == reasons
        assert texts["initiate_flow"].keys() == {"user", "reconfigure"}
        assert texts["entry_type"]
    steps = TEXTS["config_subentries"][declared.OUTPUT_MODULE]
    assert set(steps["step"]["reconfigure"]["menu_options"]) == {"edit", "trial"}
    refused = {errors.COMMAND_KEYS[kind] for kind in errors.COMMAND_KEYS if kind is not NotTriedError}
    assert set(steps["error"]) == refused | {errors.NOT_DECLARABLE, "not_ready"}
    assert set(TEXTS["config_subentries"][declared.INPUT_MODULE]["error"]) == {errors.NOT_DECLARABLE}


@pytest.mark.parametrize("schema", ["output", "input"])
def test_every_field_of_a_declaration_has_a_name_and_a_description(schema: str) -> None:
    forms = {"output": module_forms.output_schema([]), "input": module_forms.input_schema([])}
    for step in ("user", "edit"):
        texts = TEXTS["config_subentries"][f"{schema}_module"]["step"][step]
        fields = forms[schema].schema
        plain = {str(field) for field, value in fields.items() if not isinstance(value, section)}
        assert set(texts["data"]) == set(texts["data_description"]) == plain
        sections = {str(field): value for field, value in fields.items() if isinstance(value, section)}
        assert texts["sections"].keys() == sections.keys()
        for name, part in sections.items():
            inner = {str(field) for field in part.schema.schema}
            assert set(texts["sections"][name]["data"]) == set(texts["sections"][name]["data_description"]) == inner


async def test_every_action_and_its_fields_have_texts(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    described = (await async_get_all_descriptions(hass))[DOMAIN]
    assert TEXTS["services"].keys() == described.keys() == hass.services.async_services_for_domain(DOMAIN).keys()
    assert described[ACTION_TURN_ON_FOR]["fields"].keys() == {ATTR_DURATION}
    assert described[ACTION_TURN_ON_FOR]["target"] == {"entity": [{"integration": DOMAIN, "domain": ["switch"]}]}
    texts = TEXTS["services"][ACTION_TURN_ON_FOR]
    assert texts.keys() == {"name", "description", "fields"}
    assert texts["fields"].keys() == {ATTR_DURATION}
    assert texts["fields"][ATTR_DURATION].keys() == {"name", "description"}


def test_there_are_no_other_texts() -> None:
    assert set(TEXTS) == {
        "config",
        "config_subentries",
        "entity",
        "exceptions",
        "issues",
        "options",
        "selector",
        "services",
    }
    assert set(TEXTS["config"]) == {"abort", "error", "flow_title", "progress", "step"}
    assert set(TEXTS["options"]) == {"abort", "error", "step"}


def test_no_text_is_written_in_the_code() -> None:
    """What a user reads is translated: exceptions for Home Assistant and repairs name a key."""
    raised = {"ConfigEntryNotReady", "kind", "HomeAssistantError", "ServiceValidationError", "async_create_issue"}
    for file in (*FOLDER.glob("*.py"), *FOLDER.glob("balancing/*.py")):
        for call in calls(file, raised):
            assert "translation_key" in {keyword.arg for keyword in call.keywords}, file.name
            assert not any(isinstance(argument, ast.JoinedStr) for argument in call.args), file.name


def calls(file: Path, names: set[str]) -> Iterator[ast.Call]:
    """Calls of functions with these names."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names:
            yield node
