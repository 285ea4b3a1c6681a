"""docs/protocol.md: topics and payloads, with the confidence of each field."""

from collections.abc import Iterator

import msgspec
from fields import fields_of, structs_of
from markdown import NOTICE, code, first_line, table

from mqtt_schema.payloads import INFERRED_PAYLOADS, PAYLOADS, PayloadRow
from mqtt_schema.quantities import Confidence
from mqtt_schema.topics import PREFIX, TOPICS, Direction

INTRODUCTION = f"""\
# The local MQTT protocol

What a gateway says on MQTT, as far as it is known, below `{PREFIX}/<uuid>/`. Nothing here comes from a test with a
device; each line says how sure it is:

"""
MEANINGS = {
    Confidence.DOCUMENTED: "the vendor says so",
    Confidence.CAPTURED: "seen in a message of a real gateway",
    Confidence.SEEN_IN_CODE: "a working client relies on it; no capture is known",
    Confidence.INFERRED: "worked out from captures or from several clients agreeing",
}
SENDERS = {
    Direction.FROM_GATEWAY: "gateway",
    Direction.TO_GATEWAY: "client",
    Direction.BOTH: "both",
    Direction.UNKNOWN: "unknown",
}
RETAINED = {True: "yes", False: "no", None: "unknown"}
AFTERWORD = """\

Whatever else arrives is counted and left alone. Numbers may be whole, fractional or null; unknown fields are ignored.
The same as [JSON Schema](schema) and as [AsyncAPI](asyncapi.json).
"""


def document() -> str:
    """Return the whole document."""
    words = table(["word", "meaning"], [[word.value, MEANINGS[word]] for word in Confidence])
    payloads = "".join(_payload(row) for row in (*PAYLOADS, *INFERRED_PAYLOADS))
    return NOTICE + INTRODUCTION + words + "\n## Topics\n\n" + _topics() + AFTERWORD + payloads


def _topics() -> str:
    rows = [
        [
            code(row.kind.value),
            SENDERS[row.direction],
            row.cadence,
            row.confidence.value,
            RETAINED[row.retained],
            "" if row.retained_confidence is None else row.retained_confidence.value,
        ]
        for row in TOPICS
    ]
    return table(["topic", "sent by", "when", "topic known from", "retained", "that known from"], rows)


def _payload(row: PayloadRow) -> str:
    parts = [f"\n## {code(row.kind.value)}\n"]
    parts += [_struct(struct) for struct in structs_of(*row.forms)]
    if row.unread:
        unread = [[code(field.path), field.unit, field.meaning, field.confidence.value] for field in row.unread]
        parts.append("\nSent, but not used:\n\n" + table(["field", "unit", "meaning", "known from"], unread))
    return "".join(parts)


def _struct(struct: type[msgspec.Struct]) -> str:
    return f"\n**{struct.__name__}**: {first_line(struct.__doc__)}\n\n" + table(
        ["field", "type", "unit", "meaning", "known from"], _rows(struct)
    )


def _rows(struct: type[msgspec.Struct]) -> Iterator[list[str]]:
    for field in fields_of(struct):
        name = code(field.name) + (" (required)" if field.required else "")
        yield [name, field.json_type, field.unit, field.meaning, field.confidence]
