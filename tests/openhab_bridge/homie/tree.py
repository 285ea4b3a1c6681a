"""Retained topics as the tree that they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Branch:
    """A topic, and all topics that begin with it."""

    topic: str
    payload: str | None = None
    """None where nothing is retained on this very topic."""
    below: dict[str, Self] = field(default_factory=dict)

    @property
    def attributes(self) -> dict[str, Self]:
        return {name: branch for name, branch in self.below.items() if name.startswith("$")}

    @property
    def children(self) -> dict[str, Self]:
        return {name: branch for name, branch in self.below.items() if not name.startswith("$")}

    @property
    def size(self) -> int:
        """How many topics are retained here and below."""
        return (self.payload is not None) + sum(branch.size for branch in self.below.values())

    def attribute(self, name: str) -> str | None:
        return self.below[name].payload if name in self.below else None

    def grow(self, levels: list[str], payload: str) -> None:
        branch = self
        for level in levels:
            branch = branch.below.setdefault(level, type(self)(f"{branch.topic}/{level}"))
        branch.payload = payload


def grown(retained: Mapping[str, str], prefix: str) -> Branch:
    """Return everything below `prefix/` as a tree."""
    root = Branch(prefix)
    for topic, payload in retained.items():
        root.grow(topic.removeprefix(f"{prefix}/").split("/"), payload)
    return root
