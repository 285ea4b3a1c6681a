"""An EV charger: control pilot, contactor, and the car that comes and goes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Final

from simulator.house.appliances import demand
from simulator.house.charging.car import Car, LiveCar
from simulator.house.charging.character import CHARACTERS, Character
from simulator.house.charging.commands import MINIMUM_A, Answer, Heartbeat, SetCurrent, SetEnabled, SetPhases
from simulator.house.charging.controls import Controls
from simulator.house.charging.journal import Journal
from simulator.house.moment import Moment

OPENS_BELOW_A: Final = 0.1
STANDBY_VA: Final = demand(4.0, 0.4)


class PilotState(Enum):
    """The states of IEC 61851-1 on the control pilot; the value is the letter."""

    NO_CAR = "A"
    CONNECTED = "B"
    """A car is there but does not charge: it does not want to, or may not."""
    CHARGING = "C"
    """The contactor is closed."""
    ERROR = "E"


@dataclass(frozen=True, slots=True)
class Status:
    """What a charger tells of itself; ``limit_a`` and ``enabled`` as it was told, which need not be what it does."""

    state: PilotState
    limit_a: float
    enabled: bool
    phases: int


@dataclass(frozen=True, slots=True)
class Visits:
    """When the car is at home, local hours. It comes up to ``spread_h`` late, by chance, and with some charge left."""

    arrives_h: float
    leaves_h: float
    spread_h: float = 0.0
    state_of_charge: tuple[float, float] = (0.2, 0.5)


@dataclass(frozen=True)
class Charger:
    """A charger on up to three branches of a circuit; their order is that of its own terminals L1, L2, L3.

    It begins as bought: enabled, at its maximum. ``switches_phases``: it can choose between one phase and all.
    """

    character: Character = CHARACTERS["exact"]
    max_a: float = 32.0
    phases: int = 3
    switches_phases: bool = False
    enabled: bool = True
    car: Car = field(default_factory=Car)
    visits: Visits | None = None

    def run(self, rng: Random) -> "LiveCharger":
        """Begin without a car."""
        return LiveCharger(self, rng)


class LiveCharger:
    """A charger at work. ``demands_va`` are those of its branches in the last step, ``car`` is the car at it.

    Its verbs answer at once; what they do is felt from the next step of the house on.
    """

    def __init__(self, charger: Charger, rng: Random) -> None:
        self.charger = charger
        self.car: LiveCar | None = None
        self.demands_va = [0j] * charger.phases
        self.delivered_j = 0.0
        """To all cars, since the house was built."""
        self.starts = 0
        """How often the contactor has closed."""
        self._rng = rng
        choice = (1, charger.phases) if charger.switches_phases else (charger.phases,)
        self._controls = Controls(
            charger.character, max_a=charger.max_a, phases=choice, enabled=charger.enabled, rng=rng
        )
        self._failed = False
        self._charging_s = 0.0
        self._was_home = False
        self._late_h = self._delay_h()

    def set_current(self, ampere: float) -> Answer:
        """Offer the car at most `ampere` per phase."""
        return self._controls.take(SetCurrent(ampere))

    def set_enabled(self, *, on: bool) -> Answer:
        """Allow charging, or pause it."""
        return self._controls.take(SetEnabled(on))

    def set_phases(self, phases: int) -> Answer:
        """Charge on one phase or on all; refused, and an offence, while the contactor is closed."""
        return self._controls.take(SetPhases(phases))

    def heartbeat(self) -> Answer:
        """Tell it that its controller is alive."""
        return self._controls.take(Heartbeat())

    def status(self) -> Status | None:
        """What it tells of itself; None while it does not answer."""
        if not self._controls.answers:
            return None
        setting = self._controls.register
        return Status(self.state, setting.limit_a, setting.enabled, setting.phases)

    @property
    def journal(self) -> Journal:
        """Everything that it was told."""
        return self._controls.journal

    @property
    def state(self) -> PilotState:
        """The true state, whether it answers or not."""
        if self._failed:
            return PilotState.ERROR
        if self.car is None:
            return PilotState.NO_CAR
        return PilotState.CHARGING if self._controls.contactor_closed else PilotState.CONNECTED

    @property
    def offered_a(self) -> float:
        """What the car is really offered, A per phase; 0 is a pause."""
        return self._controls.offered_a if self._controls.powered and not self._failed else 0.0

    @property
    def current_a(self) -> float:
        """What the car draws from each of its phases."""
        return self.car.current_a if self.car else 0.0

    @property
    def phases_in_use(self) -> int:
        """Phases that the car has now, whether it draws or not: the charger's first ones."""
        return min(self.car.car.phases, self._controls.in_force.phases) if self.car else 0

    def plug_in(self, car: Car | None = None, *, state_of_charge: float | None = None) -> LiveCar:
        """Let a car come, the usual one with its usual charge unless told otherwise; one that is there goes."""
        self.unplug()
        visits = self.charger.visits or Visits(0.0, 0.0)
        charge = self._rng.uniform(*visits.state_of_charge) if state_of_charge is None else state_of_charge
        self.car = LiveCar(car or self.charger.car, charge, self._rng)
        return self.car

    def unplug(self) -> None:
        """Let the car go: the contactor opens at once."""
        self.car = None
        self._controls.contactor_closed = False

    def vanish(self, seconds: float) -> None:
        """Answer nothing for `seconds`, and go on as it was."""
        self._controls.vanish(seconds)

    def fail(self) -> None:
        """Go into the state of error: the contactor opens."""
        self._failed = True

    def repair(self) -> None:
        """End the error."""
        self._failed = False

    def __next__(self) -> complex:
        """Begin idle."""
        return 0j

    def send(self, moment: Moment) -> complex:
        """Live through `moment`."""
        self._controls.powered = moment.powered
        self._come_and_go(moment)
        self._controls.step(moment.step_s)
        if self.car:
            self.car.draw(self.offered_a, moment.outdoor_c, moment.step_s)
            self._switch_contactor(self.car)
        self.demands_va = self._demands_va(moment.branch_volts)
        if self.car:
            self._count(self.car, moment.branch_volts, moment.step_s)
        return sum(self.demands_va)

    def _come_and_go(self, moment: Moment) -> None:
        if moment.called:
            self.plug_in()
        visits = self.charger.visits
        if visits is None:
            return
        arrives_h = visits.arrives_h + self._late_h
        at_home = (moment.hour - arrives_h) % 24.0 < (visits.leaves_h - arrives_h) % 24.0
        if at_home and not self._was_home and self.car is None:
            self.plug_in()
        elif self._was_home and not at_home:
            self.unplug()
            self._late_h = self._delay_h()
        self._was_home = at_home

    def _delay_h(self) -> float:
        return self._rng.uniform(0.0, self.charger.visits.spread_h) if self.charger.visits else 0.0

    def _switch_contactor(self, car: LiveCar) -> None:
        """Close it for a car that wants to charge and may; open it when the car has stopped, or by force."""
        if self.offered_a >= MINIMUM_A and car.wants:
            self.starts += not self._controls.contactor_closed
            self._controls.contactor_closed = True
        elif self._failed or not self._controls.powered or car.current_a < OPENS_BELOW_A:
            self._controls.contactor_closed = False
            car.current_a = 0.0

    def _demands_va(self, volts: Sequence[float]) -> list[complex]:
        demands = [0j] * len(volts)
        if self.car:
            for phase in range(self.phases_in_use):
                demands[phase] = self.car.unit_va * volts[phase] * self.car.current_a
        if self._controls.powered:
            demands[0] += STANDBY_VA
        return demands

    def _count(self, car: LiveCar, volts: Sequence[float], seconds: float) -> None:
        watts = car.unit_va.real * car.current_a * sum(volts[: self.phases_in_use])
        car.store(watts, seconds)
        self.delivered_j += watts * seconds
        if watts > 0:
            self._charging_s += seconds
        if self._charging_s >= self.charger.character.dies_after_s:
            self._controls.vanish(math.inf)
