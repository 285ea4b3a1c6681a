"""docs/bridge-topics.md and docs/bridge-asyncapi.json: every topic that the bridge publishes or obeys."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from data_points import SCOPES, condition_of_each
from markdown import NOTICE, code, first_line, table

from energy_control.points import CONTROL_POINTS, ControlPoint
from mqtt_schema.points import POINTS, Row, Scope, ScopeKind
from openhab_bridge.faces import plain
from openhab_bridge.feed import Feed
from openhab_bridge.model import Property, node_id
from openhab_bridge.settings import HomieSettings, TopicSettings
from openhab_bridge.topics import SET, bridge_topic, feed_topic, node_topic, status_topic, value_topic
from openhab_bridge.units import unit_of
from openhab_bridge.writers.homie import datatype
from openhab_bridge.writers.homie4 import MODULES, PARTS

type Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
SERIAL = "{serial}"
ID = "id"
"""Stands for the identifier of a part; in addresses it is a parameter."""
INTRODUCTION = """\
# Topics of the bridge

With the usual prefixes. `{serial}` is the serial number of the gateway, `{id}` the identifier of a part in small
letters, with dashes in place of everything but letters and digits. Everything is retained; what is unknown has no
topic. The [guide](bridge.md) tells what they mean together; [AsyncAPI](bridge-asyncapi.json) is the same for programs.
"""
HEADINGS = ["plain topic", "Homie 4", "meaning", "payload", "unit", "published", "exists"]


def document() -> str:
    """Return the reference for people."""
    prefix = TopicSettings().prefix
    of_gateways = (
        f"\n`{status_topic(prefix, SERIAL)}`: {_words(plain.STATES)}\n\n"
        f"`{feed_topic(prefix, SERIAL)}`: {_words(plain.FEEDS)}\n\n"
        f"`{bridge_topic(prefix, SERIAL)}`: which bridge publishes this, as JSON\n"
    )
    sections = (f"\n## {title}\n\n{_of_part(scope)}" + table(HEADINGS, _rows(scope)) for scope, title in SCOPES.items())
    return NOTICE + INTRODUCTION + of_gateways + "".join(sections)


def _words(told: Mapping[Feed, str]) -> str:
    return " or ".join(code(word) for word in dict.fromkeys(told.values()))


def asyncapi() -> str:
    """Return the AsyncAPI 3.0 document of the plain topics, from the view of a client."""
    channels = {item.point.key: _channel(item) for item in _properties()}
    commands = {f"{item.point.key}Set": _command(item) for item in _properties() if item.settable}
    prefix = TopicSettings().prefix
    status = {"type": "string", "enum": sorted(set(plain.STATES.values()))}
    channels["status"] = _described(status_topic(prefix, SERIAL), status, "whether values can be trusted")
    feed = {"type": "string", "enum": sorted(plain.FEEDS.values())}
    channels["feed"] = _described(feed_topic(prefix, SERIAL), feed, "whether measurements arrive from the gateway")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    described = {
        "asyncapi": "3.0.0",
        "info": {"title": "Plain topics of the Smappee bridge", "version": str(project["version"])},
        "defaultContentType": "text/plain",
        "servers": {"target": {"host": "localhost:1883", "protocol": "mqtt", "protocolVersion": "3.1.1"}},
        "channels": channels | commands,
        "operations": {
            **{f"receive_{name}": _operation("receive", name) for name in channels},
            **{f"send_{name}": _operation("send", name) for name in commands},
        },
    }
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def _properties(scope: ScopeKind | None = None) -> Iterator[Property]:
    points: tuple[Row | ControlPoint, ...] = (*POINTS, *CONTROL_POINTS)
    for point in points:
        if scope in {None, point.scope}:
            yield Property(point, Scope(point.scope, "" if point.scope is ScopeKind.SITE else ID), lambda: None)


def _of_part(scope: ScopeKind) -> str:
    part = Scope(scope, "" if scope is ScopeKind.SITE else ID)
    topic = _address(node_topic(TopicSettings().prefix, SERIAL, part))
    return f"`{topic}/name`: what it is called; `{topic}`: all of it, as JSON\n\n"


def _rows(scope: ScopeKind) -> Iterator[list[str]]:
    conditions = condition_of_each()
    for item in _properties(scope):
        accessor = item.point.value if isinstance(item.point, Row | ControlPoint) else None
        command = f", {code(f'…/{SET}')}" if item.settable else ""
        yield [
            code(_address(value_topic(TopicSettings().prefix, SERIAL, item))) + command,
            code(_homie(item)),
            first_line(accessor.__doc__).removesuffix("."),
            datatype(item),
            unit_of(item.point),
            "yes" if item.point.enabled else "with `all_points`",
            conditions[item.point.key],
        ]


def _homie(item: Property) -> str:
    part = PARTS.get(item.scope.kind, MODULES)
    device = f"smappee-{SERIAL}" + (f"-{part}" if part else "")
    node = node_id(item.scope)
    return f"{HomieSettings().prefix}/{device}/{_with_parameter(node)}/{item.id}"


def _channel(item: Property) -> Json:
    kinds = {"boolean": "boolean", "integer": "integer", "float": "number"}
    payload: Json = {"type": kinds[datatype(item)]}
    unit = item.point.unit
    payload |= {} if unit is None else {"x-unit": unit.value}
    return _described(value_topic(TopicSettings().prefix, SERIAL, item), payload, item.name)


def _command(item: Property) -> Json:
    topic = f"{value_topic(TopicSettings().prefix, SERIAL, item)}/{SET}"
    return _described(topic, {"type": "boolean"}, f"switches: {item.name}; never retained")


def _described(topic: str, payload: Json, meaning: str) -> Json:
    address = _address(topic)
    parameters = {"serial": {"description": "serial number of the gateway"}}
    if f"{{{ID}}}" in address:
        parameters[ID] = {"description": "identifier of the part"}
    return {
        "address": address,
        "description": meaning,
        "parameters": parameters,
        "messages": {"value": {"payload": payload}},
    }


def _operation(action: str, channel: str) -> Json:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}


def _address(topic: str) -> str:
    """Write the identifier as a parameter."""
    return "/".join(f"{{{ID}}}" if level == ID else level for level in topic.split("/"))


def _with_parameter(node: str) -> str:
    return node.removesuffix(ID) + f"{{{ID}}}" if node.endswith(f"-{ID}") else node
