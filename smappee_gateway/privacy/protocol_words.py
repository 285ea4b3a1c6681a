"""The words of the protocol, taken from `mqtt_schema`, so that what is described there is known here."""

from collections.abc import Iterator

import msgspec
from msgspec import inspect

from mqtt_schema.payloads import PAYLOADS, PayloadRow, UnreadField
from mqtt_schema.topics import PREFIX, Kind

DESCRIBED = frozenset(row.kind for row in PAYLOADS)
"""Topics whose payloads are described."""

type Field = tuple[str, inspect.Type]


def _fields(type_: inspect.Type) -> Iterator[Field]:
    """All fields below a type: name on the wire and type."""
    match type_:
        case inspect.StructType(fields=fields):
            for field in fields:
                yield field.encode_name, field.type
                yield from _fields(field.type)
        case inspect.ListType(item_type=inner) | inspect.VarTupleType(item_type=inner) | inspect.Metadata(type=inner):
            yield from _fields(inner)
        case inspect.UnionType(types=types):
            for inner in types:
                yield from _fields(inner)


def _is_number(type_: inspect.Type) -> bool:
    match type_:
        case inspect.IntType() | inspect.FloatType():
            return True
        case inspect.UnionType(types=types):
            return any(_is_number(inner) for inner in types)
        case inspect.ListType(item_type=inner) | inspect.VarTupleType(item_type=inner) | inspect.Metadata(type=inner):
            return _is_number(inner)
        case _:
            return False


def _all_fields(rows: tuple[PayloadRow, ...]) -> Iterator[Field]:
    forms: tuple[type[msgspec.Struct], ...] = tuple(form for row in rows for form in row.forms)
    for form in forms:
        yield from _fields(inspect.type_info(form))


def _steps(path: str) -> Iterator[str]:
    """The names of a path or topic, without the signs for "one of many" and "whatever"."""
    names = (step.removesuffix("[]") for step in path.replace("/", ".").split("."))
    return (name for name in names if name.isalnum())


_FIELDS = tuple(_all_fields(PAYLOADS))
_UNREAD: tuple[UnreadField, ...] = tuple(field for row in PAYLOADS for field in row.unread)
_IDENTIFIERS = frozenset({"nodeId", "sensorId", "serviceLocationId"})

PROTOCOL_WORDS = frozenset(
    {PREFIX}
    | {name for name, _ in _FIELDS}
    | {name for field in _UNREAD for name in _steps(field.path)}
    | {name for kind in Kind for name in _steps(kind)}
)
"""Keys and levels of topics that stay, whatever somebody has given as a name."""

MEASUREMENTS = (
    frozenset(name for name, type_ in _FIELDS if _is_number(type_))
    | frozenset(list(_steps(field.path))[-1] for field in _UNREAD if field.unit)
) - _IDENTIFIERS
"""Keys whose numbers stay exactly as they are in the messages that are described."""
