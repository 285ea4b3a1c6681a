"""Is the feed alive? Judged by new measurements, never by the connection: a connected gateway can be frozen."""

from enum import Enum


class Feed(Enum):
    """State of the stream of measurements."""

    WAITING = "waiting"
    """Nothing has been measured since the start."""
    FRESH = "fresh"
    STALE = "stale"


class Freshness:
    """Watches the age of the last new measurement. `now` is any steadily growing clock in seconds."""

    def __init__(self, stale_after_s: float) -> None:
        """`stale_after_s`: silence longer than this makes the feed stale."""
        self._stale_after_s = stale_after_s
        self._last: float | None = None
        self.feed = Feed.WAITING

    def measured(self, now: float) -> bool:
        """Note a new measurement; tells whether the feed has just become fresh."""
        self._last = now
        became_fresh = self.feed is not Feed.FRESH
        self.feed = Feed.FRESH
        return became_fresh

    def tick(self, now: float) -> bool:
        """Let time pass; tells whether the feed has just become stale."""
        if self.feed is not Feed.FRESH or self._last is None or now - self._last <= self._stale_after_s:
            return False
        self.feed = Feed.STALE
        return True

    def age_s(self, now: float) -> float | None:
        """Seconds since the last new measurement; None when there was none."""
        return None if self._last is None else now - self._last
