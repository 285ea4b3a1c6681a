"""Templates of topics and payloads, and paths into payloads: how a dialect says where something stands.

A template is a text with placeholders such as `{module}`; braces around anything but a plain word stay as they are, so
that JSON can be written as it is. A path is keys and positions joined by dots, such as `relays.0.state`.
"""

import re
from collections.abc import Mapping

import msgspec

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")


def placeholders(template: str) -> frozenset[str]:
    """Return the names of the placeholders of a template."""
    return frozenset(_PLACEHOLDER.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put values in the place of placeholders; raises KeyError for a placeholder without a value."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)


def document_of(payload: bytes, path: str) -> object:
    """Read a payload into which a path leads; one without a path is a bare word and need not be JSON."""
    return msgspec.json.decode(payload) if path else payload.decode()


def pick(document: object, path: str) -> object:
    """Return what stands at the end of a path; raises KeyError when the path leads nowhere."""
    found = document
    for step in path.split(".") if path else ():
        found = _entry(found, step)
    return found


def _entry(inside: object, step: str) -> object:
    if isinstance(inside, dict) and step in inside:
        return inside[step]
    if isinstance(inside, list) and step.isdecimal() and int(step) < len(inside):
        return inside[int(step)]
    raise KeyError(step)


def word_of(value: object) -> str:
    """Write a value of a payload as the word it stands for, in small letters; raises ValueError for what is none."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | str():
            return str(value).strip().strip('"').lower()
        case _:
            raise ValueError("neither a word, a whole number nor true or false")
