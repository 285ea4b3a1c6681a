"""Topics nobody has described yet: their names go to the diagnostics, so that one owner can settle them for all."""

import re
from collections import Counter

from mqtt_schema.topics import ParsedTopic

MOST_NAMES = 50
LONGEST_NAME = 100
_IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d{5,}")
"""A uuid or a serial number: it tells whose house it is, and would make a new name of each device."""


class UnknownTopics:
    """Counts them; never looks at a payload."""

    def __init__(self) -> None:
        """Nothing has been seen."""
        self.count = 0
        self.names: Counter[str] = Counter()
        """By their name below the service location, identifiers left out; the first so many."""

    def note(self, topic: str, parsed: ParsedTopic | None) -> None:
        """Count a topic; one that is not below a service location has no name here."""
        self.count += 1
        if parsed is None:
            return
        name = _IDENTIFIER.sub("+", topic.split("/", 2)[2][: 2 * LONGEST_NAME])[:LONGEST_NAME]
        if name in self.names or len(self.names) < MOST_NAMES:
            self.names[name] += 1
