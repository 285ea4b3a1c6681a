"""Random wandering around zero: voltages, frequency, clouds, base load."""

import math
from random import Random


class Wander:
    """An Ornstein-Uhlenbeck process: mean 0, standard deviation ``sigma``, forgetting its past in ``memory_s`` seconds.

    Its statistics do not depend on the step length.
    """

    def __init__(self, rng: Random, sigma: float, memory_s: float) -> None:
        self._rng = rng
        self._sigma = sigma
        self._memory_s = memory_s
        self._step_s = 0.0
        self._keep = 1.0
        self._kick = 0.0
        self.value = rng.gauss(0.0, sigma)

    def step(self, seconds: float) -> float:
        """Move on by `seconds` and return the new value."""
        if seconds != self._step_s:
            self._step_s = seconds
            self._keep = math.exp(-seconds / self._memory_s)
            self._kick = self._sigma * math.sqrt(1.0 - self._keep**2)
        self.value = self._keep * self.value + self._kick * self._rng.gauss()
        return self.value
