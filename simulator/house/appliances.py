"""What uses electricity in the house.

An appliance describes itself (frozen, reusable) and is brought to life by ``run``: a generator that is sent each
`Moment` and yields its **demand**, the complex power P + jQ in W and var, in the consumer's sense (an inverter's P is
negative; Q is positive when the current lags).
"""

import math
from collections.abc import Generator
from dataclasses import dataclass
from random import Random
from typing import Protocol

from simulator.house.moment import Moment, hours_until
from simulator.house.wander import Wander

type Life = Generator[complex, Moment]
type Spell[Value] = Generator[Value, Moment, Moment]


class Living(Protocol):
    """An appliance at work. Most are generators; one with a state that others may see is a class of its own."""

    def __next__(self) -> complex:
        """Begin."""
        ...

    def send(self, moment: Moment, /) -> complex:
        """Live through `moment` and tell the demand."""
        ...


class Appliance(Protocol):
    """Anything that draws (or delivers) power."""

    def run(self, rng: Random) -> Living:
        """Live for ever; `rng` is the appliance's own source of chance."""
        ...


def demand(watts: float, power_factor: float) -> complex:
    """Complex power of a load; a negative `power_factor` means leading (capacitive)."""
    reactive = watts * math.tan(math.acos(abs(power_factor)))
    return complex(watts, math.copysign(reactive, power_factor))


def hold[Value](value: Value, seconds: float) -> Spell[Value]:
    """Stay at `value` (a demand) for `seconds`, then return the moment at which that was over."""
    moment = yield value
    left = seconds - moment.step_s
    while left > 0:
        moment = yield value
        left -= moment.step_s
    return moment


def rest(value: complex, seconds: float) -> Spell[complex]:
    """Stay at `value` for `seconds` or until somebody starts the appliance; return the moment of that."""
    moment = yield value
    left = seconds - moment.step_s
    while left > 0 and not moment.called:
        moment = yield value
        left -= moment.step_s
    return moment


def wait(moment: Moment, standby: complex, seconds: float) -> Spell[complex]:
    """From `moment` on stay at `standby` for `seconds` or until somebody starts the appliance; return that moment."""
    left = seconds
    while left > 0 and not moment.called:
        moment = yield standby
        left -= moment.step_s
    return moment


@dataclass(frozen=True)
class Steady:
    """A constant load."""

    watts: float
    power_factor: float = 1.0

    def run(self, rng: Random) -> Life:
        """Draw the same for ever."""
        del rng
        while True:
            yield demand(self.watts, self.power_factor)


@dataclass(frozen=True)
class BaseLoad:
    """Everything that is always on: routers, standby, ventilation. Wanders by a fifth around its mean."""

    watts: float
    power_factor: float = 0.85

    def run(self, rng: Random) -> Life:
        """Wander around the mean, never below half of it."""
        unit = demand(1.0, self.power_factor)
        wander = Wander(rng, 0.2 * self.watts, 900.0)
        moment = yield unit * self.watts
        while True:
            moment = yield unit * max(0.5 * self.watts, self.watts + wander.step(moment.step_s))


@dataclass(frozen=True)
class Thermostat:
    """A motor or element that goes on and off by itself: fridge, freezer, pump of a well."""

    watts: float
    power_factor: float
    on_min: float
    off_min: float
    standby_w: float = 1.0

    def run(self, rng: Random) -> Life:
        """Alternate for ever, each spell a fifth longer or shorter than usual."""
        running, standby = demand(self.watts, self.power_factor), demand(self.standby_w, 0.5)
        yield from hold(standby, rng.uniform(0.0, 60.0 * self.off_min))
        while True:
            yield from hold(running, 60.0 * self.on_min * rng.uniform(0.8, 1.2))
            yield from hold(standby, 60.0 * self.off_min * rng.uniform(0.8, 1.2))


@dataclass(frozen=True)
class Step:
    """One part of a programme."""

    minutes: float
    watts: float
    power_factor: float = 1.0


