"""Whatever a gateway may say one day: no identifier and no name is found in an anonymised capture by plain search."""

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from smappee_gateway.anonymise import Anonymiser
from smappee_gateway.capture import RecordedMessage, message_line
from smappee_gateway.privacy.protocol_words import MEASUREMENTS

type Capture = tuple[tuple[str, ...], list[tuple[str, Json]]]
"""The secrets, and topics and contents that hold them."""
type Json = str | int | float | bool | list[Json] | dict[str, Json] | None

SYLLABLES = ("zwe", "ki", "tchë", "Anna", "ßer", "хол", "Qu", "🏠", "’s", '"', "\\", " ", "-", "Vrü")
PRODUCTS = ("5010", "5500", "5100", "2004", "1006", "1100", "4006", "3003", "6220", "5700")
TECHNICAL = ("relay", "outputState", "relay_position", "input1", "config", "on")

names = (
    st.lists(st.sampled_from(SYLLABLES), min_size=5, max_size=9).map("".join).filter(lambda name: name == name.strip())
)
digits = st.text(string.digits, min_size=6, max_size=6)
serials = st.builds(lambda product, rest: product + rest, st.sampled_from(PRODUCTS), digits)
hardware = st.text("ABCDEF0123456789", min_size=8, max_size=20).map("SN{}".format)
secrets = st.tuples(names, names, serials, serials, hardware, st.uuids().map(str))
SERIALS = (2, 3)
UUID = 5


@dataclass(frozen=True)
class Serial:
    """A serial number written as a number; `place` is its place among the secrets."""

    place: int


@dataclass(frozen=True)
class Nested:
    """A document in a string."""

    content: object


def templates() -> st.SearchStrategy[str]:
    """Texts with the places of secrets in braces."""
    secret = st.integers(0, 5).map("{{{}}}".format)
    technical = st.sampled_from(TECHNICAL)
    forms = [
        secret,
        technical,
        *(st.builds(form.format, technical, secret) for form in ("{}/{}", "{1}-{0}", "{1} & {1}")),
    ]
    return st.one_of(forms)


texts = templates()
keys = st.one_of(texts, st.sampled_from(["name", "label", "type", "unit", "x", "value", "location", "serialNumber"]))
numbers = st.one_of(
    st.sampled_from(SERIALS).map(Serial), st.integers(-999, 999), st.floats(-9, 9), st.booleans(), st.none()
)
documents = st.recursive(
    st.one_of(texts, numbers),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4), st.builds(Nested, inner)
    ),
    max_leaves=12,
)
levels = st.one_of(texts, st.sampled_from(["outputmodule", "state", "7"]))
prefixes = st.sampled_from(["servicelocation/{5}", "servicelocation", "somebody", "{2}"])
topics = st.builds(lambda prefix, rest: "/".join([prefix, *rest]), prefixes, st.lists(levels, min_size=1, max_size=4))
messages = st.lists(st.tuples(topics, documents), min_size=1, max_size=4)


def filled(content: object, found: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    """Put the secrets in their places."""
    match content:
        case str():
            return content.format(*found)
        case Serial(place):
            return int(found[place])
        case Nested(inner):
            return json.dumps(filled(inner, found))
        case list():
            return [filled(inner, found) for inner in content]
        case dict():
            return {key.format(*found): filled(inner, found) for key, inner in content.items()}
        case _:
            return content


@st.composite
def captures(draw: st.DrawFn) -> Capture:
    """Some secrets, and messages around them: as texts, as keys, as numbers, and as JSON inside a string."""
    found = draw(secrets)
    return found, [(filled(topic, found), filled(content, found)) for topic, content in draw(messages)]


def anonymised(sent: list[tuple[str, Json]], *, escaped: bool) -> list[RecordedMessage]:
    anonymiser = Anonymiser(Random(3))
    return [
        anonymiser.message(
            RecordedMessage(at_s=0, topic=topic, payload=json.dumps(content, ensure_ascii=escaped).encode())
        )
        for topic, content in sent
    ]


def unfolded(content: Any) -> Any:  # noqa: ANN401 - JSON
    """A document with the documents inside its strings laid open, with kinds instead of values."""
    if isinstance(content, Mapping):
        return [unfolded(value) for value in content.values()]
    if isinstance(content, list):
        return [unfolded(value) for value in content]
    return float if type(content) is int else type(content)


def plain(content: Any) -> str:  # noqa: ANN401 - JSON
    """Everything a document says, with the documents inside its strings."""
    if isinstance(content, Mapping):
        return " ".join(f"{key} {plain(value)}" for key, value in content.items())
    if isinstance(content, list):
        return " ".join(map(plain, content))
    if isinstance(content, str) and content.startswith(("{", "[")):
        try:
            return content + plain(json.loads(content))
        except ValueError:
            return content
    return str(content)


@given(captures(), st.booleans())
def test_no_original_is_found(capture: Capture, escaped: bool) -> None:  # noqa: FBT001 - drawn
    found, sent = capture
    lines = anonymised(sent, escaped=escaped)
    searched = b"".join(map(message_line, lines)).decode().casefold()
    searched += "".join(plain(json.loads(message.payload)) for message in lines).casefold()
    assert [secret for secret in found if secret.casefold() in searched] == []


@given(captures(), st.booleans())
def test_the_shape_stays(capture: Capture, escaped: bool) -> None:  # noqa: FBT001 - drawn
    _, sent = capture
    for (topic, content), message in zip(sent, anonymised(sent, escaped=escaped), strict=True):
        assert message.topic.count("/") == topic.count("/")
        assert unfolded(json.loads(message.payload)) == unfolded(json.loads(json.dumps(content)))


measurements = st.recursive(
    st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.sampled_from(sorted(MEASUREMENTS)), inner, max_size=5)
    ),
    max_leaves=30,
)


@given(st.dictionaries(st.sampled_from(sorted(MEASUREMENTS)), measurements, max_size=5), captures())
def test_measurements_of_described_messages_stay_to_the_last_digit(measured: Json, capture: Capture) -> None:
    found, sent = capture
    topic = f"servicelocation/{found[UUID]}/realtime"
    last = anonymised([*sent, (topic, measured)], escaped=False)[-1]
    assert last.payload == json.dumps(measured).encode()
