"""Replacements: the same original always becomes the same, so that an anonymised capture still fits together."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from uuid import UUID

PRODUCT = re.compile(r"1[01]|20|30|4006|5[0-9]|6[12]")
"""How the serial numbers of products begin (protocol facts §1.2)."""
_KEPT_DIGITS = 4
"""The beginning of a serial number tells the product: 5010 a Genius, 5500 a CT hub, 4006 a Smappee Switch."""
SHORTEST_SERIAL = 8
_SHORTEST_NUMBER = 6
"""Shorter numbers would soon be used up, because a replacement must differ from all that was seen."""
_SHORTEST_NAME = 3
"""In a sentence: shorter names are the beginning of too many other things."""
SHORTEST_KNOWN_NUMBER = 4
"""A shorter number is too common to be recognised where no key announces it."""


class Label(StrEnum):
    """What a replaced text was."""

    NAME = "Name "
    TEXT = "Text "
    KEY = "key"
    LEVEL = "level"


class Aliases:
    """Remembers what has been replaced by what."""

    def __init__(self, rng: random.Random) -> None:
        """`rng` makes the replacements; nobody who knows them can work out the originals."""
        self._rng = rng
        self._texts: dict[str, str] = {}
        self._uuids: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._counts = Counter[Label]()
        self._taken: set[str] = set()
        """Everything seen so far and all replacements: a new one must look like none of them."""
        self._made: set[str] = set()
        self._names: set[str] = set()

    def learn(self, originals: Iterable[str]) -> None:
        """Note originals before a replacement is made."""
        self._taken.update(originals)

    def known(self, text: str) -> str | None:
        """Return the replacement of a text that has been replaced before."""
        return self._texts.get(text) or self._uuids.get(text.lower())

    def known_number(self, digits: str) -> str | None:
        """Return the replacement of a number that has been replaced before; short ones are none of ours."""
        return self._numbers.get(digits) if len(digits) >= SHORTEST_KNOWN_NUMBER else None

    def is_taken(self, text: str) -> bool:
        """Whether a text is somebody's name, in any letters, or a replacement."""
        return text in self._made or text.casefold() in self._names

    def name(self, name: str) -> str:
        """Replace what a person has typed; from now on also where it would pass for a technical word."""
        self._names.add(name.casefold())
        return self.text(name, Label.NAME)

    def text(self, original: str, label: Label) -> str:
        """Replace a text by a label and a number."""

        def make() -> str:
            self._counts[label] += 1
            return f"{label}{self._counts[label]}"

        return self._replacement(self._texts, original, make)

    def without_names(self, text: str) -> str:
        """Replace the names that have been seen wherever they stand as words of a sentence, in any letters."""
        names = [name for name in self._texts if name.casefold() in self._names and len(name) >= _SHORTEST_NAME]
        for name in sorted(names, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self._texts[name], text, flags=re.IGNORECASE)
        return text

    def uuid(self, original: str) -> str:
        """Replace by another uuid, whatever form the original has."""
        return self._replacement(
            self._uuids, original.lower(), lambda: str(UUID(int=self._rng.getrandbits(128), version=4))
        )

    def digits(self, original: str) -> str:
        """Replace by another number, as long; a serial number keeps the beginning that tells the product."""

        def make() -> str:
            length = max(len(original), _SHORTEST_NUMBER)
            if len(original) < SHORTEST_SERIAL or not PRODUCT.match(original):
                return str(self._rng.randrange(10 ** (length - 1), 10**length))  # JSON knows no leading zero
            others = length - _KEPT_DIGITS
            return f"{original[:_KEPT_DIGITS]}{self._rng.randrange(10**others):0{others}d}"

        return self._replacement(self._numbers, original, make)

    def _replacement(self, aliases: dict[str, str], original: str, make: Callable[[], str]) -> str:
        alias = aliases.get(original)
        while alias is None:
            candidate = make()
            if candidate not in self._taken:
                alias = aliases[original] = candidate
                self._taken |= {original, candidate}
                self._made.add(candidate)
        return alias
