"""What an appliance can feel at one instant: time of day, weather, supply."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Moment:
    """One step of simulated time, ``step_s`` seconds long. Hour and weekday (0 is Monday) are local."""

    step_s: float
    hour: float
    weekday: int
    outdoor_c: float
    sun_height: float
    """Sine of the sun's elevation; below 0 at night."""
    voltage_v: float
    """Mean of the supply's reported voltages."""
    charge_limit_a: float
    """What the EV charger was told, A per phase."""
    cloud: float | None = None
    """How much of the sky is covered, 0 to 1, when somebody has decided it; None: as chance has it."""
    grid_power_w: float = 0.0
    """The grid's power in the last step, as a storage inverter's own meter tells it; above 0 is import."""
    running: frozenset[str] = frozenset()
    """Circuits that drew more than their standby in the last step."""
    hot_water_l: float = 0.0
    """What is drawn from the water heater in this step, litres."""
    powered: bool = True
    """Whether the circuit that is told this moment is connected."""
    called: bool = False
    """Whether somebody starts the appliance that is told this moment, by hand or by driving home."""
    branch_volts: Sequence[float] = ()
    """The voltages at the branches of the charger that is told this moment."""


def outdoor_c(day_of_year: int, hour: float) -> float:
    """Outdoor temperature in °C of an average Belgian day: coldest mid-January and at five in the morning."""
    season = -8.0 * math.cos(math.tau * (day_of_year - 15) / 365.0)
    return 10.5 + season - 3.5 * math.cos(math.tau * (hour - 5.0) / 24.0)


def sun_height(day_of_year: int, utc_hour: float, latitude_deg: float, longitude_deg: float) -> float:
    """Sine of the sun's elevation, without the equation of time (a quarter of an hour at most)."""
    declination = math.radians(23.44) * math.sin(math.tau * (284 + day_of_year) / 365.0)
    latitude = math.radians(latitude_deg)
    hour_angle = math.tau * (utc_hour + longitude_deg / 15.0 - 12.0) / 24.0
    noon_part = math.cos(latitude) * math.cos(declination) * math.cos(hour_angle)
    return math.sin(latitude) * math.sin(declination) + noon_part


def hours_until(hour: float, now_hour: float) -> float:
    """Hours from `now_hour` to the next time the clock shows `hour`: above 0, at most 24."""
    return (hour - now_hour) % 24.0 or 24.0
