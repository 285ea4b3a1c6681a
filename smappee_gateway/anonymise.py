"""Takes out of captured messages what tells whose house it is, and leaves everything that can be measured.

The same original always becomes the same replacement, so that an anonymised capture still fits together. Numbers,
white space and the order of keys stay as they were: strings are replaced where they stand. What is replaced and what is
kept is described in docs/capture.md.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import msgspec

from mqtt_schema.topics import PREFIX
from smappee_gateway.capture import RecordedMessage

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_SERIAL = r"(?<!\d)\d{8,12}(?!\d)"
_IDENTIFIER = re.compile(f"(?P<uuid>{_UUID})|(?P<serial>{_SERIAL})")
_KEPT_DIGITS = 4
"""The beginning of a serial number tells the product: 5010 a Genius, 5500 a CT hub, 4006 a Smappee Switch."""
_SHORTEST_SERIAL = 8
_SHORTEST_ALIAS = 6
"""Shorter numbers would soon be used up, because a replacement must differ from all that was seen."""

_TOKEN = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*")(?P<key>\s*:)?|(?P<number>-?\d[\d.eE+-]*)')
"""The strings and numbers of valid JSON; a string before a colon is a key."""

_NAME_KEY = re.compile("(name|label|title|description)$", re.IGNORECASE)
_HUB_NAME = re.compile(r"CTHub-\d{8,12}")
_NUMBER_KEY = re.compile("serial|locationId$", re.IGNORECASE)
_TECHNICAL_KEYS = frozenset(
    {
        "aggregationPeriodSeconds",
        "commodity",
        "connectionType",
        "firmwareVersion",
        "flow",
        "inputChannelCTType",
        "inputChannelConnection",
        "inputChannelType",
        "mRID",
        "measurementKind",
        "phase",
        "phaseType",
        "since",
        "timeZone",
        "type",
        "unit",
        "uom",
    }
)
"""Keys whose values are words of the protocol."""
_STATES = frozenset({"ON", "OFF"})
"""Kept even where somebody has given this name to something."""
_TECHNICAL = re.compile(r"[A-Za-z0-9_./+:-]{0,40}")
_FORMULA = re.compile(r"[$0-9/+*(). -]*")
_CONSTANT = re.compile(r"(?![0-9A-F]{12}$)[A-Z][A-Z0-9_]*|\d{0,7}")
"""Words in capitals are how a gateway writes states, also those nobody has described yet. Twelve hexadecimal digits
are a hardware address."""

_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)


class Anonymiser:
    """Replaces what identifies somebody in the messages of one capture."""

    def __init__(self, rng: random.Random) -> None:
        """`rng` makes the replacements; nobody who knows them can work out the originals."""
        self._rng = rng
        self._aliases: dict[tuple[str, str], str] = {}
        self._numbers = Counter[str]()
        self._originals: set[str] = set()
        """Everything seen so far: a replacement must not look like somebody else's original."""

    def message(self, message: RecordedMessage) -> RecordedMessage:
        """Return the message without what identifies somebody."""
        self._originals.update(message.topic.split("/"))
        return msgspec.structs.replace(
            message, topic=self._topic(message.topic), payload=self._payload(message.payload)
        )

    def _topic(self, topic: str) -> str:
        """The second level names the location, whatever its form; below it only what looks like an identifier."""
        prefix, *levels = topic.split("/")
        if prefix != PREFIX or not levels:
            return self._identifiers(topic)
        location, *rest = levels
        return "/".join([prefix, self._uuid(location), *map(self._word, rest)])

    def _payload(self, payload: bytes) -> bytes:
        """Replace inside JSON; of anything else only the shape is kept."""
        try:
            text = payload.decode()
            if text:
                msgspec.json.decode(text)
            return self._document(text).encode()
        except _UNREADABLE:
            return masked(payload)

    def _document(self, text: str) -> str:
        self._learn(text)
        key = ""

        def replacement(token: re.Match[str]) -> str:
            nonlocal key
            if token["number"]:
                return self._number(key, token["number"])
            original = msgspec.json.decode(token["text"], type=str)
            if token["key"]:
                key = original
                return _literal(token["text"], original, self._word(original)) + token["key"]
            return _literal(token["text"], original, self._string(key, original))

        return _TOKEN.sub(replacement, text)

    def _learn(self, text: str) -> None:
        """Note all originals before the first replacement is made."""
        for token in _TOKEN.finditer(text):
            original = token["number"] or msgspec.json.decode(token["text"], type=str)
            self._originals.add(original.strip())
            self._originals.update(match[0] for match in _IDENTIFIER.finditer(original))

    def _word(self, word: str) -> str:
        """Replace in a key or a level of a topic: what is known, and what looks like an identifier."""
        return self._known(word) or self._identifiers(word)

    def _known(self, text: str) -> str | None:
        return self._aliases.get(("text", text)) or self._aliases.get(("uuid", text.lower()))

    def _number(self, key: str, literal: str) -> str:
        """Numbers are measurements, except those that a key declares an identifier, and serials that are known."""
        if _NUMBER_KEY.search(key):
            return self._digits(literal) if literal.isdigit() else "0"
        known = None if key.endswith("Energy") else self._aliases.get(("serial", literal))
        return known or literal

    def _string(self, key: str, text: str) -> str:
        if _NAME_KEY.search(key):
            return self._name(text)
        if text.startswith(("{", "[")):
            return self._nested(text)
        if _NUMBER_KEY.search(key) and text.isdecimal():
            return self._digits(text)
        if text in _STATES or (key in _TECHNICAL_KEYS and _TECHNICAL.fullmatch(text)):
            return self._identifiers(text)
        return self._known(text) or self._other(key, text)

    def _nested(self, text: str) -> str:
        """JSON inside a string; what only begins like it is a text."""
        try:
            msgspec.json.decode(text)
            return self._document(text)
        except _UNREADABLE:
            return self._text(text)

    def _other(self, key: str, text: str) -> str:
        """Keep nothing that nobody has described but constants and identifiers in another coat."""
        rest = _IDENTIFIER.sub("", text)
        kept = _CONSTANT.fullmatch(rest) or (key == "formula" and _FORMULA.fullmatch(rest))
        return self._identifiers(text) if kept else self._text(text)

    def _identifiers(self, text: str) -> str:
        return _IDENTIFIER.sub(lambda match: self._uuid(match[0]) if match["uuid"] else self._digits(match[0]), text)

    def _name(self, name: str) -> str:
        """What a person typed; spaces around it do not make another name."""
        typed = name.strip()
        if not typed:
            return name
        if _HUB_NAME.fullmatch(typed):
            return self._identifiers(typed)
        return self._numbered("Name", typed)

    def _text(self, text: str) -> str:
        return self._numbered("Text", text)

    def _numbered(self, label: str, original: str) -> str:
        def make() -> str:
            self._numbers[label] += 1
            return f"{label} {self._numbers[label]}"

        return self._alias("text", original, make)

    def _uuid(self, original: str) -> str:
        return self._alias("uuid", original.lower(), lambda: str(UUID(int=self._rng.getrandbits(128), version=4)))

    def _digits(self, original: str) -> str:
        """Another number with as many digits; a serial keeps the beginning that tells the product."""
        if len(original) < _SHORTEST_SERIAL:
            return self._alias("number", original, lambda: self._random_number(max(len(original), _SHORTEST_ALIAS)))
        kept, others = original[:_KEPT_DIGITS], len(original) - _KEPT_DIGITS
        return self._alias("serial", original, lambda: f"{kept}{self._rng.randrange(10**others):0{others}d}")

    def _random_number(self, digits: int) -> str:
        """A JSON number has no leading zero."""
        return str(self._rng.randrange(10 ** (digits - 1), 10**digits))

    def _alias(self, kind: str, original: str, make: Callable[[], str]) -> str:
        """Return the replacement of an original, a new one for a new original."""
        alias = self._aliases.get((kind, original))
        while alias is None:
            candidate = make()
            if candidate not in self._originals:
                alias = self._aliases[kind, original] = candidate
                self._originals.add(candidate)
        return alias


def masked(payload: bytes) -> bytes:
    """Keep the shape of what cannot be read: letters become x, digits 0, everything beyond ASCII a question mark."""
    return re.sub(rb"[^\x00-\x7f]", b"?", re.sub(rb"[0-9]", b"0", re.sub(rb"[A-Za-z]", b"x", payload)))


def _literal(token: str, original: str, replacement: str) -> str:
    """Write a string; one that has not changed stays exactly as it was written."""
    return token if replacement == original else msgspec.json.encode(replacement).decode()
