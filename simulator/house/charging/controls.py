"""The part of a charger that takes commands: what it accepts, what it tells of itself, and what it really offers."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from simulator.house.charging.character import BelowMinimum, Character, Rounding
from simulator.house.charging.commands import (
    MINIMUM_A,
    Accepted,
    Answer,
    Command,
    Heartbeat,
    NoAnswer,
    Refusal,
    Refused,
    SetCurrent,
    SetEnabled,
    SetPhases,
)
from simulator.house.charging.journal import Entry, Journal, Offence, Violation

_EPSILON: Final = 1e-6
"""Of a step: 7.3 A is 73 steps of 0.1 A, whatever binary fractions say."""
_WHOLE: Final[dict[Rounding, Callable[[float], int]]] = {
    Rounding.DOWN: lambda steps: math.floor(steps + _EPSILON),
    Rounding.NEAREST: lambda steps: math.floor(steps + 0.5),
    Rounding.UP: lambda steps: math.ceil(steps - _EPSILON),
}
_VIOLATION_OF: Final = {
    Refusal.OUT_OF_RANGE: Violation.OUT_OF_RANGE,
    Refusal.TOO_SOON: Violation.TOO_SOON,
    Refusal.CONTACTOR_CLOSED: Violation.SWITCHED_UNDER_LOAD,
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What a charger is set to; ``limit_a`` is per phase."""

    limit_a: float
    enabled: bool
    phases: int


