"""The conformance checker accepts a good tree, and finds what is wrong with a broken one, that and nothing else."""

from collections.abc import Mapping

import pytest

from tests.openhab_bridge.homie.conformance import LARGEST_DEVICE, problems
from tests.openhab_bridge.homie.example import DEVICE, GOOD
from tests.openhab_bridge.homie.units import DIMENSIONS

ROOT = f"homie/{DEVICE}"

BROKEN: dict[str, tuple[dict[str, str | None], str]] = {
    # The device
    "no version": ({"$homie": None}, "/$homie: missing"),
    "no device name": ({"$name": None}, "/$name: missing"),
    "no state": ({"$state": None}, "/$state: missing"),
    "no list of nodes": ({"$nodes": None}, "/$nodes: missing"),
    "Homie 5": ({"$homie": "5.0"}, "/$homie: openHAB finds only devices of Homie 3 and 4, not '5.0'"),
    "half a version": ({"$homie": "4"}, "/$homie: openHAB finds only devices of Homie 3 and 4, not '4'"),
    "unknown state": ({"$state": "online"}, "/$state: 'online' is no state"),
    "state of openHAB's own": ({"$state": "unknown"}, "/$state: 'unknown' is no state"),
    "name of spaces": ({"$name": "  "}, "/$name: nothing but spaces"),
    "value of a device": ({"": "on"}, ": a device has no value"),
    "unknown device attribute": ({"$colour": "red"}, "/$colour: no attribute of Homie here"),
    "extension without versions": (
        {"$extensions": "org.homie.legacy-stats:0.1.1:[4.x],mine"},
        "/$extensions: 'mine' is not written as name:version:[versions of Homie]",
    ),
    "statistics without their extension": (
        {"$extensions": None},
        "/$stats: belongs to the extension org.homie.legacy-stats, which is not listed",
    ),
    "address without the firmware extension": (
        {"$localip": "192.0.2.1"},
        "/$localip: belongs to the extension org.homie.legacy-firmware, which is not listed",
    ),
    # Lists and what there is
    "node not listed": ({"$nodes": "grid,everything"}, "/plug-1: an orphan, not listed in $nodes"),
    "listed node that is not there": (
        {"$nodes": "grid,plug-1,everything,attic"},
        "/$nodes: lists 'attic', of which there is nothing",
    ),
    "node listed twice": ({"$nodes": "grid,plug-1,grid,everything"}, "/$nodes: lists 'grid' twice"),
    "comma at the end of a list": (
        {"$nodes": "grid,plug-1,everything,"},
        "/$nodes: lists '', of which there is nothing",
    ),
    "property not listed": (
        {"plug-1/$properties": "on,brightness"},
        "/plug-1/presses: an orphan, not listed in $properties",
    ),
    "listed property that is not there": (
        {"plug-1/$properties": "on,brightness,presses,power"},
        "/plug-1/$properties: lists 'power', of which there is nothing",
    ),
    # Nodes
    "no node name": ({"grid/$name": None}, "/grid/$name: missing"),
    "no node type": ({"grid/$type": None}, "/grid/$type: missing"),
    "no list of properties": ({"grid/$properties": None}, "/grid/$properties: missing"),
    "value of a node": ({"grid": "on"}, "/grid: a node has no value"),
    "unknown node attribute": ({"grid/$unit": "W"}, "/grid/$unit: no attribute of Homie here"),
    "two nodes of one name": ({"plug-1/$name": "grid"}, ": 2 of its parts are shown as 'grid'"),
    "two properties of one name": (
        {"grid/energy/$name": "Power"},
        "/grid: 2 of its parts are shown as 'power'",
    ),
    # Properties
    "no property name": ({"grid/power/$name": None}, "/grid/power/$name: missing"),
    "no datatype": ({"grid/power/$datatype": None}, "/grid/power/$datatype: missing"),
    "unknown datatype": (
        {"grid/power/$datatype": "number"},
        "/grid/power/$datatype: 'number' is no datatype that openHAB knows: it makes it a text",
    ),
    "datatype that openHAB does not know": (
        {"everything/text/$datatype": "duration"},
        "/everything/text/$datatype: 'duration' is no datatype that openHAB knows: it makes it a text",
    ),
    "unknown property attribute": ({"grid/power/$icon": "bolt"}, "/grid/power/$icon: no attribute of Homie here"),
    "settable in capitals": (
        {"plug-1/on/$settable": "TRUE"},
        "/plug-1/on/$settable: 'TRUE' is neither 'true' nor 'false'",
    ),
    "retained as a number": (
        {"grid/energy/$retained": "1"},
        "/grid/energy/$retained: '1' is neither 'true' nor 'false'",
    ),
    "kept event": ({"plug-1/presses": "long"}, "/plug-1/presses: kept, although $retained says that it is not"),
    "kept command": (
        {"plug-1/on/set": "true"},
        "/plug-1/on/set: a command is kept: it would be given again at every start",
    ),
    "something below a property": ({"grid/power/peak": "9000"}, "/grid/power/peak: no topic of Homie"),
    "something below a command": ({"plug-1/on/set/now": "true"}, "/plug-1/on/set: no topic of Homie"),
    # Formats
    "enum without choices": ({"everything/mode/$format": None}, "/everything/mode/$format: missing, and enum needs it"),
    "colour without a model": (
        {"everything/colour/$format": None},
        "/everything/colour/$format: missing, and color needs it",
    ),
    "unknown colour model": (
        {"everything/colour/$format": "xyz"},
        "/everything/colour/$format: 'xyz' is no colour model that openHAB knows",
    ),
    "choice with a space": (
        {"everything/mode/$format": "eco, comfort"},
        "/everything/mode/$format: a choice is empty or has spaces around it, which count",
    ),
    "choice twice": (
        {"everything/mode/$format": "eco,comfort,eco"},
        "/everything/mode/$format: a choice stands there twice",
    ),
    "range with a dash": (
        {"grid/voltage/$format": "0-1000"},
        "/grid/voltage/$format: '0-1000' is no range from:to of float",
    ),
    "open range": ({"grid/voltage/$format": "0:"}, "/grid/voltage/$format: '0:' is no range from:to of float"),
    "range upside down": (
        {"grid/voltage/$format": "1000:0"},
        "/grid/voltage/$format: '1000:0' is no range from:to of float",
    ),
    "fractions in the range of integers": (
        {"plug-1/brightness/$format": "0:99.5", "plug-1/brightness/$settable": "false"},
        "/plug-1/brightness/$format: '0:99.5' is no range from:to of integer",
    ),
    "format of a boolean": ({"plug-1/on/$format": "off,on"}, "/plug-1/on/$format: means nothing for boolean"),
    # Units
    "unit that openHAB does not know": (
        {"grid/flow/$unit": "L/min"},
        "/grid/flow/$unit: openHAB does not know 'L/min' and shows the number without a unit",
    ),
    "unit in other capitals": (
        {"grid/energy/$unit": "KWh"},
        "/grid/energy/$unit: openHAB does not know 'KWh' and shows the number without a unit",
    ),
    "unit of a boolean": (
        {"plug-1/on/$unit": "W"},
        "/plug-1/on/$unit: openHAB would take a boolean with a unit for a number",
    ),
    "settable percentage that is no slider": (
        {"plug-1/brightness/$format": "10:100"},
        "/plug-1/brightness/$unit: openHAB makes a settable percentage a dimmer, from 0 to 100",
    ),
    # Values
    "boolean in openHAB's words": ({"plug-1/on": "ON"}, "/plug-1/on: 'ON' is neither 'true' nor 'false'"),
    "fraction where an integer is": ({"grid/power": "12.0"}, "/grid/power: '12.0' is no integer"),
    "enormous integer": (
        {"grid/power": "9223372036854775808"},
        "/grid/power: '9223372036854775808' needs more than 64 bits",
    ),
    "decimal comma": ({"grid/energy": "1234,567"}, "/grid/energy: '1234,567' is no float"),
    "not a number": ({"grid/energy": "nan"}, "/grid/energy: 'nan' is no float"),
    "number with its unit": ({"grid/energy": "12 kWh"}, "/grid/energy: '12 kWh' is no float"),
    "float above its range": (
        {"grid/voltage": "1000.1"},
        "/grid/voltage: '1000.1' is outside 0:1000: openHAB drops it without a word",
    ),
    "integer below its range": (
        {"plug-1/brightness": "-1"},
        "/plug-1/brightness: '-1' is outside 0:100: openHAB drops it without a word",
    ),
    "none of the choices": ({"everything/mode": "away"}, "/everything/mode: 'away' is none of eco,comfort"),
    "colour by name": ({"everything/colour": "red"}, "/everything/colour: 'red' is no colour"),
    "too much of a colour": ({"everything/hue": "361,0,0"}, "/everything/hue: '361,0,0' is no colour of hsv"),
    "date alone": ({"everything/seen": "2026-10-31"}, "/everything/seen: '2026-10-31' is no date and time of ISO 8601"),
    "impossible date": (
        {"everything/seen": "2026-02-30T12:00:00Z"},
        "/everything/seen: '2026-02-30T12:00:00Z' is not in the calendar",
    ),
    "moment without a time zone": (
        {"everything/seen": "2026-10-31T12:00:00"},
        "/everything/seen: '2026-10-31T12:00:00' has no time zone: openHAB would take its own",
    ),
    "empty payload": ({"everything/text": ""}, "/everything/text: a broker cannot keep an empty payload"),
}
"""By what is broken: the topics to change (to None: to remove), and the problem, both below the device."""

