"""docs/schema/*.schema.json and docs/asyncapi.json: the wire for programs."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mqtt_schema.payloads import INFERRED_PAYLOADS, PAYLOADS, PayloadRow
from mqtt_schema.topics import PREFIX, TOPICS, Direction, TopicRow

type Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ROWS = (*PAYLOADS, *INFERRED_PAYLOADS)
SCHEMA_REF = "#/components/schemas/{name}"


def json_schemas() -> Mapping[str, str]:
    """Return a JSON Schema for each payload, by file name."""
    return {
        f"schema/{form.__name__}.schema.json": _text({"$schema": DIALECT, **msgspec.json.schema(form)})
        for row in ROWS
        for form in row.forms
    }


def asyncapi() -> str:
    """Return the AsyncAPI 3.0 document of a gateway's broker, from the view of a client."""
    payloads = {row.kind: row for row in ROWS}
    _, schemas = msgspec.json.schema_components({form for row in ROWS for form in row.forms}, ref_template=SCHEMA_REF)
    known = [row for row in TOPICS if row.kind in payloads]
    return _text(
        {
            "asyncapi": "3.0.0",
            "info": {
                "title": "Local MQTT interface of a Smappee gateway",
                "version": _version(),
                "description": "As far as it is known; x-confidence says how each part is.",
            },
            "defaultContentType": "application/json",
            "servers": {"gateway": {"host": "gateway.local:1883", "protocol": "mqtt", "protocolVersion": "3.1.1"}},
            "channels": {_identifier(row): _channel(row, payloads[row.kind]) for row in known},
            "operations": {_operation_name(row): _operation(row) for row in known},
            "components": {"schemas": dict(sorted(schemas.items()))},
        }
    )


def _channel(row: TopicRow, payload: PayloadRow) -> Json:
    parameters = {"uuid": {"description": "the service location, learned from `config`"}}
    if "+" in row.kind:
        is_plug = row.kind.startswith("plug/")
        node = "the `nodeId` of `homeControlConfig`" if is_plug else "the id of the module; which one is unknown"
        parameters["node"] = {"description": node}
    return {
        "address": f"{PREFIX}/{{uuid}}/{row.kind.replace('+', '{node}')}",
        "parameters": parameters,
        "messages": {
            form.__name__: {"payload": {"$ref": SCHEMA_REF.format(name=form.__name__)}} for form in payload.forms
        },
        "x-cadence": row.cadence,
        "x-confidence": row.confidence.value,
        "x-retained": row.retained,
        "x-retained-confidence": None if row.retained_confidence is None else row.retained_confidence.value,
    }


def _operation(row: TopicRow) -> Json:
    to_gateway = row.direction is Direction.TO_GATEWAY
    return {"action": "send" if to_gateway else "receive", "channel": {"$ref": f"#/channels/{_identifier(row)}"}}


def _operation_name(row: TopicRow) -> str:
    verb = "send" if row.direction is Direction.TO_GATEWAY else "receive"
    name = _identifier(row)
    return verb + name[0].upper() + name[1:]


def _identifier(row: TopicRow) -> str:
    first, *others = row.kind.replace("+/", "").split("/")
    return first + "".join(word[0].upper() + word[1:] for word in others)


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _text(document: Json) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
