"""Whatever happens in a house, in whatever order, the rules hold: a machine that tries to break them."""

from typing import Final

import msgspec
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from energy_control.balancing.charging import DRAWS_A
from energy_control.balancing.decisions import AllowCharging, Command, Reason, SetCurrent, SetPhases, SwitchLoad
from energy_control.balancing.reading import Limit
from energy_control.balancing.settings import Charger, Circuit, Kind, Mode, Settings, ShedLoad
from mqtt_schema.quantities import Phase
from tests.energy_control.balancing.moments import BOILER, MAIN, Plant

L1, L2, L3 = Phase
CARS: Final = ("left", "right")
CURRENTS = st.floats(-40.0, 40.0)
FALLING_S = 12


def house(kind: Kind, *, priority: int) -> Settings:
    return Settings(
        circuits=(Circuit(id=MAIN, rating_a=25.0, kind=kind, lines=(L1, L2, L3)),),
        chargers=(
            Charger(id="left", circuit=MAIN, lines=(L2, L3, L1), metered=True, step_a=0.1, can_switch_phases=True),
            Charger(id="right", circuit=MAIN, lines=(L1,), metered=True, max_a=32.0, priority=priority),
        ),
        loads=(ShedLoad(id=BOILER, circuit=MAIN, lines=(L1,), rated_a=10.0, metered=True),),
    )


