"""What a payload struct says of its fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

JSON_TYPES = {int: "number", float: "number", str: "string", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field on the wire."""

    name: str
    json_type: str
    unit: str
    meaning: str
    confidence: str
    required: bool


def fields_of(struct: type[msgspec.Struct]) -> Iterator[Field]:
    """Return the fields of a struct in the order of their declaration."""
    hints = get_type_hints(struct, include_extras=True)
    for field in msgspec.structs.fields(struct):
        hint, meta = get_args(hints[field.name])[:2]
        marks = meta.extra or {}
        yield Field(
            name=field.encode_name,
            json_type=json_type(hint),
            unit=marks["unit"],
            meaning=meta.description or "",
            confidence=marks["confidence"],
            required=field.required,
        )


def structs_of(*structs: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """Return structs and, once each, those inside them."""
    seen: list[type[msgspec.Struct]] = []
    waiting = list(structs)
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.append(current)
        yield current
        waiting += [inner for hint in get_type_hints(current).values() for inner in _structs_in(hint)]


def json_type(hint: Any) -> str:  # noqa: ANN401 - a type hint may be anything
    """Return a hint in the words of JSON; structs by name. A number may be null, so that is not repeated."""
    if inner := _structs_in(hint):
        return f"list of {inner[0].__name__}" if get_origin(hint) in {tuple, list} else inner[0].__name__
    if hint in JSON_TYPES:
        return JSON_TYPES[hint]
    members = [member for member in get_args(hint) if member not in {type(None), Ellipsis}]
    return " or ".join(dict.fromkeys(json_type(member) for member in members))


def _structs_in(hint: Any) -> list[type[msgspec.Struct]]:  # noqa: ANN401 - a type hint may be anything
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return [hint]
    return [inner for member in get_args(hint) for inner in _structs_in(member)]
