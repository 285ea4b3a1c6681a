"""Time between measurements, by the gateway's clock where it can be trusted."""

from smappee_gateway.session_memory import SessionMemory

LATE_S = 10.0
"""A measurement that is older than the last one by no more than this has been overtaken or is repeated."""


class SteadyClock:
    """Tells the time since the previous measurement, also over a restart of the host."""

    def __init__(self, memory: SessionMemory) -> None:
        """Continue from memory."""
        self._memory = memory
        self._last_now: float | None = None

    def elapsed_s(self, measured_at: float | None, now: float) -> float | None:
        """Seconds since the previous measurement; None when this one is not new (frozen, repeated, out of order).

        A gateway clock that was turned back further is not trusted for this step.
        """
        last_measured_at, last_now = self._memory.measured_at, self._last_now
        if measured_at is not None and last_measured_at is not None and 0 <= last_measured_at - measured_at <= LATE_S:
            return None
        self._memory.measured_at, self._last_now = measured_at, now
        if measured_at is not None and last_measured_at is not None and measured_at > last_measured_at:
            return measured_at - last_measured_at
        return 0.0 if last_now is None else max(now - last_now, 0.0)