IDS = ("Attic", "attic_1", "-attic", "attic-", "wohn küche", "a.b", "")


def changed(changes: Mapping[str, str | None]) -> dict[str, str]:
    tree: dict[str, str | None] = {**GOOD}
    tree.update({f"{ROOT}/{topic}".rstrip("/"): payload for topic, payload in changes.items()})
    return {topic: payload for topic, payload in tree.items() if payload is not None}


def test_a_good_tree_is_accepted() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize("state", ["init", "ready", "disconnected", "sleeping", "lost", "alert"])
def test_every_state_of_homie_is_accepted(state: str) -> None:
    assert problems(changed({"$state": state})) == []


@pytest.mark.parametrize("version", ["3.0", "3.0.1", "4.0", "4.0.0"])
def test_homie_3_and_4_are_accepted(version: str) -> None:
    assert problems(changed({"$homie": version})) == []


@pytest.mark.parametrize("unit", DIMENSIONS)
def test_units_that_openhab_reads_are_accepted(unit: str) -> None:
    assert problems(changed({"grid/flow/$unit": unit})) == []


@pytest.mark.parametrize("unit", ["L", "m3", "Watt", "VAR", "kVAh", "°c", " W", ""])
def test_units_that_openhab_does_not_read_are_rejected(unit: str) -> None:
    expected = f"{ROOT}/grid/flow/$unit: openHAB does not know {unit!r} and shows the number without a unit"
    assert expected in problems(changed({"grid/flow/$unit": unit}))


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_tree_is_rejected_for_what_is_broken(what: str) -> None:
    changes, problem = BROKEN[what]
    assert problems(changed(changes)) == [f"{ROOT}{problem}"]


