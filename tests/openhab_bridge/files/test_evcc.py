"""Meters for evcc: in the form of its guide, of the right topics, and doubted when the bridge doubts them."""

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from mqtt_schema.points import ScopeKind
from mqtt_schema.quantities import CONSUMING, Phase, Quantity
from openhab_bridge.files import evcc
from openhab_bridge.model import Installation
from openhab_bridge.settings import Pace, TrafficSettings
from smappee_gateway.broker import Broker, Tls
from smappee_gateway.told_loads import ToldLoads
from tests.openhab_bridge.files.living import HOUSES, SETTINGS, WITH_EVERYTHING, heard, installation

type Document = dict[str, Any]

VALUE = {"oneOf": [{"$ref": "#/$defs/valid"}, {"$ref": "#/$defs/const"}]}
LINES = {"type": "array", "items": VALUE, "minItems": 3, "maxItems": 3}


def closed(properties: Document, *required: str) -> Document:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


METER = closed(
    {
        "name": {"type": "string", "pattern": "^[a-z0-9_]+$"},
        "type": {"const": "custom"},
        "power": VALUE,
        "energy": VALUE,
        "currents": LINES,
        "powers": LINES,
    },
    "name",
    "type",
    "power",
)
MQTT = {
    "source": {"const": "mqtt"},
    "topic": {"type": "string", "pattern": "^[^#+]+$"},
    "timeout": {"type": "string", "pattern": "^[0-9]+s$"},
    "quote": {"type": "boolean"},
    "jq": {"type": "string"},
}
SCHEMA = closed({"meters": {"type": "array", "items": METER}}, "meters") | {
    "$defs": {
        "mqtt": closed(MQTT, "source", "topic"),
        "const": closed({"source": {"const": "const"}, "value": {"type": "number"}}, "source", "value"),
        "valid": closed(
            {"source": {"const": "valid"}, "valid": {"$ref": "#/$defs/mqtt"}, "value": {"$ref": "#/$defs/mqtt"}},
            "source",
            "valid",
            "value",
        ),
    }
}
"""Those attributes of meters and parameters of plugins in evcc's guide that are used here, and no other."""


def meters_of(house: str) -> dict[str, Document]:
    told = installation(house)
    document = yaml.safe_load(evcc.text([told], SETTINGS))
    Draft202012Validator(SCHEMA).validate(document)
    return {meter["name"].removeprefix(f"smappee_{told.serial}_"): meter for meter in document["meters"]}


def topic(value: Document) -> str:
    """Below the gateway's own."""
    found: str = value["value"]["topic"]
    return found.split("/", 2)[2]


@pytest.mark.parametrize("house", HOUSES)
def test_every_house_has_meters_of_grid_and_solar_in_the_form_of_evccs_guide(house: str) -> None:
    meters = meters_of(house)
    grid = meters["grid"]
    assert (topic(grid["power"]), topic(grid["energy"])) == ("site/grid_power", "site/grid_import_energy")
    if "pv" in meters:
        solar = meters["pv"]
        assert (topic(solar["power"]), topic(solar["energy"])) == ("site/solar_power", "site/solar_energy")


def test_a_battery_has_one_too() -> None:
    battery = meters_of(WITH_EVERYTHING)["battery"]
    assert topic(battery["power"]) == "site/battery_power"
    assert topic(battery["energy"]) == "site/battery_discharge_energy"
    assert "battery" not in meters_of("split-phase")


def test_loads_have_meters_and_inverters_and_batteries_are_no_loads() -> None:
    told = installation(WITH_EVERYTHING)
    meters = meters_of(WITH_EVERYTHING)
    loads = {node.name: node.id.replace("-", "_") for node in told.nodes if node.scope.kind.value == "load"}
    assert {"Battery", "Solar", "Oven", "EV charger"} <= loads.keys()
    consuming = {meter for name, meter in loads.items() if name not in {"Battery", "Solar"}}
    assert {name for name in meters if name.startswith("load_")} == consuming
    oven = meters[loads["Oven"]]
    assert topic(oven["power"]).endswith("/load_power")
    assert topic(oven["energy"]).endswith("/load_import_energy")


