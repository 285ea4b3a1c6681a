"""The face for Home Assistant's discovery: announcements of what the plain topics show, on the gateway's connection."""

from openhab_bridge.connection import Connection
from openhab_bridge.model import Installation
from openhab_bridge.settings import Settings
from openhab_bridge.writers.discovery import documents


class DiscoveryFace:
    """Shows no values, so it is no face like the others: entities read the plain topics."""

    def __init__(self, settings: Settings, connection: Connection) -> None:
        """Nothing is announced yet, and nothing will be before `clean` is told."""
        self._settings = settings
        self._connection = connection
        self._documents: dict[str, str] = {}
        self._is_clean = False

    def install(self, installation: Installation) -> None:
        """Announce everything there is. What is gone goes first: Home Assistant takes no entity that it still has."""
        before, self._documents = self._documents, documents(installation, self._settings)
        for topic in before.keys() - self._documents.keys():
            self._connection.outbox.remove(topic)
        if self._is_clean:
            self._announce()

    def clean(self) -> None:
        """Announce from now on: what an earlier run has left, perhaps in the other form, goes before."""
        if not self._is_clean:
            self._is_clean = True
            self._announce()

    def topics(self) -> set[str]:
        """Return every topic that is, or will be, held."""
        return set(self._documents)

    def announce_again(self) -> None:
        """Announce everything once more: Home Assistant has just started."""
        for topic in self._documents:
            self._connection.outbox.repeat(topic)
        self._connection.wake()

    def _announce(self) -> None:
        for topic, text in self._documents.items():
            self._connection.outbox.put(topic, text)
        self._connection.wake()
