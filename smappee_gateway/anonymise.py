"""Takes out of captured messages what tells whose house it is, and leaves everything that can be measured.

Numbers, white space and the order of keys stay as they were: strings are replaced where they stand. In doubt a text is
replaced: only the words of the protocol and technical words stay. The rules are described in docs/capture.md.
"""

import random
import re

import msgspec

from mqtt_schema.topics import PREFIX, parse
from smappee_gateway.capture import RecordedMessage
from smappee_gateway.privacy.aliases import PRODUCT, SHORTEST_KNOWN_NUMBER, SHORTEST_SERIAL, Aliases, Label
from smappee_gateway.privacy.places import Place, below, is_identifier, is_numbered, is_personal
from smappee_gateway.privacy.protocol_words import DESCRIBED, MEASUREMENTS, PROTOCOL_WORDS
from smappee_gateway.privacy.vocabulary import is_quantity, is_technical

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_LONGEST_SERIAL = 12
_SERIAL = rf"(?<!\d)\d{{{SHORTEST_SERIAL},{_LONGEST_SERIAL}}}(?!\d)"
_IDENTIFIER = re.compile(f"(?P<uuid>{_UUID})|(?P<serial>{_SERIAL})")

_TOKEN = re.compile(
    r'(?P<text>"[^"\\]*(?:\\.[^"\\]*)*")(?P<key>\s*:)?|(?P<number>-?\d[\d.eE+-]*)|(?P<open>[{\[])|(?P<close>[}\]])'
)
"""What valid JSON is made of, as far as it matters; a string before a colon is a key."""
_NUMERIC = re.compile(r"-?\d+(\.\d+)?")
_WHOLE = re.compile(r"-?(\d+)(?:\.0*)?")
_TIME_MS = re.compile(r"[1-4]\d{12}")
"""From 2001 to the next century."""
_HUB_NAME = re.compile(r"CTHub-\d{8,12}")
_STATES = frozenset({"ON", "OFF"})
"""Kept even where somebody has given this name to something."""

_CONSTANT = re.compile(r"(?![0-9A-F]{12}$)[A-Z][A-Z0-9_]{0,40}")
"""Words in capitals are how a gateway writes its constants. Twelve hexadecimal digits are a hardware address."""
_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc"
CONSTANTS = {
    "commodity": _CONSTANT,
    "connectionType": _CONSTANT,
    "firmwareVersion": re.compile(r"[Vv]?\d{1,5}(\.\d{1,4}){0,4}"),
    "flow": _CONSTANT,
    "formula": re.compile(r"(?:[$/+*(). -]|(?<!\d)\d{1,4}(?!\d))*"),
    "inputChannelCTType": _CONSTANT,
    "inputChannelConnection": _CONSTANT,
    "inputChannelType": _CONSTANT,
    "mRID": re.compile(r"\d{1,4}(\.\d{1,4}){3}"),
    "measurementKind": _CONSTANT,
    "phase": _CONSTANT,
    "phaseType": _CONSTANT,
    "timeZone": re.compile(rf"(?:{_AREAS})(?:/[A-Za-z0-9_+-]{{1,30}}){{1,2}}|UTC|GMT"),
    "type": _CONSTANT,
    "unit": _CONSTANT,
}
"""What a gateway itself writes in the messages that are described; names are never among it."""

_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)


class Anonymiser:
    """Replaces what identifies somebody in the messages of one capture."""

    def __init__(self, rng: random.Random) -> None:
        """`rng` makes the replacements; nobody who knows them can work out the originals."""
        self._aliases = Aliases(rng)

    def message(self, message: RecordedMessage) -> RecordedMessage:
        """Return the message without what identifies somebody."""
        parsed = parse(message.topic)
        described = parsed is not None and parsed.kind in DESCRIBED
        levels = message.topic.split("/")
        self._aliases.learn(levels)
        return msgspec.structs.replace(
            message, topic="/".join(self._topic(levels)), payload=self._payload(message.payload, described=described)
        )

    def note(self, text: str) -> str:
        """Return what a person has written about these messages; what they have shown to be telling is replaced."""
        return _identifiers(self._aliases, self._aliases.without_names(text))

    def _topic(self, levels: list[str]) -> list[str]:
        """The level below the prefix names the location, whatever its form."""
        words = _Words(self._aliases, described=False)
        replaced = [words.word(level, Label.LEVEL) for level in levels]
        if levels[0] == PREFIX and levels[1:]:
            replaced[1] = self._aliases.uuid(levels[1])
        return replaced

    def _payload(self, payload: bytes, *, described: bool) -> bytes:
        """Replace inside JSON; of anything else a technical word stays, or the shape."""
        words = _Words(self._aliases, described=described)
        try:
            msgspec.json.decode(payload)
            return words.document(payload.decode(), Place()).encode()
        except _UNREADABLE:
            return payload if words.is_kept(payload.decode(errors="replace")) else masked(payload)