@pytest.mark.parametrize(("house", "lines"), [(WITH_EVERYTHING, 3), ("split-phase", 2), ("single-phase", 1)])
def test_the_grid_has_currents_and_powers_of_three_lines_zero_where_there_is_none(house: str, lines: int) -> None:
    grid = meters_of(house)["grid"]
    for what in ("currents", "powers"):
        assert [value["source"] for value in grid[what]] == ["valid"] * lines + ["const"] * (3 - lines)
    assert all(topic(value).endswith("/grid_current") for value in grid["currents"][:lines])
    told = installation(house)
    names = {f"channel/{node.id.removeprefix('channel-')}": node.name for node in told.nodes}
    measured = [names[topic(value).rpartition("/")[0]] for value in grid["currents"][:lines]]
    assert measured == ["Grid L1", "Grid L2", "Grid L3"][:lines]


def test_a_single_ct_measures_the_power_of_its_line() -> None:
    assert topic(meters_of("single-phase")["grid"]["powers"][0]) == "site/grid_power"


def said_of(told: Installation) -> dict[str, list[str]]:
    """The comments above each meter, without its title."""
    text = evcc.text([told], SETTINGS)
    above = re.findall(rf"((?:^  # .*\n)+)  - name: smappee_{told.serial}_(.*)$", text, re.MULTILINE)
    return {name: [line.removeprefix("  # ") for line in lines.splitlines()[1:]] for lines, name in above}


def test_two_cts_on_a_delta_supply_give_no_currents_and_the_file_says_why() -> None:
    meters = meters_of("delta-two-ct")
    said = said_of(installation("delta-two-ct"))
    assert meters["grid"].keys() == {"name", "type", "power", "energy"}
    assert said.pop("grid") == [evcc.NOT_EVERY_LINE]
    assert said.pop("pv") == []
    assert said
    for name, comments in said.items():
        assert comments == [evcc.NO_CURRENTS]
        assert meters[name].keys() == {"name", "type", "power", "energy"}


def test_three_cts_without_powers_of_their_own_give_no_currents_for_these_would_have_no_direction() -> None:
    told = installation("full")
    nodes = tuple(
        replace(node, properties=tuple(item for item in node.properties if item.point.key != "grid_channel_power"))
        for node in told.nodes
    )
    assert said_of(replace(told, nodes=nodes))["grid"] == [evcc.NO_DIRECTION]
    assert said_of(told)["grid"] == []


def test_a_battery_is_said_to_need_its_state_of_charge() -> None:
    assert said_of(installation(WITH_EVERYTHING))["battery"] == [evcc.NO_SOC]


@pytest.mark.parametrize("house", [WITH_EVERYTHING, "full", "split-phase", "single-phase"])
def test_a_load_has_the_current_of_each_of_its_lines_and_zero_on_the_others(house: str) -> None:
    told, meters = installation(house), meters_of(house)
    cts = {f"channel/{node.scope.id.replace('_', '-')}": node.part for node in told.nodes}
    loads = [node for node in told.nodes if node.scope.kind is ScopeKind.LOAD and node.part.role in CONSUMING]
    assert loads
    for load in loads:
        currents = meters[load.id.replace("-", "_")]["currents"]
        measured = {line: value for line, value in zip(Phase, currents, strict=True) if value["source"] != "const"}
        assert tuple(measured) == load.part.lines
        for line, value in measured.items():
            place, _, key = topic(value).rpartition("/")
            assert (cts[place].lines, cts[place].within, key) == ((line,), load.scope.id, "channel_current")


