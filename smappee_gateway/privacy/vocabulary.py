"""Tells technical words from what people type."""

import re
from functools import lru_cache

from smappee_gateway.privacy.protocol_words import PROTOCOL_WORDS
from smappee_gateway.privacy.word_list import NEVER_ALONE, QUANTITIES, UNITS, WORDS

LONGEST = 80
"""Letters of a technical word, levels and parts together."""
LONGEST_NUMBER = 4
"""Digits of a number inside a word: inputs, versions, ratings; not what a serial number is cut into."""
MOST_DIGITS = 8
"""Digits of one word together, as in CT50_100_200."""
MOST_LETTERS = 2
"""Single letters of one word: more of them are a hardware address."""
LONGEST_WITHOUT_A_WORD = 5
"""Letters and digits of what has no word: L1, 16A, V3106."""
SHORTEST_OF_A_COMPOUND = 4
"""Words that may stand together in small letters, as in `outputmodule`: shorter ones are found in any name."""

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SHAPE = re.compile(r"[A-Za-z0-9_./:+-]*")
_ADDRESS = re.compile(r"(?<!\d)\d{1,3}(\.\d{1,3}){3}(?!\d)")


def parts(text: str) -> list[str]:
    """Return the words and numbers of camelCase, snake_case, kebab-case and paths, in small letters."""
    return [part.lower() for part in _PART.findall(text)]


_VOCABULARY = WORDS | {part for word in PROTOCOL_WORDS for part in parts(word)}
_COMPOUND = frozenset(word for word in _VOCABULARY if len(word) >= SHORTEST_OF_A_COMPOUND)


@lru_cache(maxsize=4096)
def is_technical(text: str) -> bool:
    """Whether a text is made of technical words and short numbers only; anything else somebody may have typed."""
    if text in UNITS:
        return True
    if len(text) > LONGEST or not _SHAPE.fullmatch(text) or _ADDRESS.search(text):
        return False
    pieces = parts(text)
    words = [piece for piece in pieces if piece.isalpha() and len(piece) > 1]
    numbers = [piece for piece in pieces if piece.isdigit()]
    letters = len(pieces) - len(words) - len(numbers)
    return all(map(_is_known, words)) and _is_short(words, numbers, letters)


@lru_cache(maxsize=4096)
def is_quantity(key: str) -> bool:
    """Whether the numbers under a key are measurements, to judge by its words."""
    return not QUANTITIES.isdisjoint(parts(key))


def _is_short(words: list[str], numbers: list[str], letters: int) -> bool:
    digits = sum(map(len, numbers))
    if not words:
        return letters + digits <= LONGEST_WITHOUT_A_WORD
    return (
        all(len(number) <= LONGEST_NUMBER for number in numbers)
        and digits <= MOST_DIGITS
        and letters <= MOST_LETTERS
        and not (len(words) == 1 and words[0] in NEVER_ALONE)
    )


def _is_known(word: str) -> bool:
    singular = word.removesuffix("s") if len(word) >= SHORTEST_OF_A_COMPOUND else word
    return any(form in _VOCABULARY or _is_compound(form) for form in (word, singular))


def _is_compound(word: str) -> bool:
    """Whether a word consists of longer ones."""
    return any(
        word[:length] in _COMPOUND and (word[length:] in _COMPOUND or _is_compound(word[length:]))
        for length in range(SHORTEST_OF_A_COMPOUND, len(word) - SHORTEST_OF_A_COMPOUND + 1)
    )
