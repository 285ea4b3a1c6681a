"""Checks of texts, numbers and tables that people write, made of voluptuous. No message holds what may be a secret."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import voluptuous as vol

from openhab_bridge.configuration.written import Place, Reading, Written

type Check[T] = Callable[[object], T]
"""Returns a value as it is to be used; raises `vol.Invalid`."""

LONGEST_SHOWN: Final = 40
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,9}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{0,12})?|[+-]?\.[0-9]{1,12}")
_PLAIN_WORD: Final = re.compile(r"[\w./-]{1,40}")
_SWITCHES: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_TRAP: Final = "yes, no, on, off, true and false mean a truth value in YAML; write the text in quotes"
EMPTY: Final = "is empty; give a value, or remove the key"


def shown(value: object) -> str:
    """Repeat a value, shortened; never a secret, nor what may hold one."""
    match value:
        case Written(source=source) if source:
            return f"what {source} gives"
        case Written(text=text) if "@" in text or "://" in text:
            return "what may hold a password"
        case Written(text=text):
            return repr(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…")
        case list():
            return "a list"
        case _:
            return "a table of keys"


def shown_key(key: str | int) -> str:
    """Repeat a key; one that is no plain word may be a value in the wrong place."""
    return str(key) if _PLAIN_WORD.fullmatch(str(key)) else "…"


def is_nothing(value: object) -> bool:
    """Tell whether a key has no value."""
    return isinstance(value, Written) and value.reading is Reading.NOTHING


def text(value: object) -> str:
    """Check a text in one line."""
    if not isinstance(value, Written):
        raise vol.Invalid(f"must be a text, not {shown(value)}")
    if value.reading is Reading.SWITCH:
        raise vol.Invalid(_TRAP)
    if value.reading is Reading.NOTHING or not value.text.strip():
        raise vol.Invalid(EMPTY)
    if not value.text.isprintable():
        raise vol.Invalid("must be in one line, without control characters")
    return value.text


def matching(pattern: re.Pattern[str], allowed: str) -> Check[str]:
    """Return a check of a text."""

    def check(value: object) -> str:
        if not pattern.fullmatch(text(value)):
            raise vol.Invalid(f"must be {allowed}, not {shown(value)}")
        return text(value)

    return check


def whole(lowest: int, highest: int) -> Check[int]:
    """Return a check of a whole number."""

    def check(value: object) -> int:
        if isinstance(value, Written) and _WHOLE.fullmatch(value.text) and lowest <= int(value.text) <= highest:
            return int(value.text)
        raise vol.Invalid(EMPTY if is_nothing(value) else f"must be a whole number {_range(lowest, highest, value)}")

    return check


def number(lowest: float, highest: float) -> Check[float]:
    """Return a check of a number."""

    def check(value: object) -> float:
        if isinstance(value, Written) and _NUMBER.fullmatch(value.text) and lowest <= float(value.text) <= highest:
            return float(value.text)
        raise vol.Invalid(EMPTY if is_nothing(value) else f"must be a number {_range(lowest, highest, value)}")

    return check


def _range(lowest: float, highest: float, value: object) -> str:
    return f"from {lowest:.15g} to {highest:.15g}, not {shown(value)}"


def switch(value: object) -> bool:
    """Check a truth value; those in quotes, and from the environment, are as good."""
    if isinstance(value, Written) and value.text.lower() in _SWITCHES:
        return _SWITCHES[value.text.lower()]
    raise vol.Invalid(EMPTY if is_nothing(value) else f"must be true or false, not {shown(value)}")


def one_of[T](choices: Mapping[str, T]) -> Check[T]:
    """Return a check of a choice."""

    def check(value: object) -> T:
        if isinstance(value, Written) and value.text in choices:
            return choices[value.text]
        raise vol.Invalid(f"must be one of: {', '.join(choices)}; not {shown(value)}")

    return check


def likely(word: str, known: Iterable[str]) -> str:
    """Return a question about the word that was probably meant; empty when none is near."""
    by_plain = {_plain(one): one for one in known}
    nearest = difflib.get_close_matches(_plain(word), by_plain, n=1)
    return f"did you mean {by_plain[nearest[0]]}? " if nearest else ""


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")


def section[T](fields: Mapping[vol.Marker, object], build: Callable[[Mapping[str, object]], T]) -> Check[T]:
    """Return a check of a table of keys; all that is wrong with them is told. `build` makes of it what it means.

    A section without any key is one in which everything is as usual.
    """
    names = [str(field) for field in fields]
    schema = vol.Schema(dict(fields), extra=vol.REMOVE_EXTRA)

    def check(value: object) -> T:
        table = {} if is_nothing(value) else value
        if not isinstance(table, dict):
            raise vol.Invalid(f"must be keys with their values ({', '.join(names)}), not {shown(value)}")
        errors = list(_unknown(table, names))
        checked: Mapping[str, object] = {}
        try:
            checked = schema(table)
        except vol.MultipleInvalid as error:
            errors += error.errors
        if errors:
            raise vol.MultipleInvalid(errors)
        return build(checked)

    return check


def _unknown(table: Mapping[str, object], names: list[str]) -> Iterator[vol.Invalid]:
    for key in table:
        if key not in names:
            yield vol.Invalid(f"no such key; {likely(key, names)}There are: {', '.join(names)}", path=[key])


def needed(field: str, what: str) -> vol.Marker:
    """Return a key that must be there."""
    return vol.Required(field, msg=f"is missing: {what}")


def list_of[T](check: Check[T], what: str) -> Check[list[T]]:
    """Return a check of a list, item by item; no value at all is an empty list."""
    collect = partly(check, what)

    def whole_list(value: object) -> list[T]:
        good, errors = collect(value)
        if errors:
            raise vol.MultipleInvalid(errors)
        return list(good.values())

    return whole_list


def partly[T](check: Check[T], what: str) -> Check[tuple[dict[int, T], list[vol.Invalid]]]:
    """Return a check that gives the good items of a list, by position, and what is wrong with the others."""

    def collect(value: object) -> tuple[dict[int, T], list[vol.Invalid]]:
        items = [] if is_nothing(value) else value
        if not isinstance(items, list):
            raise vol.Invalid(f"must be a list of {what}, each behind a dash, not {shown(value)}")
        return each(check, dict(enumerate(items)))

    return collect


def each[K: (int, str), T](check: Check[T], items: Mapping[K, object]) -> tuple[dict[K, T], list[vol.Invalid]]:
    """Check items one by one; returns the good ones, and what is wrong with the others."""
    good: dict[K, T] = {}
    errors: list[vol.Invalid] = []
    schema = vol.Schema(check)
    for key, item in items.items():
        try:
            good[key] = schema(item)
        except vol.MultipleInvalid as error:
            error.prepend([key])
            errors += error.errors
    return good, errors


def place_of(error: vol.Invalid) -> Place:
    """Return where an error is."""
    return tuple(step if isinstance(step, int) else str(step) for step in error.path)
