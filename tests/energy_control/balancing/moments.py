"""A house with a 25 A connection, a three-phase charger and a boiler, told moment by moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from energy_control.balancing import controller
from energy_control.balancing.controller import State
from energy_control.balancing.decisions import AllowCharging, Answer, Command, SetCurrent, SetPhases, SwitchLoad
from energy_control.balancing.reading import ChargerReading, CircuitReading, Limit, LoadReading, Reading
from energy_control.balancing.settings import Charger, Circuit, Mode, Settings, ShedLoad
from mqtt_schema.quantities import Phase

L1, L2, L3 = Phase
MAIN, CAR, BOILER = "main", "car", "boiler"

MAIN_FUSE = Circuit(id=MAIN, rating_a=25.0, lines=(L1, L2, L3))
"""Its limit is 23.75 A."""
CHARGER = Charger(id=CAR, circuit=MAIN, lines=(L1, L2, L3), metered=True, max_a=16.0, step_a=0.1)
BOILER_ON_L1 = ShedLoad(id=BOILER, circuit=MAIN, lines=(L1,), rated_a=10.0, metered=True)
HOUSE = Settings(circuits=(MAIN_FUSE,), chargers=(CHARGER,))
WITH_BOILER = Settings(circuits=(MAIN_FUSE,), chargers=(CHARGER,), loads=(BOILER_ON_L1,))

type Others = float | tuple[float, float, float]


@dataclass(slots=True, kw_only=True)
class Plant:
    """A charger that obeys within a second, and a boiler that is on while its switch is; written for tests alone.

    What it draws stands in the next reading, as a gateway would measure it.
    """

    settings: Settings = HOUSE
    at: float = 1000.0
    armed: bool = True
    state: State = field(default_factory=State)
    answer: Answer = field(default_factory=Answer)
    others_a: Others = 1.0
    """What the rest of the house draws, on each line; below 0 it is fed in."""
    set_a: dict[str, float] = field(default_factory=dict)
    allowed: dict[str, bool] = field(default_factory=dict)
    phases: dict[str, int] = field(default_factory=dict)
    wired_otherwise: dict[str, tuple[Phase, ...]] = field(default_factory=dict)
    """On which lines a charger really is, where its owner has said others."""
    cars_use: dict[str, int] = field(default_factory=dict)
    """How many lines each car uses at most; all unless said."""
    wants_a: dict[str, float] = field(default_factory=dict)
    """What each car would take at most; 32 A unless said."""
    excess_a: dict[str, float] = field(default_factory=dict)
    """How much more a car draws than its charger offers; nothing unless said."""
    modes: dict[str, Mode] = field(default_factory=dict)
    wishes: dict[str, float] = field(default_factory=dict)
    boilers_on: dict[str, bool] = field(default_factory=dict)
    lags_s: dict[str, float] = field(default_factory=dict)
    """How long a car goes on as before when its charger is set; not at all unless said."""
    in_force_a: dict[str, float] = field(default_factory=dict)
    deaf: set[str] = field(default_factory=set)
    """Chargers and loads that do not obey."""
    unstoppable: set[str] = field(default_factory=set)
    """Chargers that go on charging when they are switched off."""
    gone: set[str] = field(default_factory=set)
    """Chargers that cannot be reached."""
    unplugged: set[str] = field(default_factory=set)
    blind: set[Phase] = field(default_factory=set)
    """Lines whose CT is missing."""
    backwards: set[Phase] = field(default_factory=set)
    """Lines of the grid whose CT is mounted the wrong way round."""
    limit: Limit | None = None
    on_the_way: Callable[[Reading], Reading] = lambda reading: reading
    """What becomes of a reading before it is taken."""
    commands: list[tuple[float, Command]] = field(default_factory=list)
    due: list[tuple[float, str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with chargers as they are bought: allowed, at their maximum."""
        for charger in self.settings.chargers:
            self.set_a.setdefault(charger.id, charger.max_a)
            self.allowed.setdefault(charger.id, True)
        for load in self.settings.loads:
            self.boilers_on.setdefault(load.id, True)

    def step(self, seconds: float = 1.0, *, fresh: bool = True) -> tuple[Command, ...]:
        """Let time pass, measure, decide and obey; returns what was commanded."""
        self.at += seconds
        self._follow()
        reading = self.on_the_way(self.reading(fresh=fresh))
        self.state, self.answer = controller.step(self.state, reading, self.settings, armed=self.armed)
        for command in self.answer.commands:
            self.commands.append((self.at, command))
            self._obey(command)
        return self.answer.commands

    def run(self, seconds: int, *, fresh: bool = True) -> list[Command]:
        """Live through so many seconds; returns all that was commanded in them."""
        return [command for _ in range(seconds) for command in self.step(fresh=fresh)]

    def restart(self) -> None:
        """End and begin anew, with what is kept on disk."""
        kept = msgspec.json.decode(msgspec.json.encode(self.state), type=State)
        self.state = controller.begun(kept)

    def leave(self) -> tuple[Command, ...]:
        """End with the last words, which are obeyed, and begin anew; returns them."""
        last = controller.farewell(self.state, self.settings, self.on_the_way(self.reading()))
        for command in last:
            self._obey(command)
        self.state = controller.left(self.state, last, self.at)
        self.restart()
        return last

    def drawn_a(self, charger: str) -> float:
        """What its car draws on each of its lines."""
        if charger in self.unplugged or not (self.allowed[charger] or charger in self.unstoppable):
            return 0.0
        offered_a = self.in_force_a.get(charger, self.set_a[charger]) if charger in self.lags_s else self.set_a[charger]
        return min(offered_a + self.excess_a.get(charger, 0.0), self.wants_a.get(charger, 32.0))

    def lines_of(self, charger: Charger) -> tuple[Phase, ...]:
        """On which lines of the house it draws."""
        return self._wires_of(charger)[: self.phases.get(charger.id)][: self.cars_use.get(charger.id)]

    def grid_a(self) -> dict[Phase, float]:
        """What is drawn from the grid on each line."""
        others = self.others_a if isinstance(self.others_a, tuple) else (self.others_a,) * 3
        drawn = dict(zip(Phase, others, strict=True))
        for charger in self.settings.chargers:
            for line in self.lines_of(charger):
                drawn[line] += self.drawn_a(charger.id)
        for load in self.settings.loads:
            for line in load.lines if self.boilers_on[load.id] else ():
                drawn[line] += load.rated_a
        return drawn

    def reading(self, *, fresh: bool = True) -> Reading:
        """What is told of this moment."""
        seen_a = {line: current_a for line, current_a in self.grid_a().items() if line not in self.blind}
        seen_a |= {line: -seen_a[line] for line in self.backwards & seen_a.keys()}
        power_w = None if self.blind else sum(230.0 * current_a for current_a in seen_a.values())
        return Reading(
            at=self.at,
            fresh=fresh,
            circuits={MAIN: CircuitReading(current_a=seen_a, power_w=power_w, limit=self.limit)},
            chargers={charger.id: self._charger(charger) for charger in self.settings.chargers},
            loads={load.id: self._load(load) for load in self.settings.loads},
        )

    def _charger(self, charger: Charger) -> ChargerReading:
        name = charger.id
        wires, used = self._wires_of(charger), self.lines_of(charger)
        drawn_a = self.drawn_a(name)
        drawn = {line: drawn_a if line in used else 0.0 for line in wires} if charger.metered else {}
        told: Mapping[str, object] = {}
        if name not in self.gone:
            told = {
                "set_a": self.set_a[name],
                "allowed": self.allowed[name],
                "connected": name not in self.unplugged,
                "phases": self.phases.get(name),
                "wish_a": self.wishes.get(name),
            }
        return msgspec.structs.replace(
            ChargerReading(mode=self.modes.get(name, Mode.FAST), reachable=name not in self.gone, current_a=drawn),
            **told,
        )

    def _wires_of(self, charger: Charger) -> tuple[Phase, ...]:
        return self.wired_otherwise.get(charger.id, charger.lines)

    def _load(self, load: ShedLoad) -> LoadReading:
        on = self.boilers_on[load.id]
        return LoadReading(on=on, current_a=dict.fromkeys(load.lines, load.rated_a if on else 0.0))

    def _follow(self) -> None:
        """Let cars do what is due."""
        for _, charger, current_a in (one for one in self.due if one[0] <= self.at):
            self.in_force_a[charger] = current_a
        self.due = [one for one in self.due if one[0] > self.at]

    def _obey(self, command: Command) -> None:
        match command:
            case SetCurrent(charger, current_a) if charger not in self.deaf:
                self.in_force_a.setdefault(charger, self.set_a[charger])
                self.set_a[charger] = current_a
                self.due.append((self.at + self.lags_s.get(charger, 0.0), charger, current_a))
                self._follow()
            case AllowCharging(charger, on) if charger not in self.deaf:
                self.allowed[charger] = on
            case SetPhases(charger, phases) if charger not in self.deaf:
                self.phases[charger] = phases
            case SwitchLoad(load, on) if load not in self.deaf:
                self.boilers_on[load] = on
            case _:
                pass


def one(**changed: object) -> Settings:
    """Return the house with a charger that is a little different."""
    return msgspec.structs.replace(HOUSE, chargers=(msgspec.structs.replace(CHARGER, **changed),))


def charging(settings: Settings = HOUSE, **changed: object) -> Plant:
    """A plant whose car has charged for a while."""
    plant = Plant(settings=settings, **changed)  # type: ignore[arg-type]
    plant.run(60)
    plant.commands.clear()
    return plant
