"""Growing pauses between attempts, spread at random so that many clients do not return at once."""

import random

FIRST_S = 1.0
LONGEST_S = 60.0


class Backoff:
    """Pauses of 1, 2, 4 … 60 s, each shortened by up to half."""

    def __init__(self, rng: random.Random) -> None:
        """`rng` spreads the pauses."""
        self._rng = rng
        self._next_s = FIRST_S

    def pause_s(self) -> float:
        """Return the next pause."""
        pause = self._next_s
        self._next_s = min(2 * pause, LONGEST_S)
        return pause * self._rng.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Start over after a success."""
        self._next_s = FIRST_S
