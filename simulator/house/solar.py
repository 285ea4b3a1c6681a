"""The inverter on the roof: a sun curve and passing clouds."""

import math
from dataclasses import dataclass
from random import Random

from simulator.house.appliances import Life
from simulator.house.wander import Wander


@dataclass(frozen=True)
class SolarInverter:
    """A grid-following inverter of ``peak_w`` watts; ``cloudiness`` 0 is a clear day, 1 a changeable one."""

    peak_w: float
    cloudiness: float = 1.0
    night_w: float = 3.0
    filter_var: float = 25.0
    """The output filter is a capacitor: it leads, day and night."""

    def run(self, rng: Random) -> Life:
        """Deliver what sun and clouds allow; at night draw a little."""
        weather, passing = Wander(rng, 1.0, 3 * 3600.0), Wander(rng, 1.0, 90.0)
        moment = yield complex(self.night_w, -self.filter_var)
        while True:
            cover = 1.3 * weather.step(moment.step_s) + 0.7 * passing.step(moment.step_s) - 0.4
            by_chance = 0.85 * self.cloudiness / (1.0 + math.exp(-2.0 * cover))
            clear = 1.0 - (by_chance if moment.cloud is None else 0.85 * moment.cloud)
            sunny = self.peak_w * 0.95 * max(0.0, moment.sun_height) ** 1.15 * clear
            moment = yield complex(self.night_w - sunny, -self.filter_var)
