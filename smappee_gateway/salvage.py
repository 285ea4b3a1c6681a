"""The second try at a message that cannot be read as a whole: item by item, so that only the bad one is lost."""

from collections.abc import Callable, Iterable

import msgspec


def decode_each[T](items: Iterable[msgspec.Raw], kind: type[T], report: Callable[[Exception], None]) -> list[T]:
    """Decode every item that can be decoded and report the others."""
    decoder = msgspec.json.Decoder(kind)
    decoded = []
    for item in items:
        try:
            decoded.append(decoder.decode(item))
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            report(error)
    return decoded
