"""What openHAB is given of simulated houses: read back by openHAB's own rules, complete, linked, and in its units."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from energy_control.points import CONTROL_POINTS
from mqtt_schema.points import POINTS, ScopeKind
from mqtt_schema.quantities import Nature, Quantity
from openhab_bridge.files import items, sitemap, things
from openhab_bridge.files.heading import NO_TOPICS
from openhab_bridge.files.meanings import MEANINGS
from openhab_bridge.model import Node
from openhab_bridge.settings import GatewaySettings, Settings, TopicSettings
from openhab_bridge.topics import set_topic, value_topic
from openhab_bridge.units import unit_of
from smappee_gateway.broker import Broker, Tls
from tests.openhab_bridge.files import dsl, sitemaps
from tests.openhab_bridge.files.living import GATEWAY, HOUSES, SETTINGS, WITH_EVERYTHING, installation, renamed

PREFIX = SETTINGS.topics.prefix
UNITS = {
    "Power": {"W", "VA", "var"},
    "Energy": {"kWh"},
    "ElectricCurrent": {"A"},
    "ElectricPotential": {"V"},
    "Frequency": {"Hz"},
    "Dimensionless": {"%"},
    "Volume": {"m³"},
    "VolumetricFlowRate": {"m³/h", "l/min"},
    "Mass": {"kg"},
    "Temperature": {"°C"},
    "": {""},
}
"""By dimension: those symbols of openHAB's list of units that could be meant."""


def things_of(house: str, settings: Settings = SETTINGS) -> Sequence[dsl.Thing]:
    return dsl.things(things.text([installation(house, all_points=True)], settings))


def items_of(house: str) -> Sequence[dsl.Item]:
    return dsl.items(items.text([installation(house, all_points=True)], SETTINGS))


@pytest.mark.parametrize("house", HOUSES)
def test_every_value_has_a_channel_that_reads_its_topic(house: str) -> None:
    told = installation(house, all_points=True)
    expected = {value_topic(PREFIX, told.serial, item) for node in told.nodes for item in node.properties}
    channels = [channel for thing in things_of(house) for channel in thing.channels]
    topics = [channel.properties["stateTopic"][0] for channel in channels]
    assert sorted(map(str, topics)) == sorted({*expected, f"{PREFIX}/{told.serial}/status"})


@pytest.mark.parametrize("house", HOUSES)
def test_only_plugs_and_relays_can_be_commanded(house: str) -> None:
    told = installation(house, all_points=True)
    switches = [item for node in told.nodes for item in node.properties if item.point.nature is Nature.SETTING]
    assert {item.scope.kind for item in switches} <= {ScopeKind.PLUG, ScopeKind.RELAY}
    channels = [channel for thing in things_of(house) for channel in thing.channels]
    commanded = {channel.properties["commandTopic"][0] for channel in channels if "commandTopic" in channel.properties}
    assert commanded == {set_topic(PREFIX, told.serial, item) for item in switches}


def test_a_house_with_everything_has_plugs_and_relays_to_command() -> None:
    channels = [channel for thing in things_of(WITH_EVERYTHING) for channel in thing.channels]
    commanded = [channel for channel in channels if "commandTopic" in channel.properties]
    assert len(commanded) == 6  # two comfort plugs, two Switches, two relays
    assert all(channel.type == "switch" for channel in commanded)


@pytest.mark.parametrize("house", HOUSES)
def test_switches_take_the_words_that_are_published(house: str) -> None:
    for thing in things_of(house):
        for channel in thing.channels:
            words = channel.properties.get("on"), channel.properties.get("off")
            assert words == ((["true"], ["false"]) if channel.type == "switch" else (None, None))


@pytest.mark.parametrize("house", HOUSES)
def test_a_thing_is_online_only_while_its_values_can_be_trusted(house: str) -> None:
    _, *found = things_of(house)
    for thing in found:
        assert thing.properties == {
            "availabilityTopic": [f"{PREFIX}/{installation(house).serial}/status"],
            "payloadAvailable": ["online"],
            "payloadNotAvailable": ["offline"],
        }


