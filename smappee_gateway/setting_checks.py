"""Checks of what people write, made of voluptuous, with errors that say what is allowed."""

import re
from collections.abc import Callable, Iterable, Mapping

import voluptuous as vol

from mqtt_schema.dialects import FOUR_WORDS, TWO_WORDS
from mqtt_schema.templates import placeholders

type Check = Callable[[object], object]
"""Returns a value as it is to be used; raises `vol.Invalid`."""

LONGEST_TEXT = 200
_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,40}")
_WORD = re.compile(r"[A-Za-z0-9_.:+-]{1,30}")
_STEP = re.compile(r"[^\s.{}]+|\{\w+\}")
_NOT_IN_TOPICS = re.compile(r"[+#\s\x00-\x1f]")


def that_fits(what: str, fits: Callable[[object], bool]) -> Check:
    """Return a check of anything."""

    def check(value: object) -> object:
        if not fits(value):
            raise vol.Invalid(f"must be {what}, not {value!r}")
        return value

    return check


def one_of(words: Iterable[str]) -> Check:
    """Return a check of a choice."""
    allowed = tuple(words)
    return that_fits("one of: " + ", ".join(allowed), lambda value: value in allowed)


def whole(lowest: int, highest: int) -> Check:
    """Return a check of a whole number."""
    return that_fits(
        f"a whole number from {lowest} to {highest}",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest,
    )


def number(lowest: float, highest: float) -> Check:
    """Return a check of a number."""
    return that_fits(
        f"a number from {lowest:g} to {highest:g}",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and lowest <= value <= highest,
    )


YES_OR_NO = that_fits("true or false", lambda value: isinstance(value, bool))


def table(fields: Mapping[vol.Marker, object]) -> vol.Schema:
    """Return a check of a table of fields; any other field is told, with those that there are."""
    names = ", ".join(str(field) for field in fields)

    def unknown(_value: object) -> None:
        raise vol.Invalid(f"no such field; there are: {names}")

    is_table = that_fits(f"a table with the fields {names}", lambda value: isinstance(value, dict))
    return vol.Schema(vol.All(is_table, {**fields, str: unknown}))


def needed(field: str) -> vol.Marker:
    """Return the name of a field that must be there."""
    return vol.Required(field, msg="is missing")


def list_of(check: Check, what: str, most: int) -> Check:
    """Return a check of a list, item by item; it tells what is wrong with each of them."""
    fits = that_fits(f"a list of at most {most}: {what}", lambda value: isinstance(value, list) and len(value) <= most)
    schema = vol.Schema(check)

    def items(value: object) -> list[object]:
        checked, errors = [], []
        for index, item in enumerate(value if isinstance(value, list) else ()):
            try:
                checked.append(schema(item))
            except vol.MultipleInvalid as error:
                error.prepend([index])
                errors += error.errors
        if errors:
            raise vol.MultipleInvalid(errors)
        return checked

    return vol.Schema(vol.All(fits, items))


def identifier(value: object) -> str:
    """Check what stands for a module in topics; a number is taken as it is written."""
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(written, str) or not _IDENTIFIER.fullmatch(written):
        raise vol.Invalid(f"must be what stands in the topic: letters, digits and . _ -, at most 40; not {value!r}")
    return written


def text(value: object) -> str:
    """Check a name or another text."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_TEXT:
        raise vol.Invalid(f"must be a text of 1 to {LONGEST_TEXT} letters, not {value!r}")
    return value.strip()


def template(*known: str) -> Check:
    """Return a check of a template with these placeholders."""

    def check(value: object) -> str:
        written = text(value)
        strange = sorted(placeholders(written) - set(known))
        if strange:
            allowed = ", ".join(f"{{{name}}}" for name in known)
            raise vol.Invalid(f"no such placeholder: {{{strange[0]}}}; there are: {allowed}")
        return written

    return check


def topic(*known: str) -> Check:
    """Return a check of a topic below the service location, with these placeholders."""

    def check(value: object) -> str:
        written = text(value)
        if not all(written.split("/")) or _NOT_IN_TOPICS.search(written):
            raise vol.Invalid(f"must be a topic below servicelocation/<uuid>/, without + and #; not {value!r}")
        return written

    return vol.All(template(*known), check)


def path(known: str) -> Check:
    """Return a check of a path into a payload; an empty one means the whole payload."""

    def check(value: object) -> object:
        if not isinstance(value, str) or (value and not all(map(_STEP.fullmatch, value.split(".")))):
            raise vol.Invalid(f"must be a path such as value or relays.0.state, not {value!r}")
        return template(known)(value) if value else ""

    return check


def word(value: object) -> str:
    """Check a word of a payload; true, false and whole numbers are words too."""
    written = str(value).lower() if isinstance(value, bool) else str(value)
    if not isinstance(value, str | int) or not _WORD.fullmatch(written):
        raise vol.Invalid(f"must be a word of letters, digits and _ . : + -, at most 30; not {value!r}")
    return written


def words_of_states(value: object) -> dict[str, str]:
    """Check the words of an Output module, given for each of its states."""
    if not isinstance(value, dict) or set(value) not in (set(FOUR_WORDS), set(TWO_WORDS)):
        raise vol.Invalid("must give a word for each of ON_ON, ON_OFF, OFF_ON and OFF_OFF, or for each of ON and OFF")
    words = {str(state): word(written) for state, written in value.items()}
    if len({written.lower() for written in words.values()}) < len(words):
        raise vol.Invalid("must give each state a word of its own; capitals make no difference")
    return words
