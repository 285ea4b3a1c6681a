"""Loads and wiring that many of the sites share."""

from typing import Final

from simulator.house.appliances import Appliance, BaseLoad, Programme, Step, Thermostat, Timer
from simulator.house.charging.charger import Visits
from simulator.house.solar import SolarInverter
from simulator.sites.site import Circuit
from simulator.sites.topology import L1, L2, L3, NEUTRAL, Pair

L1N: Final = ((L1, NEUTRAL),)
L2N: Final = ((L2, NEUTRAL),)
L3N: Final = ((L3, NEUTRAL),)
STAR: Final = (*L1N, *L2N, *L3N)
L12: Final = ((L1, L2),)
L13: Final = ((L1, L3),)
L23: Final = ((L2, L3),)
DELTA: Final = (*L12, *L23, (L3, L1))

FRIDGE: Final = Thermostat(watts=95.0, power_factor=0.72, on_min=14.0, off_min=28.0)
FREEZER: Final = Thermostat(watts=110.0, power_factor=0.70, on_min=18.0, off_min=35.0)
OVEN: Final = Programme(
    steps=(Step(9.0, 2900.0), *(Step(2.0, 40.0, 0.8), Step(1.2, 2900.0)) * 10),
    starts_at_h=(11.7, 18.2),
    chance=0.7,
)
HOB: Final = Programme(
    steps=(Step(4.0, 2800.0, 0.97), Step(18.0, 1100.0, 0.95)), starts_at_h=(12.0, 18.3), chance=0.9, standby_w=2.0
)
COFFEE_MACHINE: Final = Programme(
    steps=(Step(2.5, 1400.0), Step(20.0, 60.0)), starts_at_h=(6.8, 9.8, 13.0, 15.8), chance=0.9
)
WASHING_MACHINE: Final = Programme(
    steps=(Step(14.0, 2050.0), Step(35.0, 150.0, 0.55), Step(6.0, 90.0, 0.5), Step(9.0, 420.0, 0.6)),
    starts_at_h=(9.2, 20.0),
    chance=0.6,
)
DRYER: Final = Programme(steps=(Step(55.0, 720.0, 0.88), Step(8.0, 180.0, 0.6)), starts_at_h=(11.0, 21.7), chance=0.5)
DISHWASHER: Final = Programme(
    steps=(Step(4.0, 60.0, 0.6), Step(16.0, 1950.0), Step(40.0, 70.0, 0.6), Step(12.0, 1950.0), Step(20.0, 8.0, 0.5)),
    starts_at_h=(13.3, 20.7),
    chance=0.8,
)
POOL_PUMP: Final = Timer(watts=760.0, power_factor=0.79, from_h=9.5, to_h=17.0)
BOILER: Final = Timer(watts=2400.0, power_factor=1.0, from_h=1.5, to_h=4.2)
OVERNIGHT: Final = Visits(arrives_h=17.0, leaves_h=7.5, spread_h=1.0)
"""When the car is at home."""


def used(name: str, appliance: Appliance, branches: tuple[Pair, ...]) -> Circuit:
    """A circuit that people use with their own hands."""
    return Circuit(name, appliance, branches, attended=True)


def inverter(name: str, peak_w: float, branches: tuple[Pair, ...]) -> Circuit:
    """An inverter on the roof."""
    return Circuit(name, SolarInverter(peak_w), branches, produces=True)


def base_loads(watts: float) -> tuple[Circuit, ...]:
    """What is always on, unmeasured by any CT of its own, on each phase of a star."""
    return tuple(
        Circuit(f"Base load {line}", BaseLoad(watts), wires) for line, wires in (("L1", L1N), ("L2", L2N), ("L3", L3N))
    )
