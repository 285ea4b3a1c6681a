"""What has been arranged to happen, in simulated time."""

import heapq
from collections.abc import Callable

type Action = Callable[[], None]


class Agenda:
    """Actions with their times, ms UTC; those of one time happen in the order in which they were arranged."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Action]] = []
        self._arranged = 0

    def arrange(self, at_ms: float, action: Action) -> None:
        """Let `action` happen in the first step that begins at `at_ms` or later."""
        heapq.heappush(self._waiting, (at_ms, self._arranged, action))
        self._arranged += 1

    def act(self, now_ms: int) -> None:
        """Do what is due."""
        while self._waiting and self._waiting[0][0] <= now_ms:
            _, _, action = heapq.heappop(self._waiting)
            action()
