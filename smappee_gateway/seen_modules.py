"""Modules that speak where nobody has declared them to: they are only noted, so that a host can offer them to the user.

A declared module is among them when it speaks on the topic of another preset: then its declaration is probably wrong.
"""

from collections import Counter
from typing import NamedTuple

from mqtt_schema.topics import Kind, ParsedTopic

MOST_MODULES = 20
PRESETS = {
    Kind.OUTPUT_MODULE_STATE: "outputmodule",
    Kind.PLUG_STATE: "plug",
    Kind.INPUT_MODULE_STATE: "inputmodule",
}
"""The preset whose topic it is. Input modules that the gateway lists among its sensors need no such notice."""


class SeenModule(NamedTuple):
    """A module that spoke on the topic of a preset. Its id may be a serial number: it tells whose house it is."""

    location: str
    preset: str
    module: str
    understood: bool
    """The message could be read with the preset."""


class SeenModules:
    """Counts the messages of undeclared modules; remembers the first so many modules."""

    def __init__(self) -> None:
        """Nothing has been seen."""
        self.messages: Counter[SeenModule] = Counter()

    def note(self, topic: ParsedTopic, kind: Kind, *, understood: bool) -> None:
        """Count a message."""
        seen = SeenModule(topic.location, PRESETS[kind], topic.node, understood)
        if seen in self.messages or len(self.messages) < MOST_MODULES:
            self.messages[seen] += 1