@dataclass(frozen=True)
class Programme:
    """An appliance that is started by people, at usual hours or when called, and runs through its steps."""

    steps: tuple[Step, ...]
    starts_at_h: tuple[float, ...]
    chance: float = 1.0
    standby_w: float = 1.0

    def run(self, rng: Random) -> Life:
        """Wait for the next usual hour (and up to half an hour more), perhaps run, begin again."""
        standby = demand(self.standby_w, 0.5)
        moment = yield standby
        while True:
            wait_h = min(hours_until(start, moment.hour) for start in self.starts_at_h) + rng.uniform(0.0, 0.5)
            moment = yield from wait(moment, standby, 3600.0 * wait_h)
            if moment.called or rng.random() < self.chance:
                for step in self.steps:
                    moment = yield from hold(demand(step.watts, step.power_factor), 60.0 * step.minutes)


@dataclass(frozen=True)
class Timer:
    """A load on a clock: on from one local hour to another, every day."""

    watts: float
    power_factor: float
    from_h: float
    to_h: float

    def run(self, rng: Random) -> Life:
        """Follow the clock; the load wanders by two percent."""
        running, standby = demand(self.watts, self.power_factor), demand(2.0, 0.5)
        wander = Wander(rng, 0.02, 60.0)
        moment = yield standby
        while True:
            on = (moment.hour - self.from_h) % 24.0 < (self.to_h - self.from_h) % 24.0
            factor = 1.0 + wander.step(moment.step_s)
            moment = yield running * factor if on else standby


@dataclass(frozen=True)
class Lighting:
    """LED lighting: a little in the morning, more in the evening, and by daylight almost none."""

    watts: float
    wake_h: float = 6.5
    sleep_h: float = 23.2

    def run(self, rng: Random) -> Life:
        """Switch a random number of lamps every ten minutes or so."""
        moment = yield 0j
        while True:
            awake = self.wake_h <= moment.hour <= self.sleep_h
            darkness = min(1.0, max(0.1, 0.6 - 4.0 * moment.sun_height))
            share = darkness * rng.uniform(0.2, 1.0) if awake else rng.choice((0.0, 0.0, 0.05))
            moment = yield from hold(demand(self.watts * share, -0.92), rng.uniform(120.0, 900.0))


@dataclass(frozen=True)
class HeatPump:
    """An inverter heat pump: heats the house below 16 °C outdoors, and hot water twice a day.

    Started by hand while it rests, it runs at its rated power.
    """

    watts: float
    power_factor: float = 0.94
    hot_water_h: tuple[float, ...] = (5.0, 14.0)

    def run(self, rng: Random) -> Life:
        """Modulate between a quarter and all of the rated power, in runs of twenty minutes or more."""
        standby = demand(18.0, 0.4)
        moment = yield from rest(standby, rng.uniform(60.0, 1200.0))
        while True:
            need = 1.0 if moment.called else self._need(moment)
            if moment.called or rng.random() < need / 0.25:
                power = self.watts * max(0.25, need) * rng.uniform(0.93, 1.07)
                moment = yield from hold(demand(power, self.power_factor), rng.uniform(1200.0, 2400.0))
            else:
                moment = yield from rest(standby, rng.uniform(600.0, 1200.0))

    def _need(self, moment: Moment) -> float:
        hot_water = any(start <= moment.hour < start + 1.0 for start in self.hot_water_h)
        return min(1.0, max(0.8 if hot_water else 0.0, (16.0 - moment.outdoor_c) / 24.0))


@dataclass(frozen=True)
class EvCharger:
    """An AC charger: the car comes home in the evening (or when called) and draws the limit until its need is met."""

    phases: int
    max_a: float = 16.0
    arrives_at_h: float = 17.5
    least_a: float = 6.0
    """IEC 61851: a charger cannot offer less; below it charging pauses."""

    def run(self, rng: Random) -> Life:
        """Wait for the car, charge 8 to 30 kWh at the limit, wait for the next day."""
        standby = demand(4.0, 0.4)
        moment = yield standby
        while True:
            wait_h = hours_until(self.arrives_at_h, moment.hour) + rng.uniform(0.0, 1.0)
            moment = yield from wait(moment, standby, 3600.0 * wait_h)
            moment = yield from self._charge(moment, 3.6e6 * rng.uniform(8.0, 30.0))

    def _charge(self, moment: Moment, need_j: float) -> Spell[complex]:
        while need_j > 0:
            current = min(self.max_a, moment.charge_limit_a)
            active = current >= self.least_a
            power = demand(self.phases * moment.voltage_v * current, 0.99) if active else demand(4.0, 0.4)
            moment = yield power
            need_j -= power.real * moment.step_s
        return moment