@pytest.mark.parametrize("house", HOUSES)
def test_every_channel_has_one_item_of_its_type(house: str) -> None:
    channels = {f"{thing.uid}:{channel.id}": channel for thing in things_of(house) for channel in thing.channels}
    linked = {item.bindings["channel"]: item for item in items_of(house) if item.type != "Group"}
    assert channels.keys() == linked.keys()
    for uid, item in linked.items():
        assert item.type.partition(":")[0].lower() == channels[uid].type


@pytest.mark.parametrize("house", HOUSES)
def test_numbers_have_a_unit_of_their_dimension_and_the_decimals_that_are_published(house: str) -> None:
    channels = {f"{thing.uid}:{channel.id}": channel for thing in things_of(house) for channel in thing.channels}
    for item in items_of(house):
        kind, _, dimension = item.type.partition(":")
        unit = item.bindings.get("unit", "")
        assert unit in UNITS[dimension]
        if kind == "Number":
            assert channels[item.bindings["channel"]].properties.get("unit", [""]) == [unit]
            assert item.pattern.endswith(" %unit%") == bool(unit)
    patterns = {item.bindings.get("unit"): item.pattern for item in items_of(house)}
    assert (patterns["W"], patterns["kWh"], patterns["A"]) == ("%.0f %unit%", "%.3f %unit%", "%.1f %unit%")


def test_every_data_point_there_is_has_a_dimension_for_its_unit() -> None:
    assert MEANINGS.keys() == set(Quantity)
    for point in (*POINTS, *CONTROL_POINTS):
        assert unit_of(point) in UNITS[MEANINGS[point.quantity].dimension]


@pytest.mark.parametrize("house", HOUSES)
def test_items_are_in_groups_that_exist_and_carry_semantic_tags(house: str) -> None:
    found = items_of(house)
    groups = {item.name: item for item in found if item.type == "Group"}
    for item in found:
        assert groups.keys() >= set(item.groups)
        if item.type != "Group":
            (equipment,) = item.groups
            assert groups[equipment].tags
            assert item.tags[0] in {"Measurement", "Status", "Switch", "Alarm"}


def test_equipment_is_what_it_is() -> None:
    tags = {item.label: item.tags for item in items_of(WITH_EVERYTHING) if item.type == "Group"}
    assert tags["Smappee Genius 5010009999"] == ["ElectricMeter"]
    assert tags["Battery"] == ["Battery"]
    assert tags["Solar"] == ["Inverter"]
    assert tags["EV charger"] == ["EVSE"]
    assert tags["Oven"] == ["ElectricMeter"]
    assert tags["Rainwater"] == ["WaterMeter"]
    assert tags["Fan heater"] == ["PowerOutlet"]
    assert tags["Front door"] == ["ContactSensor"]


def test_labels_name_the_part_and_say_nothing_twice() -> None:
    labels = {item.label for item in items_of(WITH_EVERYTHING)}
    assert {
        "Grid power",
        "Oven power",
        "Grid L1 current",
        "Grid L1 power",
        "L1 voltage",
        "Rainwater water volume",
    } <= labels


@pytest.mark.parametrize("house", HOUSES)
def test_the_sitemap_shows_every_item_once_and_lets_switch_only_what_can_be_switched(house: str) -> None:
    site = sitemaps.sitemap(sitemap.text([installation(house, all_points=True)], SETTINGS))
    shown = {widget.properties["item"]: widget.kind for widget in site.all() if "item" in widget.properties}
    of_channel = {item.bindings["channel"]: item.name for item in items_of(house) if item.type != "Group"}
    expected = {
        of_channel[f"{thing.uid}:{channel.id}"]: "Switch" if "commandTopic" in channel.properties else "Text"
        for thing in things_of(house)
        for channel in thing.channels
    }
    assert shown == expected
    assert len(shown) == sum("item" in widget.properties for widget in site.all())


def test_the_sitemap_begins_with_grid_solar_battery_and_house() -> None:
    site = sitemaps.sitemap(sitemap.text([installation(WITH_EVERYTHING)], SETTINGS))
    (frame,) = site.children
    items_shown = [child.properties.get("item", "").removeprefix("Smappee_5010009999_") for child in frame.children]
    assert items_shown[:5] == ["grid_power", "solar_power", "battery_power", "house_power", "ev_power"]
    assert [child.properties["label"] for child in frame.children[5:]] == [
        "Details",
        "Loads",
        "Switches",
        "Meters and sensors",
        "CTs",
    ]


