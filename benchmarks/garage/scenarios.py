"""Evenings and noons at which a car and a house want more than the fuse bears."""

from collections.abc import Mapping
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from energy_control.balancing.settings import Charger, Circuit, Settings
from mqtt_schema.quantities import Phase
from simulator import SITES, House
from simulator.house.charging import CHARACTERS, Car
from simulator.loop import ClosedLoop
from simulator.sites.garages import MAIN, with_character

L1, L2, L3 = Phase
WINTER_EVENING: Final = datetime(2026, 1, 15, 16, tzinfo=UTC)
SUMMER_NOON: Final = datetime(2026, 6, 21, 10, tzinfo=UTC)
SMALL_CAR: Final = Car(phases=1, max_a=32.0, battery_kwh=80.0)
USUAL_CAR: Final = Car(battery_kwh=80.0)

GARAGE: Final = Charger(
    id="EV charger", circuit=MAIN, lines=(L2, L3, L1), metered=True, max_a=32.0, step_a=0.1, can_switch_phases=False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A house, its cars, and what our balancing is told of them."""

    title: str
    site: str = "garage"
    character: str = "exact"
    start: datetime = WINTER_EVENING
    cars: Mapping[str, Car] = field(default_factory=lambda: {"EV charger": USUAL_CAR})
    """By charger."""
    settings: Settings
    prompt: bool = True
    """Its charger is measured and follows at once: then 95 % of the perfect is aimed at."""

    def loop(self, seed: int) -> ClosedLoop:
        """Build the house, and let the cars come."""
        site = with_character(SITES[self.site], CHARACTERS[self.character])
        loop = ClosedLoop(House(site, seed=seed, start=self.start))
        for name, car in self.cars.items():
            loop.chargers[name].plug_in(car, state_of_charge=0.1)
        return loop


MAIN_25_A: Final = Circuit(id=MAIN, rating_a=25.0, lines=(L1, L2, L3))


def _garage(charger: Charger = GARAGE) -> Settings:
    return Settings(circuits=(MAIN_25_A,), chargers=(charger,))


TWO_CARS: Final = Settings(
    circuits=(
        Circuit(id=MAIN, rating_a=40.0, lines=(L1, L2, L3)),
        Circuit(id="Garage", parent=MAIN, rating_a=32.0),
    ),
    chargers=(
        replace(GARAGE, id="Left charger", circuit="Garage", lines=(L1, L2, L3)),
        replace(GARAGE, id="Right charger", circuit="Garage", lines=(L3, L1, L2)),
    ),
)

SCENARIOS: Final = (
    Scenario(title="a car at 25 A", settings=_garage()),
    Scenario(title="a one-phase car", settings=_garage(), cars={"EV charger": SMALL_CAR}),
    Scenario(
        title="two cars at 40 A",
        site="two-cars",
        settings=TWO_CARS,
        cars=dict.fromkeys(("Left charger", "Right charger"), USUAL_CAR),
    ),
    Scenario(title="a sunny noon", settings=_garage(), start=SUMMER_NOON),
    Scenario(title="a charger in whole ampere", character="coarse", settings=_garage(replace(GARAGE, step_a=1.0))),
    Scenario(title="a charger that is 8 s late", character="late", settings=_garage(replace(GARAGE, response_s=16.0))),
    Scenario(
        title="a charger in a cloud",
        character="cloud",
        prompt=False,
        settings=_garage(replace(GARAGE, step_a=1.0, write_interval_s=900.0, response_s=16.0)),
    ),
    Scenario(title="a charger nobody measures", prompt=False, settings=_garage(replace(GARAGE, metered=False))),
)