@pytest.mark.parametrize("name", IDS)
def test_an_id_with_other_characters_is_rejected(name: str) -> None:
    wrong = f"{name!r} is no id: a to z, 0 to 9 and dashes, but not at its ends"
    device = {topic.replace(ROOT, f"homie/{name}"): payload for topic, payload in GOOD.items()}
    node = {topic.replace("/grid", f"/{name}"): payload.replace("grid", name) for topic, payload in GOOD.items()}
    item = {topic.replace("/text", f"/{name}"): payload.replace("text", name) for topic, payload in GOOD.items()}

    assert problems(device) == [f"homie/{name}: {wrong}"]
    assert f"{ROOT}/{name}: {wrong}" in problems(node)
    assert f"{ROOT}/everything/{name}: {wrong}" in problems(item)


def test_a_device_that_is_too_large_is_rejected() -> None:
    largest = changed({f"everything/text-{n}": "x" for n in range(LARGEST_DEVICE - len(GOOD) - 1)})
    too_large = changed({f"everything/text-{n}": "x" for n in range(LARGEST_DEVICE - len(GOOD))})

    assert f"{ROOT}: {LARGEST_DEVICE} topics are too many for one device" in problems(too_large)
    assert not any("too many" in problem for problem in problems(largest))


def test_a_prefix_that_openhab_does_not_search_is_rejected() -> None:
    below = {topic.replace("homie/", "house/homie/"): payload for topic, payload in GOOD.items()}

    assert problems(below, "house/homie") == ["house/homie: openHAB only finds devices below a prefix of one level"]


def test_another_prefix_is_accepted() -> None:
    assert problems({topic.replace("homie/", "house/"): payload for topic, payload in GOOD.items()}, "house") == []


def test_topics_from_elsewhere_are_rejected() -> None:
    assert problems(GOOD | {"smappee/status": "online"}) == ["smappee/status: not below homie/"]


def test_a_kept_broadcast_is_rejected() -> None:
    assert problems(GOOD | {"homie/$broadcast/alert": "fire"}) == ["homie/$broadcast: no topic of Homie that is kept"]


def test_a_tree_without_devices_is_not_accepted() -> None:
    assert problems({}) == ["homie: there is no device"]


def test_everything_that_is_wrong_is_told() -> None:
    assert len(problems(changed({"$state": "online", "grid/power": "much", "plug-1/on/set": "true"}))) == 3
