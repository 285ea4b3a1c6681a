"""What stands in a file: texts, lists and tables, each with its place and line. What they mean is for others."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

type Place = tuple[str | int, ...]
"""Keys and positions, from 0, that lead to a value."""
type Value = Written | list[Value] | dict[str, Value]


class Reading(Enum):
    """As what YAML takes a text."""

    TEXT = auto()
    SWITCH = auto()
    """true, false, yes, no, on or off without quotes."""
    NOTHING = auto()
    """Nothing at all, ~ or null without quotes."""


@dataclass(frozen=True, slots=True)
class Written:
    """One text, letter by letter: YAML would take 0123 as 83 and 18:83 as 1163."""

    text: str
    reading: Reading = Reading.TEXT
    source: str = ""
    """`!env NAME` or `!file PATH` where it comes from; then it is never shown."""


class Problem(NamedTuple):
    """What is wrong in one place."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole file."""

    content: Value
    lines: Mapping[Place, int]
    problems: tuple[Problem, ...]
    """What is wrong with it before anybody asks what it means."""

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest thing around it that is there."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]
