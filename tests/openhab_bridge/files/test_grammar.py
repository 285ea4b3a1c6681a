"""The checkers of openHAB's textual files understand what openHAB's own guides show, and refuse what is broken."""

import pytest

from tests.openhab_bridge.files import dsl, sitemaps
from tests.openhab_bridge.files.reader import NotUnderstoodError

BRIDGE = 'Bridge mqtt:broker:house [ host="192.0.2.1", secure=false ]\n'
THING = 'Thing mqtt:topic:lamp "Lamp" (mqtt:broker:house) { Channels: Type switch : light "Light" [ on="1" ] }'
ITEM = 'Number:Power Boiler_Power "Boiler [%.0f %unit%]" <energy> (Boiler) ["Measurement"] { unit="W" }'
SITEMAP = 'sitemap home label="Home" { Frame label="Now" { Text item=Boiler_Power { Switch item=Lamp } } }'


def test_things_are_understood_with_all_that_they_can_have() -> None:
    bridge, lamp = dsl.things(f"// a comment\n{BRIDGE}/* another\none */ {THING}")
    assert (bridge.uid, bridge.is_bridge) == ("mqtt:broker:house", True)
    assert bridge.properties == {"host": ["192.0.2.1"], "secure": [False]}
    assert (lamp.label, lamp.bridge) == ("Lamp", "mqtt:broker:house")
    assert lamp.channels == [dsl.Channel("switch", "light", "Light", {"on": ["1"]})]


def test_items_are_understood_with_all_that_they_can_have() -> None:
    assert dsl.items(f"Group Boiler\n{ITEM}")[1] == dsl.Item(
        type="Number:Power",
        name="Boiler_Power",
        label="Boiler",
        pattern="%.0f %unit%",
        icon="energy",
        groups=["Boiler"],
        tags=["Measurement"],
        bindings={"unit": "W"},
    )


def test_escapes_are_those_of_java() -> None:
    assert dsl.items(r'Group Boiler "a \"b\" \\ \u00e9"')[0].label == 'a "b" \\ é'


def test_a_sitemap_is_understood() -> None:
    kinds = [widget.kind for widget in sitemaps.sitemap(SITEMAP).all()]
    assert kinds == ["sitemap", "Frame", "Text", "Switch"]


@pytest.mark.parametrize(
    "broken",
    [
        THING.replace('"Lamp"', '"Lamp'),
        THING.replace('"Lamp"', '"La"mp"'),
        THING.replace('"Lamp"', r'"La\mp"'),
        THING.replace('"Lamp"', r'"La\u12"'),
        THING.replace("mqtt:topic:lamp", "mqtt:lamp"),
        THING.replace("topic:lamp", "topic:läm"),
        THING.replace("topic:lamp", "topic:two words"),
        THING.replace("(mqtt:broker:house)", "(mqtt:broker:house"),
        THING.replace("Type switch", "Type toggle"),
        THING.replace("Type switch", "switch"),
        THING.replace(": light", "light"),
        THING.replace('on="1"', "on=yes"),
        THING.replace('on="1"', 'on "1"'),
        THING.replace('on="1"', 'on="1" off="0"'),
        THING.replace("] }", "]"),
        THING + " }",
    ],
)
def test_broken_things_are_refused(broken: str) -> None:
    with pytest.raises(NotUnderstoodError):
        dsl.things(BRIDGE + broken)


@pytest.mark.parametrize(
    "broken",
    [
        ITEM.replace("Number:Power", "Numbers"),
        ITEM.replace("Number:Power", "Number:Might"),
        ITEM.replace("Number:Power", "Switch:Power"),
        ITEM.replace("Boiler_Power", "Boiler-Power"),
        ITEM.replace("Boiler_Power", "1_Power"),
        ITEM.replace("Boiler_Power", "Böiler"),
        ITEM.replace("<energy>", "<energy"),
        ITEM.replace("<energy>", "<flow> <energy>"),
        ITEM.replace("(Boiler)", "()"),
        ITEM.replace("(Boiler)", "(Boiler,)"),
        ITEM.replace('["Measurement"]', "[Measure;ment]"),
        ITEM.replace('unit="W"', "unit=W"),
        ITEM.replace("}", ""),
        ITEM.replace('"Boiler [', '"Boiler "50" ['),
        f"{ITEM}\n{ITEM}",
    ],
)
def test_broken_items_are_refused(broken: str) -> None:
    with pytest.raises(NotUnderstoodError):
        dsl.items(broken)


@pytest.mark.parametrize(
    "broken",
    [
        SITEMAP.removeprefix("sitemap "),
        SITEMAP.replace("Text", "Texts"),
        SITEMAP.replace("{ Switch item=Lamp }", "{ }"),
        SITEMAP.replace("Text item=Boiler_Power", 'Frame label="In it"'),
        SITEMAP.replace("Text item", "Switch item"),
        SITEMAP.replace('"Now"', '"Now'),
        SITEMAP.replace("Frame", "Text item=Lamp Frame"),
        SITEMAP + SITEMAP,
        SITEMAP.removesuffix("}"),
    ],
)
def test_broken_sitemaps_are_refused(broken: str) -> None:
    with pytest.raises(NotUnderstoodError):
        sitemaps.sitemap(broken)