@pytest.mark.parametrize("house", HOUSES)
def test_no_value_is_believed_unless_the_bridge_says_that_it_can_be_trusted(house: str) -> None:
    for meter in meters_of(house).values():
        values = [meter["power"], meter.get("energy"), *meter.get("currents", []), *meter.get("powers", [])]
        for value in values:
            if value and value["source"] != "const":
                assert value["valid"] == {
                    "source": "mqtt",
                    "topic": f"smappee/{installation(house).serial}/status",
                    "quote": True,
                    "jq": '. == "online"',
                }


def test_only_the_power_of_the_grid_has_a_time_out_for_what_rests_is_not_repeated() -> None:
    meters = meters_of(WITH_EVERYTHING)
    assert meters.pop("grid")["power"]["value"]["timeout"] == "180s"
    assert all("timeout" not in meter["power"]["value"] for meter in meters.values())


@pytest.mark.parametrize(
    ("settle_s", "min_interval_s", "expected"), [(60.0, 2.0, "180s"), (5.0, 2.0, "30s"), (60.0, 120.0, "360s")]
)
def test_the_time_out_follows_how_slowly_the_bridge_may_publish(
    settle_s: float, min_interval_s: float, expected: str
) -> None:
    paces = {Quantity.POWER: Pace(min_interval_s=min_interval_s)}
    assert evcc.timeout(TrafficSettings(settle_s=settle_s, paces=paces)) == expected


def test_the_comments_say_where_the_broker_is_and_never_its_password() -> None:
    settings = replace(SETTINGS, target=Broker("broker.example", 8883, "anna", "s3cret", Tls()))
    text = evcc.text([installation("split-phase")], settings)
    assert "#   broker: tls://broker.example:8883" in text
    assert "#   user: anna" in text
    assert "s3cret" not in text


def uncommented(text: str) -> Document:
    """What is there once its comments are used."""
    _, site, below = text.partition("# site:")
    lines = re.findall(r"^# (loadpoints:|  .*)$", below, re.MULTILINE)
    document: Document = yaml.safe_load("\n".join([site.removeprefix("# "), *lines]))
    return document


def test_the_comments_use_each_meter_once_and_become_a_site_when_they_are_uncommented() -> None:
    text = evcc.text([installation(WITH_EVERYTHING)], SETTINGS)
    document = uncommented(text)
    used = document["site"]["meters"]
    assert used.keys() == {"grid", "pv", "battery", "consumer"}
    named = [name for names in used.values() for name in names]
    named += [point["meter"] for point in document["loadpoints"]]
    assert sorted(named) == sorted(meter["name"] for meter in yaml.safe_load(text)["meters"])


def test_the_meter_of_a_charger_belongs_to_a_loadpoint_if_its_owner_has_said_what_it_is() -> None:
    (point,) = uncommented(evcc.text([installation(WITH_EVERYTHING)], SETTINGS))["loadpoints"]
    loads = {node.name: node.id for node in installation(WITH_EVERYTHING).nodes if node.scope.kind is ScopeKind.LOAD}
    assert point["meter"].endswith(loads["EV charger"].replace("-", "_"))
    untold = evcc.text([installation("full")], SETTINGS)
    assert "loadpoints" not in uncommented(untold)
    assert "list it under `cars` of the gateway" in untold


def test_a_load_within_another_is_said_to_be_measured_twice() -> None:
    loads = {node.name: node.scope.id for node in installation("full").nodes if node.scope.kind is ScopeKind.LOAD}
    outer, inner = sorted(loads)[:2]
    told = ToldLoads(parents={loads[inner]: loads[outer]})
    house = heard("full", installation("full").serial, all_points=False, told=told).installation()
    assert house is not None
    assert f"{inner}, which is part of {outer}" in evcc.text([house], SETTINGS)


def test_a_house_without_grid_and_loads_has_no_meters() -> None:
    nothing = replace(installation("split-phase"), nodes=())
    assert yaml.safe_load(evcc.text([nothing], SETTINGS)) == {"meters": []}
