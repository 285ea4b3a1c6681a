"""One charger in one step: what it asks for, how it moves, what is sent to it and why."""

import msgspec

from energy_control.balancing import actuation, charging, consumers, phase_switching, watching, wiring
from energy_control.balancing.actuation import Actuation
from energy_control.balancing.allocation import Grant, Key, Pools, Request
from energy_control.balancing.charging import ChargerState
from energy_control.balancing.circuits import Circuits
from energy_control.balancing.circumstances import Circumstances
from energy_control.balancing.decisions import ChargerDecision, Command, Reason
from energy_control.balancing.phase_switching import ALL, ONE, PhaseState, Stage
from energy_control.balancing.reading import NO_LINES, ChargerReading, Lines
from energy_control.balancing.settings import Charger, Mode, Settings
from energy_control.balancing.wiring import Wiring
from mqtt_schema.quantities import Phase

IDLE = frozenset({Reason.UNREACHABLE, Reason.UNCONTROLLED, Reason.NO_CAR})
"""Nothing is wanted of it."""
BLIND = frozenset({Reason.STALE, Reason.FALLBACK})
"""Not everything that limits it is known."""


class ChargerMemory(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a charger."""

    charging: ChargerState = ChargerState()
    phases: PhaseState = PhaseState()
    sent: Actuation = Actuation()
    wiring: Wiring = Wiring()


def forgotten(memory: ChargerMemory) -> ChargerMemory:
    """Return what still counts after a restart: timers do; what the charger is set to is looked up anew."""
    phases = PhaseState(
        phases=memory.phases.phases, not_before=memory.phases.not_before, failures=memory.phases.failures
    )
    learned = wiring.interrupted(memory.wiring)
    return ChargerMemory(charging=charging.forgotten(memory.charging), phases=phases, wiring=learned)


def unarmed(memory: ChargerMemory) -> ChargerMemory:
    """Return what still counts when nothing was commanded: what is only looked at is looked at further."""
    return msgspec.structs.replace(forgotten(memory), wiring=memory.wiring)


class ChargerCase:
    """Made anew for each step."""

    def __init__(self, charger: Charger, before: ChargerMemory, reading: ChargerReading, settings: Settings) -> None:
        """Nothing has been looked at yet."""
        self.id = charger.id
        self.charger = charger
        self.state = before.charging
        self.sent = before.sent
        self.phases = before.phases
        self.wiring = before.wiring
        self.reading = reading
        self._settings = settings
        self.standing: Reason | None = None
        """Why it gets no share; None = it does."""
        self.wanted_a = 0.0
        self._is_idle = False
        self._grant = Grant()

    @property
    def circuit(self) -> str:
        """The circuit it is wired to."""
        return self.charger.circuit

    @property
    def lines(self) -> tuple[Phase, ...]:
        """The lines of the house that it uses, as far as it is known."""
        return charging.used_lines(self.charger, self.state, self.reading, self._may_use(self._phases))

    @property
    def memory(self) -> ChargerMemory:
        """What is kept of it after the step."""
        return ChargerMemory(charging=self.state, phases=self.phases, sent=self.sent, wiring=self.wiring)

    def observe(self, at: float, blind_s: float | None) -> None:
        """Take in what it does by itself. `blind_s`: for how long something that limits it has not been known."""
        if self.charger.can_switch_phases and not self._can_switch_phases:
            self.phases = phase_switching.interrupted(self.phases)
        sent_off = self.sent.allowed is False or watching.may_be_going_off(self.state, at)
        self.state = watching.observed(self.charger, self.state, self.reading, at, sent_off=sent_off)
        self.wiring = wiring.interrupted(self.wiring) if blind_s is not None else self._seen_wiring(at)
        self._is_idle = charging.is_idle(self.state, self.reading, at)
        self.standing = self._standing(blind_s)
        if self.standing is not None:
            self.state = charging.interrupted(self.state)
        if self.charger.can_switch_phases and self.standing not in {None, Reason.SWITCHING_PHASES}:
            self.phases = phase_switching.interrupted(self.phases)

    def give_back(self, pools: Pools, circuits: Circuits, at: float) -> None:
        """Take its own part out of what flows; what cannot be controlled of it stays, at its worst where not seen."""
        if self.standing in {None, Reason.STOPPED, Reason.SWITCHING_PHASES}:
            own = charging.credited(self.charger, self.state, self.reading, self.lines, at)
            stays = self.reading.current_a if self._is_idle else NO_LINES  # the little that a full car draws
            given = {line: current_a for line, current_a in own.items() if line not in stays}
            consumers.give_back(pools, circuits, self.circuit, given)
        elif self.standing is not Reason.NO_CAR:
            is_held = self.standing in BLIND and self.state.ours
            worst_a = max(self.state.set_a or 0.0, self.charger.least_a) if is_held else self.charger.max_a
            consumers.set_aside(pools, circuits, self.circuit, dict.fromkeys(self._may_use(ALL), worst_a))

    def request(self, circuits: Circuits, at: float) -> Request | None:
        """Ask for a share, in A on each of its lines; None = it gets none."""
        if self.standing is not None:
            return None
        is_doubtful = charging.is_doubtful(self.state, at)
        self.wanted_a = charging.wanted_a(self.charger, self.state, self.reading, at)
        return Request(
            id=self.id,
            priority=self.charger.priority,
            uses=self._uses(circuits, self.lines),
            least=self.charger.least_a,
            most=max(charging.rounded(self.charger, self.wanted_a), self.charger.least_a),
            entry=self.charger.least_a,
            on=bool(self.state.set_a),
            firm=not self.charger.can_pause,
            kept=tuple(circuits.uses(self.circuit, self._unseen(self.charger.least_a), NO_LINES)),
            doubtful=tuple(circuits.uses(self.circuit, self._unseen(0.0), NO_LINES)) if is_doubtful else (),
        )

    def weigh(self, circuits: Circuits, left: Pools, grant: Grant, at: float) -> None:
        """Consider another number of lines, with what is left when everybody has a share."""
        if self.standing is not None or not self._can_switch_phases:
            return
        own = {key: share * grant.units for key, share in self._uses(circuits, self.lines)}
        free = {key: amount + own.get(key, 0.0) for key, amount in left.items()}
        uses_one = self._phases == ONE
        one_line = self.lines if uses_one else self._may_use(ONE)
        all_lines = self._may_use(ALL) if uses_one else self.lines
        powers = (self._power(circuits, free, one_line, ONE), self._power(circuits, free, all_lines, len(all_lines)))
        self.phases = phase_switching.weighed(self.charger, self.phases, self.reading, powers, at)

    def is_falling(self, at: float) -> bool:
        """Tell whether it still draws what it no longer may."""
        return self.standing not in IDLE and charging.is_falling(self.charger, self.state, self.reading, at)

    def comes_down(self, grant: Grant) -> bool:
        """Tell whether this grant is less than it has."""
        return charging.rounded(self.charger, grant.units) < (self.state.set_a or 0.0)

    def move(self, grant: Grant, now: Circumstances) -> None:
        """Move towards a grant, or to what is safe without one."""
        self._grant = grant
        if self.standing in {Reason.STOPPED, Reason.SWITCHING_PHASES}:
            self.state = charging.stopped(self.state, now.at)
        elif self.standing in BLIND:
            fallback_a = self.charger.fallback_a if self.standing is Reason.FALLBACK else self.charger.max_a
            most_a = min(fallback_a, now.circuits.alone_a(self.circuit, self.lines))
            self.state = charging.held_down(self.charger, self.state, most_a, now.at)
        elif self.standing is None:
            self.state = charging.aimed(self.charger, self._marked(grant, now.at), grant.units, now)

    def act(self, at: float) -> tuple[Command, ...]:
        """Return what to send to it."""
        goal_a = self.state.set_a
        if self.standing in IDLE or goal_a is None:
            self.sent = Actuation()
            return ()
        sent, commands = actuation.due(self.charger, self.sent, goal_a, self.reading, at)
        if sent.kicks > self.sent.kicks:
            self.state = charging.woken(self.state)
        if self._may_live_on(at):
            commands += actuation.beat(self.charger, sent, goal_a, self.reading, at)
        if self.standing in BLIND:
            commands = tuple(command for command in commands if self._is_safe(command))
        self.sent = actuation.noted(sent, commands, at)
        self.state = watching.switched(self.state, commands, at)
        if self.standing is not Reason.SWITCHING_PHASES:
            return commands
        self.phases, switched = phase_switching.advanced(self.charger, self.phases, self.reading, at, self._settings)
        if switched:
            self.state = charging.on_other_lines(self.state)
        return (*commands, *switched)

    def decision(self, circuits: Circuits, at: float, *, armed: bool) -> ChargerDecision:
        """Say what it may draw, and why."""
        reason, limited_by, next_at = self._why(circuits, at)
        decided_a = self.state.set_a if armed or self.standing is not None else self._granted_a()
        return ChargerDecision(
            current_a=None if self.standing in IDLE else decided_a,
            phases=len(self.lines),
            reason=reason,
            limited_by=limited_by,
            next_at=next_at,
        )

    def _may_live_on(self, at: float) -> bool:
        """Tell whether what it is set to may stand; otherwise it is left to fall back by itself.

        One that has already done so begins to draw more with a sign of life: that needs measurements.
        """
        if self.standing is Reason.FALLBACK or charging.disobeys(self.charger, self.state, at):
            return False
        return self.standing is not Reason.STALE or actuation.is_kept_alive(self.charger, self.sent, at)

    @property
    def _phases(self) -> int:
        return phase_switching.phases_of(self.charger, self.phases, self.reading)

    @property
    def _can_switch_phases(self) -> bool:
        return phase_switching.is_possible(self.charger, self.reading, self._may_use(self._phases))

    def _may_use(self, phases: int) -> tuple[Phase, ...]:
        return wiring.may_use(self.charger, self.wiring, phases)

    def _seen_wiring(self, at: float) -> Wiring:
        """Learn from what its car draws of what it is offered."""
        decided_a = self.state.set_a if self.state.ours else None
        offered_a = decided_a if self.reading.set_a is None else self.reading.set_a
        return wiring.observed(self.charger, self.wiring, self.reading, offered_a, at)

    def _is_safe(self, command: Command) -> bool:
        """Tell whether a command raises nothing, as far as that is known."""
        is_known = self.state.ours or self.reading.set_a is not None
        return is_known and not actuation.raises(command, self.reading)

    def _standing(self, blind_s: float | None) -> Reason | None:
        """Return why it is not shared out to: the first that holds."""
        reading = self.reading
        reasons = {
            Reason.UNREACHABLE: not reading.reachable,
            Reason.UNCONTROLLED: reading.mode is Mode.OFF,
            Reason.STOPPED: reading.mode is Mode.STOP or self.state.user_off,
            Reason.NO_CAR: reading.connected is False,
            Reason.FALLBACK: blind_s is not None and blind_s >= self._settings.stale_grace_s,
            Reason.STALE: blind_s is not None,
            Reason.SWITCHING_PHASES: self.phases.stage is not Stage.STEADY,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)

    def _marked(self, grant: Grant, at: float) -> ChargerState:
        """Note since when there is no room for what it draws at least."""
        blocked_since = None
        if grant.blocked_by is not None and self.state.set_a:
            blocked_since = at if self.state.blocked_since is None else self.state.blocked_since
        return msgspec.structs.replace(self.state, blocked_since=blocked_since)

    def _uses(self, circuits: Circuits, lines: tuple[Phase, ...]) -> tuple[tuple[Key, float], ...]:
        """Return what 1 A on each of these lines takes of each pool; nothing for a car that is full."""
        measured = 0.0 if self._is_idle else 1.0
        shares = {line: measured if line in self.reading.current_a else consumers.UNMETERED for line in lines}
        return tuple(circuits.uses(self.circuit, shares, dict.fromkeys(lines, 1.0)))

    def _unseen(self, above_a: float) -> Lines:
        """Return what it may draw above that where nobody sees whether it does.

        Nobody may start on that: lowering it would give what it may never have drawn, and it would be raised again.
        """
        if not self.state.ours:
            return NO_LINES
        unseen = [line for line in self.lines if line not in self.reading.current_a]
        return dict.fromkeys(unseen, max((self.state.set_a or 0.0) - above_a, 0.0))

    def _power(self, circuits: Circuits, free: Pools, lines: tuple[Phase, ...], count: int) -> float:
        """Return what so many of these lines would give, whichever they are, in A of all of them together."""
        room_a = min((free[key] / share for key, share in self._uses(circuits, lines) if share > 0.0), default=0.0)
        return count * charging.rounded(self.charger, min(room_a, self.wanted_a))

    def _granted_a(self) -> float:
        return charging.rounded(self.charger, self._grant.units)

    def _why(self, circuits: Circuits, at: float) -> tuple[Reason, str, float | None]:
        """Return the reason, the circuit that limits, and when time alone may change it."""
        if self.standing is not None:
            return self.standing, "", None
        if charging.disobeys(self.charger, self.state, at):
            return Reason.NOT_OBEYING, "", None
        key = self._grant.blocked_by or self._grant.limited_by
        if self.state.set_a == 0.0 and not self._grant.units:
            return Reason.NO_ROOM, key[0] if key else "", None
        if self.state.room_since is not None:
            return self._why_not_yet(at)
        if key is not None:
            return _limit(key, circuits), key[0], None
        return self._own_limit(), "", None

    def _why_not_yet(self, at: float) -> tuple[Reason, str, float | None]:
        rest_ends_at = charging.rest_ends_at(self.state, self._settings)
        if rest_ends_at is not None and at < rest_ends_at:
            return Reason.RESTING, "", rest_ends_at
        return Reason.RAISING, "", charging.raised_at(self.charger, self.state, self._settings)

    def _own_limit(self) -> Reason:
        """Return which of its own limits it has reached."""
        wish_a = self.reading.wish_a
        if self.wanted_a >= self.charger.max_a:
            return Reason.FULL_SPEED
        return Reason.USER_LIMIT if wish_a is not None and self.wanted_a >= wish_a else Reason.CAR_LIMIT


def _limit(key: Key, circuits: Circuits) -> Reason:
    if circuits.is_external(key):
        return Reason.EXTERNAL_LIMIT
    return Reason.POWER_LIMIT if key[1] is None else Reason.CIRCUIT_LIMIT
