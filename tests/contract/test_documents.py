"""The generated documents are up to date, complete, and true of what a gateway sends."""

import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from mqtt_schema import wire
from mqtt_schema.payloads import PAYLOADS, PayloadRow
from mqtt_schema.topics import parse
from simulator import SITES
from simulator.sites.site import GatewayKind
from tests.simulator.living import live, new_gateway

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schema"


def validator(row: PayloadRow, kind: GatewayKind) -> Draft202012Validator:
    """Of the form of that kind of gateway: a form for CT inputs has a name of its own."""
    by_input = [form for form in row.forms if form.__name__.startswith("Ct") and kind is not GatewayKind.GENIUS]
    return Draft202012Validator(schema(*by_input or row.forms[:1]))


def schema(form: type[msgspec.Struct]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SCHEMAS / f"{form.__name__}.schema.json").read_text())
    return document


def test_they_are_those_that_the_code_gives_now() -> None:
    check = subprocess.run(
        [sys.executable, "scripts/generated_docs", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (check.returncode, check.stderr) == (0, "")


def test_every_payload_struct_is_in_them() -> None:
    described = set(SCHEMAS.glob("*.schema.json"))
    names = {name for file in described for name in json.loads(file.read_text())["$defs"]}
    assert names == {struct.__name__ for struct in structs()}


def structs() -> Iterator[type[msgspec.Struct]]:
    """The payloads. A `Raw…` struct is the second try at the same message; a base has no life of its own."""
    for file in Path(next(iter(wire.__path__))).glob("[!_]*.py"):
        module = import_module(f"mqtt_schema.wire.{file.stem}")
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, msgspec.Struct) and not name.startswith("Raw") and not kind.__subclasses__():
                yield kind


FORMS = {form.__name__: form for row in PAYLOADS for form in row.forms}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(schema(FORMS[name]))


@pytest.mark.parametrize("site", sorted(SITES))
def test_what_the_simulated_gateway_sends_obeys_its_schema(site: str) -> None:
    kind = SITES[site].gateway
    validators = {row.kind: validator(row, kind) for row in PAYLOADS}
    seen = set()
    for message in live(new_gateway(site), 310):
        topic = parse(message.topic)
        assert topic is not None
        if topic.kind in validators:
            validators[topic.kind].validate(json.loads(message.payload))
            seen.add(topic.kind)
    assert len(seen) >= (3 if kind is GatewayKind.SOLAR else 6)
