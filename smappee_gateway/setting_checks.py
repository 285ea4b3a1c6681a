"""Checks of what people write, made of voluptuous, with errors that know what is allowed."""

import re
from collections.abc import Callable, Iterable, Mapping

import voluptuous as vol

from mqtt_schema.dialects import FOUR_WORDS, TWO_WORDS
from mqtt_schema.templates import placeholders
from smappee_gateway.setting_problems import Problem, Step, Wrong

type Check = Callable[[object], object]
"""Returns a value as it is to be used; raises `Refused`, or `vol.MultipleInvalid` of several."""

LONGEST_TEXT = 200
LONGEST_IDENTIFIER = 40
LONGEST_WORD = 30
LONGEST_SHOWN = 60
_IDENTIFIER = re.compile(rf"[A-Za-z0-9._-]{{1,{LONGEST_IDENTIFIER}}}")
_WORD = re.compile(rf"[A-Za-z0-9_.:+-]{{1,{LONGEST_WORD}}}")
_STEP = re.compile(r"[^\s.{}]+|\{\w+\}")
_NOT_IN_TOPICS = re.compile(r"[+#\s\x00-\x1f]")


class Refused(vol.Invalid):
    """A value that a check does not take."""

    def __init__(self, wrong: Wrong, **values: object) -> None:
        """Keep the kind of mistake, and what its sentence wants to know."""
        super().__init__(wrong)
        self.wrong = wrong
        self.values = {name: str(value) for name, value in values.items()}


def problem(error: vol.Invalid, place: tuple[Step, ...]) -> Problem:
    """Return what is wrong; only a missing field is noticed by voluptuous itself."""
    if isinstance(error, Refused):
        return Problem(error.wrong, place, error.values)
    return Problem(Wrong.MISSING, place)


def shown(value: object) -> str:
    """Return a value as it was written, or how it begins."""
    written = repr(value)
    return written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}…"


def that_fits(fits: Callable[[object], bool], wrong: Wrong, **values: object) -> Check:
    """Return a check of anything."""

    def check(value: object) -> object:
        if not fits(value):
            raise Refused(wrong, value=shown(value), **values)
        return value

    return check


def one_of(words: Iterable[str]) -> Check:
    """Return a check of a choice."""
    allowed = tuple(words)
    return that_fits(lambda value: value in allowed, Wrong.NOT_A_CHOICE, allowed=", ".join(allowed))


def whole(lowest: int, highest: int) -> Check:
    """Return a check of a whole number."""
    return that_fits(
        lambda value: isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest,
        Wrong.NOT_WHOLE,
        lowest=lowest,
        highest=highest,
    )


def number(lowest: float, highest: float) -> Check:
    """Return a check of a number."""
    return that_fits(
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and lowest <= value <= highest,
        Wrong.NOT_A_NUMBER,
        lowest=f"{lowest:.12g}",
        highest=f"{highest:.12g}",
    )


YES_OR_NO = that_fits(lambda value: isinstance(value, bool), Wrong.NOT_YES_OR_NO)


def table(fields: Mapping[vol.Marker, object]) -> vol.Schema:
    """Return a check of a table of fields; any other field is told, with those that there are."""
    names = ", ".join(str(field) for field in fields)

    def unknown(_value: object) -> None:
        raise Refused(Wrong.NO_SUCH_FIELD, allowed=names)

    is_table = that_fits(
        lambda value: isinstance(value, dict) and all(isinstance(key, str) for key in value),
        Wrong.NOT_A_TABLE,
        allowed=names,
    )
    return vol.Schema(vol.All(is_table, {**fields, str: unknown}))


def needed(field: str) -> vol.Marker:
    """Return the name of a field that must be there."""
    return vol.Required(field)


def list_of(check: Check, most: int, wrong: Wrong = Wrong.NOT_A_LIST, **values: object) -> Check:
    """Return a check of a list, item by item; it tells what is wrong with each of them."""
    fits = that_fits(lambda value: isinstance(value, list) and len(value) <= most, wrong, most=most, **values)
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
        raise Refused(Wrong.NOT_AN_IDENTIFIER, most=LONGEST_IDENTIFIER, value=shown(value))
    return written


def text(value: object) -> str:
    """Check a name or another text."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_TEXT:
        raise Refused(Wrong.NOT_A_TEXT, most=LONGEST_TEXT, value=shown(value))
    return value.strip()


def template(*known: str) -> Check:
    """Return a check of a template with these placeholders."""

    def check(value: object) -> str:
        written = text(value)
        strange = sorted(placeholders(written) - set(known))
        if strange:
            allowed = ", ".join(f"{{{name}}}" for name in known)
            raise Refused(Wrong.NO_SUCH_PLACEHOLDER, value=f"{{{strange[0]}}}", allowed=allowed)
        return written

    return check


def topic(*known: str) -> Check:
    """Return a check of a topic below the service location, with these placeholders."""

    def check(value: object) -> str:
        written = text(value)
        if not all(written.split("/")) or _NOT_IN_TOPICS.search(written):
            raise Refused(Wrong.NOT_A_TOPIC, value=shown(value))
        return written

    return vol.All(template(*known), check)


def path(known: str) -> Check:
    """Return a check of a path into a payload; an empty one means the whole payload."""

    def check(value: object) -> object:
        if not isinstance(value, str) or (value and not all(map(_STEP.fullmatch, value.split(".")))):
            raise Refused(Wrong.NOT_A_PATH, value=shown(value))
        return template(known)(value) if value else ""

    return check


def word(value: object) -> str:
    """Check a word of a payload; true, false and whole numbers are words too."""
    written = str(value).lower() if isinstance(value, bool) else str(value)
    if not isinstance(value, str | int) or not _WORD.fullmatch(written):
        raise Refused(Wrong.NOT_A_WORD, most=LONGEST_WORD, value=shown(value))
    return written


def words_of_states(value: object) -> dict[str, str]:
    """Check the words of an Output module, given for each of its states."""
    if not isinstance(value, dict) or set(value) not in (set(FOUR_WORDS), set(TWO_WORDS)):
        raise Refused(Wrong.NO_WORD_FOR_EACH_STATE)
    words = {str(state): word(written) for state, written in value.items()}
    if len({written.lower() for written in words.values()}) < len(words):
        raise Refused(Wrong.STATES_WITH_ONE_WORD)
    return words
