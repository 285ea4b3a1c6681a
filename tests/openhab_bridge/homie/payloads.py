"""What a value may look like, by its datatype and format."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

INTEGER = re.compile(r"-?[0-9]+")
FLOAT = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?")
"""What openHAB's DateTimeType reads, without its shorthands (a date alone, a time alone, seconds since 1970)."""
LARGEST_INTEGER = 2**63
NUMBERS = {"integer": INTEGER, "float": FLOAT}
COLORS = {"rgb": (255, 255, 255), "hsv": (360, 100, 100)}
"""By the format, the largest value of each of the three parts."""


def limits(datatype: str, layout: str) -> tuple[Decimal, Decimal] | None:
    """Return the range that a format `from:to` allows, or None where openHAB would not take it as a range."""
    parts = layout.split(":")
    if len(parts) != 2 or not all(NUMBERS[datatype].fullmatch(part) for part in parts):
        return None
    low, high = map(Decimal, parts)
    return (low, high) if low <= high else None


def misfit(datatype: str, layout: str | None, payload: str) -> str | None:
    """Return what is wrong with a payload, or None when it is one of its datatype and format."""
    return CHECKS[datatype](layout, payload)


def _boolean(_: str | None, payload: str) -> str | None:
    return None if payload in {"true", "false"} else f"{payload!r} is neither 'true' nor 'false'"


def _integer(layout: str | None, payload: str) -> str | None:
    if not INTEGER.fullmatch(payload):
        return f"{payload!r} is no integer"
    if not -LARGEST_INTEGER <= int(payload) < LARGEST_INTEGER:
        return f"{payload!r} needs more than 64 bits"
    return _outside("integer", layout, payload)


def _float(layout: str | None, payload: str) -> str | None:
    if not FLOAT.fullmatch(payload):
        return f"{payload!r} is no float"
    return _outside("float", layout, payload)


def _outside(datatype: str, layout: str | None, payload: str) -> str | None:
    allowed = limits(datatype, layout) if layout else None
    if allowed and not allowed[0] <= Decimal(payload) <= allowed[1]:
        return f"{payload!r} is outside {layout}: openHAB drops it without a word"
    return None


def _enum(layout: str | None, payload: str) -> str | None:
    return None if layout is None or payload in layout.split(",") else f"{payload!r} is none of {layout}"


def _datetime(_: str | None, payload: str) -> str | None:
    if not MOMENT.fullmatch(payload):
        return f"{payload!r} is no date and time of ISO 8601"
    try:
        moment = datetime.fromisoformat(payload)
    except ValueError:
        return f"{payload!r} is not in the calendar"
    return None if moment.tzinfo else f"{payload!r} has no time zone: openHAB would take its own"


def _color(layout: str | None, payload: str) -> str | None:
    parts = payload.split(",")
    largest = COLORS.get(layout or "")
    if largest is None:  # the format is reported
        return None
    if len(parts) != len(largest) or not all(part.isdecimal() for part in parts):
        return f"{payload!r} is no colour"
    if any(int(part) > most for part, most in zip(parts, largest, strict=True)):
        return f"{payload!r} is no colour of {layout}"
    return None


def _string(_: str | None, __: str) -> None:
    return None


CHECKS: dict[str, Callable[[str | None, str], str | None]] = {
    "boolean": _boolean,
    "integer": _integer,
    "float": _float,
    "enum": _enum,
    "datetime": _datetime,
    "color": _color,
    "string": _string,
}
"""By datatype: all of Homie 4, except for its duration, which openHAB does not know."""