class House(RuleBasedStateMachine):
    """Rules are what may happen, invariants what must hold after each step."""

    plant: Plant
    fresh_seen: bool
    now: tuple[Command, ...]

    @initialize(kind=st.sampled_from(Kind), priority=st.integers(1, 9))
    def build(self, kind: Kind, priority: int) -> None:
        self.plant = Plant(settings=house(kind, priority=priority), phases={"left": 3})
        self.fresh_seen, self.calm_s, self.now = False, 0, ()
        self.gone_s = dict.fromkeys(CARS, 0)
        self.before = self.plant.reading()
        self.shed_at: float | None = None

    def live(self, seconds: int, *, fresh: bool) -> None:
        for _ in range(seconds):
            self.before = self.plant.reading()
            for car in CARS:
                self.gone_s[car] = self.gone_s[car] + 1 if self.plant.drawn_a(car) < 0.5 else 0
            self.fresh_seen = self.fresh_seen or fresh
            self.now = self.plant.step(fresh=fresh)
            self.calm_s = self.calm_s + 1 if fresh and not self.plant.blind else 0
            self.check(fresh=fresh)

    @rule(seconds=st.integers(1, 100))
    def measure(self, seconds: int) -> None:
        self.live(seconds, fresh=True)

    @rule(seconds=st.integers(1, 100))
    def fall_silent(self, seconds: int) -> None:
        self.live(seconds, fresh=False)

    @rule(first=CURRENTS, second=CURRENTS, third=CURRENTS)
    def use(self, first: float, second: float, third: float) -> None:
        self.plant.others_a, self.calm_s = (first, second, third), 0

    @rule(lines=st.sets(st.sampled_from(Phase)))
    def lose_cts(self, lines: set[Phase]) -> None:
        self.plant.blind, self.calm_s = lines, 0

    @rule(car=st.sampled_from(CARS), mode=st.sampled_from(Mode))
    def choose(self, car: str, mode: Mode) -> None:
        self.plant.modes[car], self.calm_s = mode, 0

    @rule(car=st.sampled_from(CARS), wish_a=st.floats(6.0, 32.0))
    def wish(self, car: str, wish_a: float) -> None:
        self.plant.wishes[car], self.calm_s = wish_a, 0

    @rule(car=st.sampled_from(CARS))
    def come_or_go(self, car: str) -> None:
        self.plant.unplugged ^= {car}
        self.calm_s = 0

    @rule(car=st.sampled_from(CARS), wants_a=st.floats(0.0, 32.0))
    def take_less(self, car: str, wants_a: float) -> None:
        self.plant.wants_a[car], self.calm_s = wants_a, 0

    @rule(car=st.sampled_from(CARS))
    def switch_at_the_charger(self, car: str) -> None:
        self.plant.allowed[car] = not self.plant.allowed[car]
        self.calm_s = 0

    @rule(current_a=st.none() | st.floats(0.0, 30.0), power_w=st.none() | st.floats(0.0, 20000.0))
    def limit(self, current_a: float | None, power_w: float | None) -> None:
        self.plant.limit, self.calm_s = Limit(current_a=current_a, power_w=power_w), 0

    @rule(armed=st.booleans())
    def arm(self, armed: bool) -> None:  # noqa: FBT001 - drawn
        self.plant.armed, self.calm_s = armed, 0

    @rule()
    def restart(self) -> None:
        self.plant.restart()
        self.fresh_seen, self.calm_s = False, 0

    def check(self, *, fresh: bool) -> None:
        """What must hold of every single step."""
        for command in self.now:
            assert self.fresh_seen, "commanded before anything fresh was measured"
            assert self.plant.armed, "commanded although control is not enabled"
            self.check_one(command, fresh=fresh)

        for car, decision in self.plant.answer.chargers.items():
            is_off = self.plant.modes.get(car) is Mode.OFF
            assert (decision.reason is Reason.UNCONTROLLED) is (is_off and self.fresh_seen)
            assert decision.current_a is None or 0.0 <= decision.current_a <= 32.0

    def check_one(self, command: Command, *, fresh: bool) -> None:
        match command:
            case SetCurrent(charger, current_a):
                settings = next(one for one in self.plant.settings.chargers if one.id == charger)
                assert settings.min_a <= current_a <= settings.max_a
                assert abs(current_a / settings.step_a - round(current_a / settings.step_a)) < 1e-6
                was_a = self.before.chargers[charger].set_a or 0.0
                assert fresh or current_a <= was_a or not self.plant.allowed[charger], "raised without measurements"
                assert self.plant.modes.get(charger, Mode.FAST) is not Mode.OFF
            case AllowCharging(charger, on):
                assert self.plant.modes.get(charger, Mode.FAST) is not Mode.OFF
                assert not on or (fresh and self.plant.modes.get(charger, Mode.FAST) is Mode.FAST)
            case SetPhases(charger, _):
                assert self.gone_s[charger] >= 10, "switched lines under load"
            case SwitchLoad(_, on):
                self.check_load(on=on)

    def check_load(self, *, on: bool) -> None:
        if on:
            assert self.shed_at is not None
            assert self.plant.at - self.shed_at >= 180.0, "came back too soon"
            return
        self.shed_at = self.plant.at
        limit = self.plant.state.limits.get(MAIN)
        is_limited = limit is not None and (limit.current_a is not None or limit.power_w is not None)
        assert is_limited or self.before.circuits[MAIN].current_a[L1] > 23.0, "switched off although nothing was wrong"

    @invariant()
    @precondition(lambda self: hasattr(self, "plant") and self.plant.armed and self.calm_s > 60)
    def in_a_calm_house_nothing_is_too_much_that_could_be_less(self) -> None:
        """A minute after the last change every line is within its limit, or all that can make room on it has.

        A car that draws less than half an ampere is full: a pause would free nothing.
        """
        limits_a = [23.75]
        limit = self.plant.state.limits.get(MAIN)
        if limit is not None and limit.current_a is not None:
            limits_a.append(limit.current_a)
        for line, current_a in self.plant.grid_a().items():
            if current_a <= min(limits_a) + 0.1:
                continue
            for charger in self.plant.settings.chargers:
                lines = charger.lines[: self.plant.phases.get(charger.id)]
                if line in lines and self.plant.modes.get(charger.id, Mode.FAST) is not Mode.OFF:
                    assert self.plant.drawn_a(charger.id) < DRAWS_A
            assert line is not L1 or not self.plant.boilers_on[BOILER]

    @invariant()
    @precondition(lambda self: hasattr(self, "plant") and self.calm_s > 30)
    def the_state_survives_a_restart(self) -> None:
        kept = msgspec.json.decode(msgspec.json.encode(self.plant.state), type=type(self.plant.state))
        assert kept == self.plant.state


House.TestCase.settings = hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)
TestHouse = House.TestCase
