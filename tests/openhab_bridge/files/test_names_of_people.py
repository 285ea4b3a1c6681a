"""Whatever people call their loads: every file stays readable, and says it as far as it can."""

from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mqtt_schema.points import ScopeKind
from openhab_bridge.files import evcc, items, openhab_yaml, sitemap, things
from openhab_bridge.model import Installation
from tests.openhab_bridge.files import dsl, sitemaps
from tests.openhab_bridge.files.living import SETTINGS, installation, renamed

TOLD = installation("split-phase")
HOUSE = replace(TOLD, nodes=tuple({node.scope.kind: node for node in TOLD.nodes}.values()))
"""One part of each kind."""
BY_PEOPLE = (ScopeKind.LOAD, ScopeKind.CHANNEL)
"""What they name of it; CTs are called as their loads are."""
NASTY = (
    'Say "no"',
    "back\\slash\\",
    "50 % [%.1f W]",
    "a/b // c /* d */",
    "# not: a comment",
    "${ENV:HOME}",
    "{{ name }}",
    "Küche 🧑‍🍳 ⚡️",
    "two\nlines\tand\x00 more\u2028",
    "<oven> (big), 'quoted'",
    "\ud800",
    "",
    "   ",
    "- item",
    "true",
    "null",
    "\\u0041",
)


def labels_of(name: str, other: str = "another") -> list[str]:
    """Call a load and a CT so, read every file, and return what the Things are called."""
    called = dict(zip(BY_PEOPLE, (name, other), strict=True))
    told = [renamed(HOUSE, lambda node: called.get(node.scope.kind, node.name))]
    found = dsl.things(things.text(told, SETTINGS))
    document = yaml.safe_load(openhab_yaml.text(told, SETTINGS))
    labels = [thing.label for thing in found]
    assert [thing["label"] for thing in document["things"].values()] == labels
    shown = [item.label for item in dsl.items(items.text(told, SETTINGS))]
    assert [item["label"] for item in document["items"].values()] == shown
    sitemaps.sitemap(sitemap.text(told, SETTINGS))
    assert meters(told[0]) == meters(HOUSE)
    return labels


def meters(house: Installation) -> object:
    return yaml.safe_load(evcc.text([house], SETTINGS))


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_name_spoils_no_file(name: str) -> None:
    for label in labels_of(name, name):
        assert label.replace("\u200d", "").isprintable()
        assert label.strip() == label != ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('Say "no"', 'Say "no"'),
        ("back\\slash\\", "back\\slash\\"),
        ("50 % [x]", "50 % (x)"),
        (" a\nb\x1b\rc", "a b c"),
        ("Küche 🧑\u200d🍳", "Küche 🧑\u200d🍳"),
        ("\u200d", "load-5500001203-0"),
    ],
)
def test_names_are_kept_as_far_as_openhab_can_show_them(name: str, expected: str) -> None:
    assert expected in labels_of(name)


@given(st.text(), st.text())
def test_no_name_spoils_any_file(name: str, other: str) -> None:
    labels_of(name, other)


@given(st.text())
def test_whatever_a_gateway_and_its_serial_number_are_called_every_file_can_be_read(text: str) -> None:
    told = [replace(HOUSE, serial=text, name=text)]
    _, itself, *_ = dsl.things(things.text(told, SETTINGS))
    assert itself.properties["availabilityTopic"] == [f"smappee/{text}/status"]
    dsl.items(items.text(told, SETTINGS))
    sitemaps.sitemap(sitemap.text(told, SETTINGS))
    yaml.safe_load(openhab_yaml.text(told, SETTINGS))
    meters(told[0])
