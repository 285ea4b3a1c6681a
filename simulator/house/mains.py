"""The public grid up to the house: wandering voltages and frequency, and a cable that drops volts under load."""

from collections.abc import Sequence
from random import Random
from typing import Final

from simulator.house.wander import Wander
from simulator.sites.topology import TERMINALS, Topology

CABLE_OHM: Final = 0.09 + 0.03j


class Mains:
    """The supply. ``voltages_v`` are phasors of L1, L2, L3 and neutral; a line that is not there stays at 0."""

    def __init__(self, topology: Topology, rng: Random) -> None:
        self._emf_v = topology.emf_v
        self._swells = [Wander(rng, 0.006, 600.0) for _ in topology.emf_v]
        self._drift_hz = Wander(rng, 0.012, 45.0)
        self.voltages_v = [*topology.emf_v, *[0j] * (TERMINALS - len(topology.emf_v))]
        self.frequency_hz = 50.0

    def step(self, seconds: float, line_currents_a: Sequence[complex]) -> list[complex]:
        """Move on by `seconds` while the house draws `line_currents_a`, and return the voltages."""
        self.frequency_hz = 50.0 + self._drift_hz.step(seconds)
        for line, (emf, swell) in enumerate(zip(self._emf_v, self._swells, strict=True)):
            self.voltages_v[line] = emf * (1.0 + swell.step(seconds)) - CABLE_OHM * line_currents_a[line]
        return self.voltages_v
