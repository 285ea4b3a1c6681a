"""What one connection should hold at the broker, and what of it the broker does not have yet.

The newest value of a topic takes the place of one that waits: however slow or long away a broker is, there waits at
most one message for each topic.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import islice

type Publication = tuple[str, bytes]
"""A topic and its retained payload; an empty one takes the topic away (MQTT 3.1.1, 3.3.1.3)."""


class Outbox:
    """All retained topics of a connection. They are sent in the order in which they were first put in."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._held: dict[str, bytes] = {}
        self._waiting: dict[str, None] = {}
        self._last = ""

    def __len__(self) -> int:
        """Return how many topics wait."""
        return len(self._waiting)

    def __contains__(self, topic: str) -> bool:
        """Tell whether a topic is held."""
        return topic in self._held

    def text(self, topic: str) -> str:
        """Return what is held; empty when nothing is."""
        return self._held.get(topic, b"").decode()

    def put(self, topic: str, text: str) -> None:
        """Hold a value; an empty text cannot be retained, so it takes the topic away."""
        payload = text.encode()
        if self._held.get(topic, b"") == payload:
            return
        if payload:
            self._held[topic] = payload
        else:
            del self._held[topic]
        self._waiting[topic] = None

    def put_last(self, topic: str, text: str) -> None:
        """Hold a value that is sent, now and after every new connection, when everything else is there."""
        self._held[topic] = text.encode()
        self._waiting.pop(topic, None)
        self._waiting[topic] = None
        self._last = topic

    def repeat(self, topic: str) -> None:
        """Send what is held once more, for those who believe something else."""
        if topic in self._held:
            self._waiting[topic] = None

    def topics(self) -> AbstractSet[str]:
        """Return every topic that is held."""
        return self._held.keys()

    def keep_only(self, topics: AbstractSet[str]) -> None:
        """Take all other topics away."""
        for topic in self._held.keys() - topics:
            self.remove(topic)

    def remove(self, topic: str) -> None:
        """Take a topic away, whether or not it was held."""
        self._held.pop(topic, None)
        self._waiting[topic] = None

    def forget(self, topic: str) -> None:
        """Hold a topic no more, and leave it as it is at the broker: another connection has it now."""
        self._held.pop(topic, None)
        self._waiting.pop(topic, None)

    def renew(self) -> None:
        """Send everything again: there is a new connection, and nobody knows what the broker still has."""
        gone = (topic for topic in self._waiting if topic not in self._held)
        everything = dict.fromkeys((*gone, *self._held))  # first what others wait for to be gone
        if everything.pop(self._last, "") is None:
            everything[self._last] = None
        self._waiting = everything

    def take(self, most: int) -> list[Publication]:
        """Return what waits longest, as it is now; it waits no more."""
        topics = list(islice(self._waiting, most))
        for topic in topics:
            del self._waiting[topic]
        return [(topic, self._held.get(topic, b"")) for topic in topics]

    def give_back(self, topics: Iterable[str]) -> None:
        """Let topics that did not get through wait again, before all others."""
        self._waiting = dict.fromkeys(topics) | self._waiting
