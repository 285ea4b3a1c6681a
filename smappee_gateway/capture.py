"""The capture format: what a gateway sent, message by message, as JSON Lines (described in docs/capture.md)."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from smappee_gateway.errors import GatewayError

FORMAT = "smappee-capture"
VERSION = 1


class DamagedCaptureError(GatewayError):
    """A capture file cannot be read; the line is counted from 1."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep where it is, so that a person can look there."""
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has said to have done while it was recorded."""

    at: float
    """Seconds since the capture began."""
    text: str


class Header(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The first line of a capture."""

    format: str
    version: int
    started_at: str
    """UTC, ISO 8601."""
    tool: str = ""
    """What recorded it, with its version."""
    anonymised: bool = False
    notes: tuple[Note, ...] = ()


class RecordedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message and when it came."""

    at_s: float
    """Seconds since the capture began, on a steadily growing clock."""
    topic: str
    payload: bytes
    retained: bool = False
    qos: int | None = None
    """At which quality of service it came; None when the recorder was not told."""


class _Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message as it stands in the file: exactly one of `text` and `base64` is there."""

    at: Annotated[float, msgspec.Meta(ge=0)]
    topic: str
    retain: bool = False
    qos: Annotated[int, msgspec.Meta(ge=0, le=2)] | None = None
    text: str | None = None
    base64: str | None = None


def header_line(started_at: str, tool: str, *, anonymised: bool, notes: Iterable[Note] = ()) -> bytes:
    """Write the first line of a capture."""
    header = Header(
        format=FORMAT, version=VERSION, started_at=started_at, tool=tool, anonymised=anonymised, notes=tuple(notes)
    )
    return msgspec.json.encode(header) + b"\n"


def message_line(message: RecordedMessage) -> bytes:
    """Write one message: its payload as text when it is UTF-8, else in base64."""
    text, base64 = _printable(message.payload)
    line = _Line(
        at=round(message.at_s, 6),
        topic=message.topic,
        retain=message.retained,
        qos=message.qos,
        text=text,
        base64=base64,
    )
    return msgspec.json.encode(line) + b"\n"


def read(lines: Iterable[bytes]) -> tuple[Header, Iterator[RecordedMessage]]:
    """Read a capture; the messages are read as they are asked for. Both raise DamagedCaptureError."""
    numbered = enumerate(lines, start=1)
    number, first = next(numbered, (1, b""))
    header = _decoded(number, first, Header)
    if header.format != FORMAT:
        raise DamagedCaptureError(number, f"not a capture: its format is not '{FORMAT}'")
    if header.version != VERSION:
        raise DamagedCaptureError(number, f"format version {header.version}; this program reads version {VERSION}")
    return header, _messages(numbered)


def _messages(numbered: Iterator[tuple[int, bytes]]) -> Iterator[RecordedMessage]:
    for number, text in numbered:
        line = _decoded(number, text, _Line)
        yield RecordedMessage(
            at_s=line.at, topic=line.topic, payload=_payload(number, line), retained=line.retain, qos=line.qos
        )


def _decoded[T](number: int, line: bytes, kind: type[T]) -> T:
    if not line.strip():
        raise DamagedCaptureError(number, "empty")
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        cut_off = "" if line.endswith(b"\n") else " (the file ends here: was it cut off?)"
        raise DamagedCaptureError(number, f"{error}{cut_off}") from error


def _payload(number: int, line: _Line) -> bytes:
    if (line.text is None) is (line.base64 is None):
        raise DamagedCaptureError(number, "needs either 'text' or 'base64'")
    if line.text is not None:
        return line.text.encode()
    try:
        return b64decode(line.base64 or "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise DamagedCaptureError(number, f"'base64' is not base64: {error}") from error


def _printable(payload: bytes) -> tuple[str | None, str | None]:
    try:
        return payload.decode(), None
    except UnicodeDecodeError:
        return None, b64encode(payload).decode()
