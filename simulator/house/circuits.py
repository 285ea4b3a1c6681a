"""Circuits at work: what their appliances demand becomes currents in the wires."""

from collections.abc import Sequence
from random import Random
from typing import override

from simulator.house.appliances import Living
from simulator.house.charging.charger import LiveCharger
from simulator.house.moment import Moment
from simulator.sites.site import Circuit
from simulator.sites.topology import TERMINALS


class LiveCircuit:
    """A circuit at work: its demand (P + jQ) and the currents it draws from each terminal (A, phasors)."""

    def __init__(self, circuit: Circuit, life: Living) -> None:
        self.circuit = circuit
        self.closed = True
        self.called = False
        self.demand = 0j
        self.currents_a = [0j] * TERMINALS
        self.life = life
        next(self.life)

    def step(self, moment: Moment, voltages_v: Sequence[complex]) -> None:
        """Move on by one moment at `voltages_v`. Behind an open switch time passes, but nothing flows."""
        moment.powered, moment.called = self.closed, self.called
        self.called = False
        demand = self.life.send(moment)
        self.demand = demand if self.closed else 0j
        self.currents_a = currents = [0j] * TERMINALS
        branches = self.circuit.branches
        share = self.demand / len(branches)
        for inward, outward in branches:
            current = (share / (voltages_v[inward] - voltages_v[outward])).conjugate()
            currents[inward] += current
            currents[outward] -= current


class ChargingCircuit(LiveCircuit):
    """The circuit of a charger: a car need not use all of its branches, and draws the same current from each."""

    def __init__(self, circuit: Circuit, charger: LiveCharger) -> None:
        super().__init__(circuit, charger)
        self._charger = charger

    @override
    def step(self, moment: Moment, voltages_v: Sequence[complex]) -> None:
        branches = self.circuit.branches
        across = [voltages_v[inward] - voltages_v[outward] for inward, outward in branches]
        moment.branch_volts = [abs(volt) for volt in across]
        moment.powered, moment.called = self.closed, self.called
        self.called = False
        self.demand = self._charger.send(moment)
        self.currents_a = currents = [0j] * TERMINALS
        for (inward, outward), volt, demand in zip(branches, across, self._charger.demands_va, strict=True):
            current = (demand / volt).conjugate()
            currents[inward] += current
            currents[outward] -= current


def brought_to_life(circuit: Circuit, seed: int) -> LiveCircuit:
    """Return `circuit` at work, with chances of its own."""
    life = circuit.appliance.run(Random(f"{seed}/{circuit.name}"))
    return ChargingCircuit(circuit, life) if isinstance(life, LiveCharger) else LiveCircuit(circuit, life)
