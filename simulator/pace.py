"""Keeps simulated time in step with real time."""

import asyncio


class Pace:
    """Lets simulated time run `speed` times as fast as the event loop's clock, beginning at `start_ms`."""

    def __init__(self, start_ms: int, speed: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._real_start_s = self._loop.time()
        self._start_ms = start_ms
        self._speed = speed

    def now_ms(self) -> float:
        """Simulated time, ms UTC."""
        return self._start_ms + 1000.0 * self._speed * (self._loop.time() - self._real_start_s)

    async def until(self, at_ms: int) -> None:
        """Sleep until the simulated time `at_ms`; when it is over already, let others work."""
        await asyncio.sleep(max(0.0, (at_ms - self.now_ms()) / 1000.0 / self._speed))
