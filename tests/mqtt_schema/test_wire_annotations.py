"""Every field of every payload says what it means and how sure that is: the documents are made from it."""

import inspect
from collections.abc import Iterator
from typing import get_type_hints

import msgspec
import pytest

from mqtt_schema.quantities import Confidence
from mqtt_schema.topics import TOPICS, Direction, Kind, TopicRow, parse, set_plug_state
from mqtt_schema.wire import (
    aggregated,
    channels,
    config,
    control,
    ct_aggregated,
    ct_channels,
    modules,
    realtime,
    sensors,
)

MODULES = (aggregated, channels, config, control, ct_aggregated, ct_channels, modules, realtime, sensors)


def payloads() -> Iterator[type[msgspec.Struct]]:
    for module in MODULES:
        for _, kind in inspect.getmembers(module, inspect.isclass):
            # A `Raw…` struct is the second try at the same message.
            if issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__ and "Raw" not in kind.__name__:
                yield kind


def metas(kind: type[msgspec.Struct]) -> Iterator[tuple[str, msgspec.Meta]]:
    for field, hint in get_type_hints(kind, include_extras=True).items():
        for meta in getattr(hint, "__metadata__", ()):
            yield field, meta


@pytest.mark.parametrize("kind", payloads(), ids=lambda kind: kind.__name__)
def test_every_field_has_a_meaning_and_a_confidence(kind: type[msgspec.Struct]) -> None:
    described = dict(metas(kind))
    assert described.keys() == set(kind.__struct_fields__)
    for meta in described.values():
        assert meta.description
        assert meta.extra is not None
        Confidence(meta.extra["confidence"])


def test_every_topic_has_one_row() -> None:
    assert [row.kind for row in TOPICS] == list(Kind)


@pytest.mark.parametrize("row", TOPICS, ids=lambda row: row.kind)
def test_a_topic_is_found_by_its_name(row: TopicRow) -> None:
    name = row.kind.replace("+", "7").replace("…", "etc/v1").replace("#", "1/relay/2")
    parsed = parse(f"servicelocation/uuid/{name}")
    assert parsed is not None
    assert (parsed.location, parsed.kind, parsed.node) == ("uuid", row.kind, "7" if "+" in row.kind else "")


@pytest.mark.parametrize("name", ["devices", "etc/carcharger/v1/devices"])
def test_levels_that_lead_to_a_topic_may_be_missing(name: str) -> None:
    parsed = parse(f"servicelocation/uuid/{name}")
    assert parsed is not None
    assert parsed.kind is Kind.DEVICES


@pytest.mark.parametrize("name", ["xdevices", "devices/updated", "outputmodule/", "plug/1/2/state", "plug/1"])
def test_names_that_only_resemble_a_topic_are_unknown(name: str) -> None:
    parsed = parse(f"servicelocation/uuid/{name}")
    assert parsed is not None
    assert parsed.kind is None


def test_only_commands_go_to_the_gateway() -> None:
    assert [row.kind for row in TOPICS if row.direction is Direction.TO_GATEWAY] == [
        Kind.PLUG_SET_STATE,
        Kind.OUTPUT_MODULE_SET_STATE,
    ]
    parsed = parse(set_plug_state("uuid", "7"))
    assert parsed is not None
    assert (parsed.kind, parsed.node) == (Kind.PLUG_SET_STATE, "7")
