"""A machine that also lies, forgets and leaps: chargers set by hand, CTs and answers that are missing, long holes.

The house, its chargers and its boiler are those of `moments`, which know nothing of the balancing.
"""

from copy import replace
from typing import Final

import msgspec
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from energy_control.balancing.decisions import (
    AllowCharging,
    Command,
    Heartbeat,
    Reason,
    SetCurrent,
    SetPhases,
    SwitchLoad,
)
from energy_control.balancing.reading import Limit, Reading
from energy_control.balancing.settings import Charger, Kind, Mode, OnStale, Settings, ShedLoad
from mqtt_schema.quantities import Phase
from tests.energy_control.balancing.moments import BOILER, HOUSE, L1, L2, L3, MAIN, MAIN_FUSE, Plant

CARS: Final = ("left", "right")
AFTER_A_LIE_S: Final = 40
"""A charger that was set by somebody else has been set again, or was seen not to obey, after that."""
GAPS: Final[dict[str, object]] = {"allowed": None, "set_a": None, "connected": None, "current_a": {}}
"""What a charger can leave out."""


def house(kind: Kind, on_stale: OnStale, priority: int, limit_w: float | None) -> Settings:
    return replace(
        HOUSE,
        circuits=(replace(MAIN_FUSE, kind=kind, limit_w=limit_w),),
        chargers=(
            Charger(
                id="left",
                circuit=MAIN,
                lines=(L2, L3, L1),
                metered=True,
                max_a=20.0,
                step_a=0.5,
                can_switch_phases=True,
                heartbeat_s=60.0,
            ),
            Charger(
                id="right",
                circuit=MAIN,
                lines=(L1,),
                metered=True,
                max_a=32.0,
                priority=priority,
                heartbeat_s=30.0,
                beats_by_button=True,
            ),
        ),
        loads=(
            ShedLoad(
                id=BOILER, circuit=MAIN, lines=(L1,), rated_a=10.0, metered=True, on_stale=on_stale, min_off_s=60.0
            ),
        ),
    )