class _Words:
    """Decides what becomes of each word and number of one message."""

    def __init__(self, aliases: Aliases, *, described: bool) -> None:
        """`described`: `mqtt_schema` knows this kind of message."""
        self._aliases = aliases
        self._described = described

    def document(self, text: str, place: Place) -> str:
        """Replace inside valid JSON that stands at a place."""
        self._learn(text)
        above: list[Place] = []

        def replacement(token: re.Match[str]) -> str:
            nonlocal place
            match token.lastgroup:
                case "open":
                    above.append(place)
                case "close":
                    place = above.pop()
                case "number":
                    return self.number(place, token["number"])
                case "key":
                    original = _content(token)
                    place = below(above[-1], original)
                    return _literal(token["text"], original, self.word(original, Label.KEY)) + token["key"]
                case _:
                    original = _content(token)
                    return _literal(token["text"], original, self.string(place, original))
            return token[0]

        return _TOKEN.sub(replacement, text)

    def word(self, word: str, label: Label) -> str:
        """Replace a key or a level of a topic. Words of the protocol stay, whatever bears the same name."""
        if word in PROTOCOL_WORDS:
            return word
        if word.isdecimal() and word.isascii():
            return self._aliases.known_number(word) or (self._aliases.digits(word) if _is_long(word) else word)
        return self._plain(word, label)

    def number(self, place: Place, literal: str) -> str:
        """Numbers are measurements, except those that are known, or that a key or their form declares otherwise."""
        if place.geographic:
            return "0"
        if self._is_measured(place):
            return literal
        if is_numbered(place.key) or (is_personal(place.key) and len(literal) >= SHORTEST_KNOWN_NUMBER):
            return self._aliases.digits(literal) if literal.isdigit() else "0"
        whole = _WHOLE.fullmatch(literal)
        if whole is None:
            return literal
        if _is_serial(place.key, whole[1]):
            return self._aliases.digits(whole[1])
        known = None if is_quantity(place.key) and not _is_long(whole[1]) else self._aliases.known_number(whole[1])
        return known or literal

    def string(self, place: Place, text: str) -> str:
        """Replace a text unless it is a word or a number."""
        if place.geographic and _NUMERIC.fullmatch(text):
            return "0"
        if place.personal:
            return self._name(text)
        if text in _STATES:
            return text
        if text.startswith(("{", "[")):
            return self._nested(place, text)
        if _NUMERIC.fullmatch(text) and text.isascii():
            return self._written_number(place, text)
        return self._constant(place.key, text) or self._plain(text, Label.TEXT)

    def is_kept(self, text: str) -> bool:
        """Whether a text is technical, and nobody's name."""
        return is_technical(text) and not self._aliases.is_taken(text)

    def _learn(self, text: str) -> None:
        """Note all originals before the first replacement is made."""
        for token in _TOKEN.finditer(text):
            if token["text"]:
                original = _content(token)
                self._aliases.learn([original.strip(), *(match[0] for match in _IDENTIFIER.finditer(original))])

    def _is_measured(self, place: Place) -> bool:
        return self._described and place.key in MEASUREMENTS

    def _nested(self, place: Place, text: str) -> str:
        """JSON inside a string; what only begins like it is a text."""
        try:
            msgspec.json.decode(text)
            return self.document(text, place)
        except _UNREADABLE:
            return self._aliases.text(text, Label.TEXT)

    def _written_number(self, place: Place, text: str) -> str:
        """A number in quotes; a long one is an identifier where nothing says that it is measured."""
        number = self.number(place, text)
        measured = self._is_measured(place) or is_quantity(place.key) or _TIME_MS.fullmatch(text)
        if number != text or measured or not _is_long(text):
            return number
        return self._aliases.digits(text) if text.isdigit() else "0"

    def _constant(self, key: str, text: str) -> str | None:
        """Keep what the gateway itself has written."""
        form = CONSTANTS.get(key) if self._described else None
        return self._identifiers(text) if form and form.fullmatch(_IDENTIFIER.sub("/", text)) else None

    def _name(self, name: str) -> str:
        """What a person typed; spaces around it do not make another name."""
        typed = name.strip()
        if not typed:
            return name
        return self._identifiers(typed) if _HUB_NAME.fullmatch(typed) else self._aliases.name(typed)

    def _plain(self, text: str, label: Label) -> str:
        """Keep technical words and, in another coat, identifiers; replace everything else as a whole."""
        known = self._aliases.known(text)
        if known is not None:
            return known
        if self.is_kept(text):
            return text
        rest = _IDENTIFIER.sub("/", text)
        return self._identifiers(text) if rest != text and is_technical(rest) else self._aliases.text(text, label)

    def _identifiers(self, text: str) -> str:
        return _identifiers(self._aliases, text)


def masked(payload: bytes) -> bytes:
    """Keep the shape of what cannot be read: letters become x, digits 0, everything beyond ASCII a question mark."""
    return re.sub(rb"[^\x00-\x7f]", b"?", re.sub(rb"[0-9]", b"0", re.sub(rb"[A-Za-z]", b"x", payload)))


def _identifiers(aliases: Aliases, text: str) -> str:
    return _IDENTIFIER.sub(lambda match: (aliases.uuid if match["uuid"] else aliases.digits)(match[0]), text)


def _is_long(digits: str) -> bool:
    return len(digits) >= SHORTEST_SERIAL


def _is_serial(key: str, digits: str) -> bool:
    """Whether a whole number that nobody has described looks like a serial number or a longer identifier."""
    if not _is_long(digits) or _TIME_MS.fullmatch(digits):
        return False
    if is_identifier(key):
        return True
    return not is_quantity(key) and (len(digits) > _LONGEST_SERIAL or PRODUCT.match(digits) is not None)


def _content(token: re.Match[str]) -> str:
    return msgspec.json.decode(token["text"], type=str)


def _literal(token: str, original: str, replacement: str) -> str:
    """Write a string; one that has not changed stays exactly as it was written."""
    return token if replacement == original else msgspec.json.encode(replacement).decode()
