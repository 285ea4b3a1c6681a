"""Protects relays from chatter: an automation that cannot decide must not wear out their contacts."""

from collections import deque
from typing import Final

MOST_SWITCHINGS: Final = 6
WINDOW_S: Final = 60.0
"""Six switchings a minute are three times on and off, as a person does to find the right plug. A relay that lives for
100 000 switchings under load (a usual figure; that of these plugs is unknown) is worn out in a day by one a second."""


class ChatterLimit:
    """Counts the switchings of one relay. `now` is a steadily growing clock in seconds.

    Only switching on is ever refused: off is the safe side. So within a window the contacts move at most once more than
    `MOST_SWITCHINGS` says.
    """

    def __init__(self) -> None:
        """Nothing has been switched yet."""
        self._times = deque[float](maxlen=MOST_SWITCHINGS)

    def admit(self, now: float, *, on: bool, was_on: bool | None) -> float:
        """Return how long a command has to wait, in seconds; 0 = it may be sent now, and counts.

        A command that repeats the known state moves no contact: it always passes and never counts.
        """
        if on is was_on:
            return 0.0
        wait_s = self._wait_s(now) if on else 0.0
        if wait_s == 0.0:
            self._times.append(now)
        return wait_s

    def _wait_s(self, now: float) -> float:
        if len(self._times) < MOST_SWITCHINGS:
            return 0.0
        return max(0.0, self._times[0] + WINDOW_S - now)
