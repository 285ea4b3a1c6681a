"""Modules that speak and that nobody has declared: noted for the diagnostics, and nothing more."""

import pytest

from smappee_gateway.seen_modules import MOST_MODULES, SeenModule
from tests import genius
from tests.feed import Feed
from tests.modules import INPUT, OUTPUT, declared, inputs, output

STATE = {"value": "ON_OFF"}
INPUTS = {"inputs": [{"state": "OPEN"}]}


@pytest.fixture
def feed() -> Feed:
    feed = Feed()
    feed.introduce()
    return feed


def seen(feed: Feed) -> list[tuple[str, str, bool, int]]:
    """Preset, module, whether it was understood, and how often it spoke."""
    return [
        (module.preset, module.module, module.understood, count) for module, count in feed.decoder.seen_modules.items()
    ]


@pytest.mark.parametrize(
    ("topic", "document", "preset"),
    [
        ("outputmodule/{}/state", STATE, "outputmodule"),
        ("plug/{}/state", STATE, "plug"),
        ("inputmodule/{}/state", INPUTS, "inputmodule"),
    ],
)
def test_they_are_noted_by_the_preset_that_would_read_them_and_change_nothing(
    feed: Feed, topic: str, document: object, preset: str
) -> None:
    site = feed.session.site
    for _ in range(2):
        assert not feed.send(topic.format("77"), document)
    assert feed.decoder.seen_modules == {SeenModule(genius.LOCATION, preset, "77", understood=True): 2}
    assert feed.session.site == site
    assert not feed.session.readings.relays
    assert not feed.session.readings.contacts
    assert not feed.session.readings.plugs
    assert not feed.decoder.unreadable


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("outputmodule/77/state", b'{"relay1":true}'),
        ("outputmodule/77/state", b"\xff"),
        ("inputmodule/77/state", b'{"in1":1}'),
        ("inputmodule/77/state", b"["),
    ],
)
def test_they_are_noted_too_when_they_speak_otherwise(feed: Feed, topic: str, payload: bytes) -> None:
    assert not feed.message(genius.topic(topic), payload)
    assert seen(feed) == [(topic.split("/", maxsplit=1)[0], "77", False, 1)]
    assert not feed.decoder.unreadable


def test_a_plug_is_no_module(feed: Feed) -> None:
    feed.send("plug/7/state", {"value": "ON"})
    feed.send("plug/8/state", {"value": "BROKEN"})
    assert seen(feed) == []
    assert feed.session.readings.plugs["7"].on is True
    assert feed.decoder.unreadable == {"plug/+/state": 1}


def test_a_topic_below_the_tree_that_no_preset_has_is_named_among_the_unknown(feed: Feed) -> None:
    feed.send("outputmodule/77/relay/1", {"on": True})
    assert seen(feed) == []
    assert feed.decoder.unknown_topic_names == {"outputmodule/77/relay/1": 1}


def test_a_command_of_somebody_else_is_no_sign_of_a_module(feed: Feed) -> None:
    feed.send("outputmodule/77/setstate", STATE)
    assert seen(feed) == []


def test_declared_modules_where_they_should_speak_are_not_among_them() -> None:
    feed = Feed(modules=declared(output(), inputs()))
    feed.introduce()
    feed.send(f"outputmodule/{OUTPUT}/state", STATE)
    feed.send(f"inputmodule/{INPUT}/state", {"inputs": [{"count": 1}]})
    feed.send("outputmodule/77/state", STATE)
    assert seen(feed) == [("outputmodule", "77", True, 1)]


def test_a_declared_module_that_speaks_another_preset_is_noted_with_it() -> None:
    feed = Feed(modules=declared(output(dialect="plug")))
    feed.introduce()
    assert not feed.send(f"outputmodule/{OUTPUT}/state", STATE)
    assert seen(feed) == [("outputmodule", OUTPUT, True, 1)]
    assert all(relay.on is None for relay in feed.session.readings.relays.values())


def test_no_more_than_so_many_are_remembered(feed: Feed) -> None:
    for number in range(MOST_MODULES + 5):
        feed.send(f"outputmodule/{number}/state", STATE)
    feed.send("outputmodule/0/state", STATE)
    assert len(feed.decoder.seen_modules) == MOST_MODULES
    assert seen(feed)[0] == ("outputmodule", "0", True, 2)
