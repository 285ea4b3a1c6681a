"""The YAML of openHAB 5 says what the textual files say, in the form that openHAB's guide describes."""

from collections.abc import Sequence
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from openhab_bridge.files import items, openhab_yaml, things
from tests.openhab_bridge.files import dsl
from tests.openhab_bridge.files.living import HOUSES, SETTINGS, WITH_EVERYTHING, installation

type Document = dict[str, Any]

SEGMENT = "[a-zA-Z0-9_][a-zA-Z0-9_-]*"
THING_UID = f"^{SEGMENT}(:{SEGMENT}){{2,3}}$"
CHANNEL_UID = f"^{SEGMENT}(:{SEGMENT}){{3,4}}$"
ITEM_NAME = "^[a-zA-Z_][a-zA-Z0-9_]*$"
WORD = {"type": "string", "minLength": 1}
WORDS = {"type": "array", "items": WORD, "minItems": 1}
CONFIG = {"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean"]}}


def closed(properties: Document, *required: str) -> Document:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def keyed(pattern: str, value: Document) -> Document:
    return {"type": "object", "patternProperties": {pattern: value}, "additionalProperties": False}


CHANNEL = closed({"type": {"enum": ["number", "string", "switch"]}, "label": WORD, "config": CONFIG}, "type")
THING = closed(
    {
        "isBridge": {"type": "boolean"},
        "bridge": {"type": "string", "pattern": THING_UID},
        "label": WORD,
        "config": CONFIG,
        "channels": keyed(f"^{SEGMENT}$", CHANNEL),
    }
)
ITEM = closed(
    {
        "type": {"enum": ["Group", "Number", "String", "Switch"]},
        "dimension": {"enum": sorted(dsl.DIMENSIONS)},
        "label": WORD,
        "icon": {"type": "string", "pattern": f"^{SEGMENT}$"},
        "groups": {"type": "array", "items": {"type": "string", "pattern": ITEM_NAME}, "minItems": 1},
        "tags": WORDS,
        "format": WORD,
        "unit": WORD,
        "channel": {"type": "string", "pattern": CHANNEL_UID},
    },
    "type",
)
SCHEMA = closed(
    {"version": {"const": 1}, "things": keyed(THING_UID, THING), "items": keyed(ITEM_NAME, ITEM)}, "version"
)
"""The keys of openHAB's guide that are used here, and no other."""


def document_of(house: str) -> Document:
    document: Document = yaml.safe_load(openhab_yaml.text([installation(house, all_points=True)], SETTINGS))
    return document


@pytest.mark.parametrize("house", HOUSES)
def test_it_has_the_form_that_openhab_describes(house: str) -> None:
    Draft202012Validator(SCHEMA).validate(document_of(house))


@pytest.mark.parametrize("house", HOUSES)
def test_its_things_are_those_of_the_textual_file(house: str) -> None:
    told = [installation(house, all_points=True)]
    written = dsl.things(things.text(told, SETTINGS))
    assert [as_thing(uid, thing) for uid, thing in document_of(house)["things"].items()] == written


@pytest.mark.parametrize("house", HOUSES)
def test_its_items_are_those_of_the_textual_file(house: str) -> None:
    told = [installation(house, all_points=True)]
    written = dsl.items(items.text(told, SETTINGS))
    assert [as_item(name, item) for name, item in document_of(house)["items"].items()] == written


def test_the_words_of_a_switch_are_texts_and_no_booleans() -> None:
    channels: Sequence[Document] = [
        channel
        for thing in document_of(WITH_EVERYTHING)["things"].values()
        for channel in thing.get("channels", {}).values()
        if channel["type"] == "switch"
    ]
    assert {(channel["config"]["on"], channel["config"]["off"]) for channel in channels} == {("true", "false")}


def as_thing(uid: str, thing: Document) -> dsl.Thing:
    return dsl.Thing(
        uid=uid,
        is_bridge=thing.get("isBridge", False),
        label=thing["label"],
        bridge=thing.get("bridge", ""),
        properties={key: [value] for key, value in thing["config"].items()},
        channels=[
            dsl.Channel(
                channel["type"], key, channel["label"], {name: [value] for name, value in channel["config"].items()}
            )
            for key, channel in thing.get("channels", {}).items()
        ],
    )


def as_item(name: str, item: Document) -> dsl.Item:
    bindings: dict[str, str] = {key: item[key] for key in ("unit", "channel") if key in item}
    return dsl.Item(
        type=":".join(item[key] for key in ("type", "dimension") if key in item),
        name=name,
        label=item["label"],
        pattern=item.get("format", ""),
        icon=item.get("icon", ""),
        groups=item.get("groups", []),
        tags=item.get("tags", []),
        bindings=bindings,
    )
