"""Notices a second bridge that publishes the same gateway: values would flicker between two totals."""

import json
import logging
import secrets

_LOGGER = logging.getLogger(__name__)


class Rivals:
    """Introduces this bridge on a topic, and reads who else does. Nobody is hindered: people say which one is to go."""

    def __init__(self, serial: str, started_at: float) -> None:
        """`started_at`: seconds since the epoch."""
        self._serial = serial
        self._id = secrets.token_hex(8)
        self._started_at = started_at
        self._told: set[str] = set()

    def introduction(self) -> str:
        """Return what is retained on the topic."""
        return json.dumps({"id": self._id, "started_at": round(self._started_at, 3)})

    def hear(self, payload: bytes) -> bool:
        """Take what somebody says on the topic now; tells whether to answer: the elder one does, so it ends there."""
        try:
            said = json.loads(payload)
            other, started_at = str(said["id"]), float(said["started_at"])
        except (ValueError, TypeError, LookupError, RecursionError):
            return False
        if other == self._id:
            return False
        if other not in self._told:
            self._told.add(other)
            _LOGGER.warning("Another bridge publishes gateway %s here, too; stop one of the two", self._serial)
        return started_at >= self._started_at
