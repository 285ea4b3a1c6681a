"""Whether a broker keeps what is published there.

It takes what is forbidden without a word (MQTT 3.1.1, 3.3.5), so a connection listens to the state that it publishes
itself. What somebody else has written in its place, such as the late last will of a connection before, is written over.
"""

MOST_MISSES = 2
"""Looks in a row; the state is published once more before each but the first."""


class Echo:
    """Compares the state that should be at the broker with the one that is heard of it."""

    def __init__(self) -> None:
        """Nothing has been heard."""
        self.misses = 0
        """Looks in a row at which another state was heard than was published, or none."""
        self._heard = ""
        self._published = ""

    @property
    def is_missing(self) -> bool:
        """Whether nothing that is published arrives."""
        return self.misses >= MOST_MISSES

    def hear(self, payload: bytes) -> None:
        """Take a state that the broker tells."""
        self._heard = payload.decode(errors="replace")

    def look(self, published: str) -> None:
        """Compare with what the broker has been sent; what it was not sent at the last look, either, is too young."""
        is_old, self._published = published == self._published, published
        self.misses = self.misses + 1 if is_old and published != self._heard else 0
