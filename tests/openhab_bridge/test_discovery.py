"""What Home Assistant's discovery is told of a house, in both forms."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from openhab_bridge.model import Installation, Node, Property
from openhab_bridge.settings import DiscoverySettings, Settings, TopicSettings
from openhab_bridge.topics import set_topic, value_topic
from openhab_bridge.writers.discovery import BIRTH, birth_topic, documents, tree
from tests.openhab_bridge.simulated import NOWHERE, installation

HOUSES = ("everything", "plus-star", "split-phase")
EACH = Settings(target=NOWHERE, gateways=(), discovery=DiscoverySettings(enabled=True))
PER_DEVICE = replace(EACH, discovery=DiscoverySettings(enabled=True, per_device=True))
MANIFEST = Path(__file__).parents[2] / "custom_components" / "smappee_infinity" / "manifest.json"

type Payload = dict[str, Any]


@pytest.fixture(params=HOUSES)
def house(request: pytest.FixtureRequest) -> Installation:
    return installation(request.param)


@pytest.fixture(scope="module")
def everything() -> Installation:
    return installation("everything")


def payloads(house: Installation, settings: Settings = EACH) -> dict[str, Payload]:
    return {topic: json.loads(text) for topic, text in documents(house, settings).items()}


def entities(house: Installation, settings: Settings) -> Iterator[Payload]:
    """Every entity with its device, whichever form it is told in."""
    for topic, payload in payloads(house, settings).items():
        components = payload.pop("components", None)
        if components is None:
            yield {"platform": topic.split("/")[1]} | payload
        else:
            yield from ({**payload, **component} for component in components.values())


def items(house: Installation) -> list[tuple[Node, Property]]:
    return [(node, item) for node in house.nodes for item in node.properties]


def of(house: Installation, key: str) -> Payload:
    """The payload of the first entity of a data point."""
    return next(payload for payload in payloads(house).values() if payload["unique_id"].endswith(f"-{key}"))


@pytest.mark.parametrize("settings", [EACH, PER_DEVICE], ids=["each entity", "per device"])
def test_every_data_point_is_one_entity_on_its_plain_topic(house: Installation, settings: Settings) -> None:
    expected = {value_topic("smappee", house.serial, item) for _, item in items(house)}
    found = list(entities(house, settings))
    assert len(found) == len(expected)
    assert {entity["state_topic"] for entity in found} == expected
    ids = {entity["unique_id"] for entity in found}
    assert ids == {f"smappee-{house.serial}-{node.id}-{item.point.key}" for node, item in items(house)}
    assert len(ids) == len(expected)


def test_both_forms_say_the_same_of_every_entity(house: Installation) -> None:
    each, per_device = (
        {entity["unique_id"]: entity for entity in entities(house, settings)} for settings in (EACH, PER_DEVICE)
    )
    assert each == per_device


def test_every_payload_is_in_the_gateways_tree_and_names_only_allowed_letters(house: Installation) -> None:
    assert tree(EACH, house.serial) == f"homeassistant/+/smappee-{house.serial}/+/config"
    for settings in (EACH, PER_DEVICE):
        for topic in documents(house, settings):
            prefix, component, node, name, end = topic.split("/")
            assert (prefix, node, end) == ("homeassistant", f"smappee-{house.serial}", "config")
            assert (component == "device") is settings.discovery.per_device
            assert name.replace("-", "").replace("_", "").isalnum()
            assert name.isascii()


def test_another_prefix_moves_payloads_and_birth() -> None:
    house = installation("plus-star")
    moved = replace(EACH, discovery=DiscoverySettings(enabled=True, prefix="ha/x"), topics=TopicSettings(prefix="home"))
    assert {topic.rsplit("/", 4)[0] for topic in documents(house, moved)} == {"ha/x"}
    assert {entity["state_topic"].split("/")[0] for entity in entities(house, moved)} == {"home"}
    assert (birth_topic(EACH), birth_topic(moved), BIRTH) == ("homeassistant/status", "ha/x/status", "online")


def test_devices_hang_on_the_gateway_which_comes_first(house: Installation) -> None:
    devices = [payload["device"] for payload in payloads(house, PER_DEVICE).values()]
    gateway, *below = devices
    assert gateway["identifiers"] == [f"smappee-{house.serial}"]
    assert (gateway["manufacturer"], gateway["model"], gateway["sw_version"]) == (
        "Smappee",
        house.model,
        house.firmware,
    )
    assert "via_device" not in gateway
    assert {device["via_device"] for device in below} == {f"smappee-{house.serial}"}
    identifiers = [device["identifiers"][0] for device in devices]
    assert len(set(identifiers)) == len(identifiers)
    assert all(device["name"] and device["model"] for device in devices)


def test_what_a_gateway_does_not_tell_is_left_out(everything: Installation) -> None:
    silent = replace(everything, model="", firmware="")
    device = next(iter(payloads(silent).values()))["device"]
    assert {"model", "sw_version"}.isdisjoint(device)


def test_a_payload_says_who_sends_it(everything: Installation) -> None:
    origin = of(everything, "grid_power")["origin"]
    assert origin["name"] == "Smappee Infinity bridge"
    assert origin["support_url"] == json.loads(MANIFEST.read_text())["documentation"]


def test_it_is_available_while_its_status_is_online(everything: Installation) -> None:
    (status,) = of(everything, "grid_power")["availability"]
    assert status["topic"] == f"smappee/{everything.serial}/status"
    assert (status["payload_available"], status["payload_not_available"]) == ("online", "offline")


def test_a_number_has_its_class_unit_and_decimals(everything: Installation) -> None:
    energy = of(everything, "load_import_energy")
    assert (energy["device_class"], energy["state_class"]) == ("energy", "total_increasing")
    assert (energy["unit_of_measurement"], energy["suggested_display_precision"]) == ("kWh", 3)
    voltage = of(everything, "voltage")
    assert (voltage["state_class"], voltage["entity_category"]) == ("measurement", "diagnostic")
    reading, count = of(everything, "water_reading"), of(everything, "meter_count")
    assert "state_class" not in reading
    assert {"device_class", "unit_of_measurement"}.isdisjoint(count)


def test_states_and_switches_speak_as_the_plain_topics_do(everything: Installation) -> None:
    switches = {entity["unique_id"] for entity in entities(everything, EACH) if "command_topic" in entity}
    settable = [(node, item) for node, item in items(everything) if item.settable]
    assert switches == {f"smappee-{everything.serial}-{node.id}-{item.point.key}" for node, item in settable}
    relay = of(everything, "relay")
    item = next(item for node, item in settable if node.id in relay["unique_id"])
    assert relay["command_topic"] == set_topic("smappee", everything.serial, item)
    for payload in (relay, of(everything, "contact")):
        assert (payload["payload_on"], payload["payload_off"]) == ("true", "false")
    assert "retain" not in relay


def test_what_is_not_shown_unasked_is_off_at_first(everything: Installation) -> None:
    hidden = {entity["unique_id"] for entity in entities(everything, EACH) if entity.get("enabled_by_default") is False}
    assert hidden == {
        f"smappee-{everything.serial}-{node.id}-{item.point.key}"
        for node, item in items(everything)
        if not item.point.enabled
    }
    assert hidden


def test_names_tell_things_apart_and_never_repeat_the_device(everything: Installation) -> None:
    assert of(everything, "grid_power")["name"] == "Grid power"
    assert of(everything, "voltage")["name"] == "L1 voltage"
    assert of(everything, "grid_current")["name"] == "Grid L1 current"
    assert of(everything, "channel_apparent_power")["name"] == "Solar L1 apparent power"
    assert of(everything, "load_power")["name"] == "Power"
    assert of(everything, "relay")["name"] is None
    assert of(everything, "plug_connected")["name"] == "Plug connected"


def renamed_to(house: Installation, name: str) -> Installation:
    return replace(house, nodes=tuple(replace(node, part=node.part._replace(name=name)) for node in house.nodes))


def test_a_renamed_part_keeps_its_topics_and_ids(everything: Installation) -> None:
    renamed = renamed_to(everything, "Ünnamed/☀ #+")
    assert documents(renamed, EACH).keys() == documents(everything, EACH).keys()
    before, after = ({e["unique_id"]: e for e in entities(house, EACH)} for house in (everything, renamed))
    assert before.keys() == after.keys()
    assert {entity["name"] for entity in after.values()} & {"Ünnamed/☀ #+ current"}


def test_a_device_with_other_entities_has_another_payload_and_the_same_device(everything: Installation) -> None:
    """Home Assistant keeps an entity that a payload no longer names, unless that payload goes."""
    node, *others = everything.nodes
    less = replace(everything, nodes=(replace(node, properties=node.properties[1:]), *others))
    before, after = payloads(everything, PER_DEVICE), payloads(less, PER_DEVICE)
    ((old, gone),) = ((topic, payload) for topic, payload in before.items() if topic not in after)
    ((new, come),) = ((topic, payload) for topic, payload in after.items() if topic not in before)
    assert old != new
    assert gone["device"] == come["device"]


def test_a_part_without_a_name_is_called_by_its_id(everything: Installation) -> None:
    nameless = renamed_to(everything, "")
    names = [payload["device"]["name"] for payload in payloads(nameless, PER_DEVICE).values()]
    assert all(names)
    assert "plug-1" in names