class House(RuleBasedStateMachine):
    """Rules are what may happen; `check` is what must hold of each second."""

    plant: Plant

    @initialize(
        kind=st.sampled_from(Kind),
        on_stale=st.sampled_from(OnStale),
        priority=st.integers(1, 9),
        limit_w=st.none() | st.floats(2000.0, 20000.0),
    )
    def build(self, kind: Kind, on_stale: OnStale, priority: int, limit_w: float | None) -> None:
        self.plant = Plant(settings=house(kind, on_stale, priority, limit_w), phases={"left": 3})
        self.plant.on_the_way = self.told
        self.gaps: set[tuple[str, str]] = set()
        self.fresh_seen, self.honest_s, self.seen_s = False, 0, 0
        self.off_at: float | None = None
        self.gone_s = dict.fromkeys(CARS, 0.0)

    def told(self, reading: Reading) -> Reading:
        chargers = dict(reading.chargers)
        for car, gap in self.gaps:
            chargers[car] = msgspec.structs.replace(chargers[car], **{gap: GAPS[gap]})
        self.reading = replace(reading, chargers=chargers)
        return self.reading

    def live(self, seconds: int, *, fresh: bool, step_s: float = 1.0) -> None:
        for _ in range(seconds):
            for car in CARS:
                is_gone = fresh and 0.0 <= step_s <= 30.0 and self.plant.drawn_a(car) < 0.5
                self.gone_s[car] = self.gone_s[car] + step_s if is_gone else 0.0
            self.fresh_seen |= fresh
            commands = self.plant.step(step_s, fresh=fresh)
            self.honest_s += 1
            self.seen_s = self.seen_s + 1 if fresh and not self.plant.blind and not self.gaps else 0
            for command in commands:
                self.check(command, fresh=fresh)
            if self.seen_s > 0 and self.honest_s > AFTER_A_LIE_S and self.plant.armed:
                self.check_lines()

    @rule(seconds=st.integers(1, 90), fresh=st.sampled_from([True, True, False]))
    def pass_time(self, seconds: int, fresh: bool) -> None:  # noqa: FBT001 - drawn
        self.live(seconds, fresh=fresh)

    @rule(step_s=st.sampled_from([-100.0, 0.0, 10.0, 31.0, 5000.0]))
    def leap(self, step_s: float) -> None:
        self.off_at = None if step_s < 0.0 else self.off_at
        self.honest_s = 0
        self.live(1, fresh=True, step_s=step_s)

    @rule(others_a=st.tuples(*[st.floats(-30.0, 30.0)] * 3))
    def use(self, others_a: tuple[float, float, float]) -> None:
        self.plant.others_a = others_a

    @rule(lines=st.sets(st.sampled_from(Phase)))
    def lose_cts(self, lines: set[Phase]) -> None:
        self.plant.blind = lines

    @rule(car=st.sampled_from(CARS), gap=st.sampled_from(sorted(GAPS)))
    def answer_more_or_less(self, car: str, gap: str) -> None:
        self.gaps ^= {(car, gap)}

    @rule(car=st.sampled_from(CARS), current_a=st.floats(6.0, 20.0))
    def set_by_hand(self, car: str, current_a: float) -> None:
        self.plant.set_a[car], self.honest_s = current_a, 0

    @rule(car=st.sampled_from(CARS))
    def switch_by_hand(self, car: str) -> None:
        self.plant.allowed[car], self.honest_s = not self.plant.allowed[car], 0

    @rule(one=st.sampled_from((*CARS, BOILER)))
    def obey_or_not(self, one: str) -> None:
        self.plant.deaf ^= {one}
        self.honest_s = 0

    @rule(car=st.sampled_from(CARS))
    def vanish_or_return(self, car: str) -> None:
        self.plant.gone ^= {car}
        self.honest_s = 0

    @rule(car=st.sampled_from(CARS), wants_a=st.sampled_from([0.0, 5.8, 7.7, 32.0]))
    def be_hungry(self, car: str, wants_a: float) -> None:
        self.plant.wants_a[car] = wants_a

    @rule(car=st.sampled_from(CARS))
    def come_or_go(self, car: str) -> None:
        self.plant.unplugged ^= {car}

    @rule(car=st.sampled_from(CARS), mode=st.sampled_from(Mode))
    def choose(self, car: str, mode: Mode) -> None:
        self.plant.modes[car] = mode

    @rule(limit=st.none() | st.builds(Limit, current_a=st.none() | st.floats(0.0, 30.0)))
    def limit(self, limit: Limit | None) -> None:
        self.plant.limit = limit

    @rule()
    def switch_the_boiler(self) -> None:
        self.plant.boilers_on[BOILER] = not self.plant.boilers_on[BOILER]

    @rule(armed=st.booleans())
    def arm(self, armed: bool) -> None:  # noqa: FBT001 - drawn
        self.plant.armed, self.honest_s = armed, 0

    @rule()
    def restart(self) -> None:
        self.plant.restart()
        self.fresh_seen, self.honest_s = False, 0

    def check(self, command: Command, *, fresh: bool) -> None:
        assert self.fresh_seen, "commanded before anything fresh was measured"
        assert self.plant.armed, "commanded although control is not enabled"
        match command:
            case SetCurrent(charger, current_a):
                self.check_current(charger, current_a, fresh=fresh)
            case AllowCharging(charger, on):
                assert self.is_ours(charger)
                is_wanted = self.plant.modes.get(charger, Mode.FAST) is Mode.FAST
                assert not on or (is_wanted and not self.is_blind(charger, fresh=fresh)), "switched on blindly"
            case SetPhases(charger, _):
                assert fresh
                assert (charger, "current_a") not in self.gaps
                assert self.gone_s[charger] >= 10.0, "switched lines under load"
            case Heartbeat(charger):
                assert self.is_ours(charger)
                assert charger == "right"
                assert self.plant.answer.chargers[charger].reason not in {Reason.FALLBACK, Reason.NOT_OBEYING}
            case SwitchLoad(_, on):
                self.check_load(on=on, fresh=fresh)

    def check_current(self, charger: str, current_a: float, *, fresh: bool) -> None:
        settings = next(one for one in self.plant.settings.chargers if one.id == charger)
        told_a = self.reading.chargers[charger].set_a
        assert self.is_ours(charger)
        assert settings.min_a <= current_a <= settings.max_a
        assert abs(current_a / settings.step_a - round(current_a / settings.step_a)) < 1e-6
        if self.is_blind(charger, fresh=fresh):
            assert told_a is None or current_a <= told_a + 1e-6, "raised blindly"

    def check_load(self, *, on: bool, fresh: bool) -> None:
        if not on:
            self.off_at = self.plant.at
            return
        assert fresh
        assert L1 not in self.plant.blind, "restored blindly"
        assert self.off_at is None or self.plant.at - self.off_at >= 60.0, "came back too soon"

    def check_lines(self) -> None:
        """A prompt charger that is told too much is at its least at the end of the step that shows it.

        But for the seconds in which a load that was switched off may still go off.
        """
        if self.off_at is not None and self.plant.at - self.off_at <= 6.0:
            return
        limit = self.plant.state.limits.get(MAIN, Limit())
        limit_a = min(23.75, 23.75 if limit.current_a is None else limit.current_a)
        for line, current_a in self.plant.grid_a().items():
            for charger in self.plant.settings.chargers:
                is_on_it = line in charger.lines[: self.plant.phases.get(charger.id)]
                is_prompt = charger.id not in self.plant.deaf | self.plant.gone and self.is_ours(charger.id)
                if is_on_it and is_prompt and current_a > limit_a + 0.01:
                    assert self.plant.drawn_a(charger.id) <= charger.min_a + 1e-6

    def is_ours(self, charger: str) -> bool:
        return self.plant.modes.get(charger, Mode.FAST) is not Mode.OFF and charger not in self.plant.gone

    def is_blind(self, charger: str, *, fresh: bool) -> bool:
        lines = next(one for one in self.plant.settings.chargers if one.id == charger).lines
        used = lines[: self.plant.phases.get(charger)]
        has_limit_w = self.plant.settings.circuits[0].limit_w is not None
        return not fresh or not self.plant.blind.isdisjoint(used) or (has_limit_w and bool(self.plant.blind))


House.TestCase.settings = hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)
TestHouse = House.TestCase