class Controls:
    """The controls of a charger with a `character`, of `max_a` per phase; `phases` are the numbers it can choose from.

    ``register`` is what it says it is set to, ``in_force`` what holds, ``offered_a`` what is offered, 0 is a pause.
    """

    def __init__(
        self, character: Character, *, max_a: float, phases: tuple[int, ...], enabled: bool, rng: Random
    ) -> None:
        self.journal = Journal()
        self.contactor_closed = False
        self.powered = True
        self.now_s = 0.0
        self.register = self.in_force = Setting(max_a, enabled, phases[-1])
        self._character = character
        self._max_a = max_a
        self._phases = phases
        self._rng = rng
        self._pending: list[tuple[float, Command]] = []
        self._written_s: dict[type[Command], float] = {}
        self._heard_s = 0.0
        self._away_until_s = 0.0
        self._vanishes_s = self._next_absence()
        self.offered_a = self._wanted_a()

    @property
    def answers(self) -> bool:
        """Whether anybody can reach it now."""
        return self.powered and self.now_s >= self._away_until_s

    def take(self, command: Command) -> Answer:
        """Take a command, and write it down."""
        answer = self._answer(command)
        self.journal.entries.append(Entry(self.now_s, command, answer))
        if isinstance(answer, Accepted):
            self._accept(command)
        return answer

    def vanish(self, seconds: float) -> None:
        """Do not answer for `seconds`."""
        self._away_until_s = max(self._away_until_s, self.now_s + seconds)

    def step(self, seconds: float) -> None:
        """Bring into force what is due, then offer it for `seconds`."""
        if self._pending:
            self._bring_due_into_force()
        wanted_a = self._wanted_a()
        rise_a = self._character.raises_a_per_s * seconds
        self.offered_a = min(wanted_a, max(self.offered_a + rise_a, MINIMUM_A))
        self.now_s += seconds
        if self.now_s >= self._vanishes_s:
            self.vanish(self._character.away_s)
            self._vanishes_s = self._next_absence()

    def _next_absence(self) -> float:
        every_s = self._character.vanishes_every_s
        return self.now_s + self._rng.expovariate(1.0 / every_s) if every_s < math.inf else math.inf

    def _wanted_a(self) -> float:
        setting = self.in_force
        if not setting.enabled or setting.limit_a < MINIMUM_A:
            return 0.0
        orphaned = self.now_s - self._heard_s >= self._character.heartbeat_s
        return self._character.fallback_a if orphaned else setting.limit_a

    def _answer(self, command: Command) -> Answer:
        if not self.answers:
            return NoAnswer()
        refusal = self._refusal(command)
        if refusal in _VIOLATION_OF:
            self._offend(_VIOLATION_OF[refusal], command)
        elif isinstance(command, SetCurrent) and not self._in_range(command.ampere):
            self._offend(Violation.OUT_OF_RANGE, command)
        return Refused(refusal) if refusal else Accepted()

    def _refusal(self, command: Command) -> Refusal | None:
        refusal = None
        match command:
            case SetCurrent(ampere):
                below = ampere < MINIMUM_A and self._character.below_minimum is BelowMinimum.REFUSE
                refusal = Refusal.OUT_OF_RANGE if below or not math.isfinite(ampere) else None
            case SetPhases(phases) if phases not in self._phases:
                refusal = Refusal.FIXED_PHASES
            case SetPhases(phases) if self.contactor_closed and phases != self.in_force.phases:
                refusal = Refusal.CONTACTOR_CLOSED
        return refusal or self._impatience(command)

    def _impatience(self, command: Command) -> Refusal | None:
        last_s = self._written_s.get(type(command), -math.inf)
        too_soon = self.now_s - last_s < self._character.write_interval_s
        return Refusal.TOO_SOON if too_soon and not isinstance(command, Heartbeat) else None

    def _in_range(self, ampere: float) -> bool:
        pauses = ampere == 0 and self._character.below_minimum is BelowMinimum.PAUSE
        return pauses or MINIMUM_A <= ampere <= self._max_a

    def _offend(self, violation: Violation, command: Command) -> None:
        self.journal.offences.append(Offence(self.now_s, violation, command))

    def _accept(self, command: Command) -> None:
        self._heard_s = self.now_s
        self._written_s[type(command)] = self.now_s
        self.register = self._changed(self.register, command)
        if self._character.obeys:
            self._arrange(command)

    def _arrange(self, command: Command) -> None:
        """Let the command take effect when it is its turn."""
        due_s = self.now_s + self._character.delay_s
        if self._character.replaces_waiting:
            waiting = [each for each in self._pending if type(each[1]) is type(command)]
            self._pending = [each for each in self._pending if each not in waiting]
            due_s = min(at_s for at_s, _ in [*waiting, (due_s, command)])
            due_s = self.now_s if isinstance(command, SetEnabled) else due_s
        self._pending.append((due_s, command))

    def _bring_due_into_force(self) -> None:
        due = [command for at_s, command in self._pending if at_s <= self.now_s]
        self._pending = [(at_s, command) for at_s, command in self._pending if at_s > self.now_s]
        for command in due:
            self._bring_into_force(command)

    def _bring_into_force(self, command: Command) -> None:
        setting = self.in_force
        if self._is_stuck and isinstance(command, SetCurrent):
            return
        if isinstance(command, SetPhases) and self.contactor_closed and command.phases != setting.phases:
            self._offend(Violation.SWITCHED_UNDER_LOAD, command)
            return
        self.in_force = self._changed(setting, command)
        if self._character.sticks_at_minimum and self.in_force.enabled > setting.enabled:
            self.in_force = replace(self.in_force, limit_a=self.register.limit_a)

    @property
    def _is_stuck(self) -> bool:
        setting = self.in_force
        return self._character.sticks_at_minimum and setting.enabled and setting.limit_a <= MINIMUM_A

    def _changed(self, setting: Setting, command: Command) -> Setting:
        match command:
            case SetCurrent(ampere):
                return replace(setting, limit_a=self._granted(ampere))
            case SetEnabled(on):
                to_maximum = on and not setting.enabled and self._character.resets_on_enable
                return replace(setting, enabled=on, limit_a=self._max_a if to_maximum else setting.limit_a)
            case SetPhases(phases):
                return replace(setting, phases=phases)
            case Heartbeat():
                return setting

    def _granted(self, ampere: float) -> float:
        if ampere < MINIMUM_A:
            return 0.0 if self._character.below_minimum is BelowMinimum.PAUSE else MINIMUM_A
        steps = ampere / self._character.step_a
        whole = _WHOLE[self._character.rounding](steps)
        return min(max(whole * self._character.step_a, MINIMUM_A), self._max_a)