def test_ids_do_not_follow_names() -> None:
    told = installation(WITH_EVERYTHING)
    other = renamed(told, lambda node: f"{node.name} of the neighbours")
    for text, read in ((things.text, dsl.things), (items.text, dsl.items)):
        before, after = (read(text([house], SETTINGS)) for house in (told, other))
        assert before != after
        assert ids(before) == ids(after)


def ids(found: Sequence[dsl.Thing] | Sequence[dsl.Item]) -> list[object]:
    return [
        (thing.uid, [channel.id for channel in thing.channels]) if isinstance(thing, dsl.Thing) else thing.name
        for thing in found
    ]


def test_parts_whose_ids_look_the_same_are_kept_apart_whatever_their_order() -> None:
    told = installation("split-phase")
    load = next(node for node in told.nodes if node.scope.kind is ScopeKind.LOAD)
    twins = tuple(with_id(load, scope) for scope in ("A_b", "a_b", "A_b.2"))
    orders = (twins, twins[::-1], twins[1:] + twins[:1])
    (text,) = {things.text([replace(told, nodes=order)], SETTINGS) for order in orders}
    base = "mqtt:topic:Smappee_5010001201_load_a_b"
    uids = {thing.label: thing.uid for thing in dsl.things(text)}
    assert (uids["A_b"], uids["A_b.2"], uids["a_b"]) == (base, f"{base}_2", f"{base}_3")
    names = [item.name for item in dsl.items(items.text([replace(told, nodes=twins)], SETTINGS))]
    assert len(set(names)) == len(names)


def with_id(node: Node, scope_id: str) -> Node:
    """The same part, plugged in elsewhere; it is called as its id is."""
    scope = node.scope._replace(id=scope_id)
    properties = tuple(item._replace(scope=scope) for item in node.properties)
    return replace(node, part=node.part._replace(name=scope_id), scope=scope, properties=properties)


def test_two_gateways_share_the_broker_and_nothing_else() -> None:
    told = [installation("plus-star"), installation("split-phase")]
    found = dsl.things(things.text(told, SETTINGS))
    alone = [dsl.things(things.text([house], SETTINGS)) for house in told]
    assert sorted(thing.uid for thing in found[1:]) == sorted(thing.uid for one in alone for thing in one[1:])
    assert [thing.is_bridge for thing in found].count(True) == 1
    both = {item.name for item in dsl.items(items.text(told, SETTINGS))}
    assert both == {item.name for house in told for item in dsl.items(items.text([house], SETTINGS))}
    assert len(sitemaps.sitemap(sitemap.text(told, SETTINGS)).children) == 2


def test_the_broker_is_described_without_its_password() -> None:
    broker = Broker("broker.example", 8884, 'an"na', "s3cret", Tls())
    text = things.text([], replace(SETTINGS, target=broker))
    (bridge,) = dsl.things(text)
    assert bridge.properties == {
        "host": ["broker.example"],
        "port": [8884],
        "secure": [True],
        "username": ['an"na'],
    }
    assert "s3cret" not in text
    assert "add `password`" in text
    assert "certificatepin" not in text


def test_a_certificate_of_ones_own_comes_with_advice() -> None:
    for tls in (Tls(verify=False), Tls(authority="PEM")):
        text = things.text([], replace(SETTINGS, target=Broker("broker.example", 8883, tls=tls)))
        assert "certificatepin" in text


def test_without_plain_topics_the_file_says_that_nothing_is_published() -> None:
    silent = Settings(
        target=SETTINGS.target,
        gateways=(GatewaySettings(broker=GATEWAY),),
        topics=TopicSettings(enabled=False),
    )
    told = [installation("split-phase")]
    for text in (things.text, items.text, sitemap.text):
        assert NO_TOPICS in text(told, silent)
        assert NO_TOPICS not in text(told, SETTINGS)
