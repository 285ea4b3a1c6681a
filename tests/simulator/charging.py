"""A house with a charger and little else."""

from dataclasses import replace

from simulator import SITES, House
from simulator.house.appliances import Steady
from simulator.house.charging import CHARACTERS, Car, Charger, LiveCharger
from simulator.sites.site import Circuit
from simulator.sites.topology import Pair
from simulator.sites.usual_loads import STAR
from tests.simulator.living import MIDSUMMER_NOON

PROMPT = Car(reaction_s=0.0, ramp_up_a_per_s=100.0, ramp_down_a_per_s=100.0, start_s=0.0, modesty_a=0.0, max_a=32.0)
"""It takes what it is offered, at once."""


def house_with(charger: Charger, *others: Circuit, branches: tuple[Pair, ...] = STAR, seed: int = 1) -> House:
    circuits = (Circuit("EV charger", charger, branches), *others)
    site = replace(SITES["garage"], circuits=circuits, transformers=(), breakers=())
    return House(site, seed=seed, start=MIDSUMMER_NOON)


def heater(watts: float, branches: tuple[Pair, ...]) -> Circuit:
    return Circuit("Heater", Steady(watts), branches)


class Bench:
    """A charger of a character with a car that takes what it is offered."""

    def __init__(self, character: str, car: Car = PROMPT, *, switches_phases: bool = False, seed: int = 1) -> None:
        charger = Charger(CHARACTERS[character], switches_phases=switches_phases, car=car)
        self.house = house_with(charger, seed=seed)
        self.charger: LiveCharger = self.house.chargers["EV charger"]
        self.charger.plug_in(state_of_charge=0.2)

    def draws(self, seconds: int) -> list[float]:
        """What the car draws in each of the next seconds, A per phase."""
        drawn = []
        for _ in range(seconds):
            self.house.step()
            drawn.append(round(self.charger.current_a, 6))
        return drawn

    def after(self, seconds: int) -> float:
        """What it draws `seconds` from now."""
        return self.draws(seconds)[-1]
