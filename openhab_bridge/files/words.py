"""How texts of people are written into files, and how names that programs use are kept apart."""

from typing import Final

ZERO_WIDTH_JOINER: Final = "\u200d"
"""Not printable, but emoji are joined with it."""
_BRACKETS: Final = str.maketrans("[]", "()")
"""openHAB takes what stands between brackets in a label for a pattern."""


class Names:
    """Gives out names, each once: who asks later for a taken one gets it with a number."""

    def __init__(self) -> None:
        """None is taken."""
        self._taken = set[str]()

    def take(self, wanted: str) -> str:
        """Return the wanted name, or the first free one of `…_2`, `…_3`."""
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name


def label(text: str, otherwise: str) -> str:
    """Return a text of people as one line that any of the files can hold; `otherwise` when nothing is left of it."""
    spaced = " ".join("".join(map(_shown, text.translate(_BRACKETS))).split())
    return spaced.strip(ZERO_WIDTH_JOINER + " ") or otherwise


def quoted(text: str) -> str:
    """Write a string as openHAB's textual configuration does (Xtext, with the escapes of Java)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shown(letter: str) -> str:
    if letter.isprintable() or letter == ZERO_WIDTH_JOINER:
        return letter
    return " " if letter.isspace() else ""
