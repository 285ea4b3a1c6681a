"""One load that may be switched off, in one step."""

from energy_control.balancing import consumers, shedding
from energy_control.balancing.allocation import Grant, Pools, Request
from energy_control.balancing.circuits import Circuits
from energy_control.balancing.circumstances import Circumstances
from energy_control.balancing.decisions import Command, LoadDecision
from energy_control.balancing.reading import LoadReading
from energy_control.balancing.settings import Settings, ShedLoad
from energy_control.balancing.shedding import LoadState
from mqtt_schema.quantities import Phase


class LoadCase:
    """Made anew for each step."""

    def __init__(self, load: ShedLoad, before: LoadState, reading: LoadReading, settings: Settings) -> None:
        """Nothing has been looked at yet."""
        self.id = load.id
        self.load = load
        self.state = before
        self.reading = reading
        self._blind_s: float | None = None
        self._settings = settings
        self._grant = Grant()
        self._commands: tuple[Command, ...] = ()

    @property
    def circuit(self) -> str:
        """The circuit it is wired to."""
        return self.load.circuit

    @property
    def lines(self) -> tuple[Phase, ...]:
        """The lines of the house that it uses."""
        return self.load.lines

    def observe(self, at: float, blind_s: float | None) -> None:
        """Take in how it is. `blind_s`: for how long something that limits it has not been known."""
        self.state = shedding.observed(self.state, self.reading, at)
        self._blind_s = blind_s

    def give_back(self, pools: Pools, circuits: Circuits, at: float) -> None:
        """Take its own part out of what flows; in circuits that nobody measures, one that may be on counts whole."""
        if self._takes_part():
            own = consumers.drawn_by(self.load, self.state, self.reading, at)
            consumers.give_back(pools, circuits, self.circuit, own)
        elif self.reading.on is not False:
            rated = dict.fromkeys(self.load.lines, self.load.rated_a)
            consumers.set_aside(pools, circuits, self.circuit, rated)

    def request(self, circuits: Circuits, at: float) -> Request | None:
        """Ask for room; None = it does not take part, or has just been switched off."""
        if not self._takes_part() or shedding.is_going_off(self.state, self.reading, at):
            return None
        return consumers.load_request(self.load, self.state, self.reading, circuits)

    def is_falling(self, at: float) -> bool:
        """Tell whether it still draws what it no longer may."""
        return shedding.is_going_off(self.state, self.reading, at)

    def comes_down(self, grant: Grant) -> bool:
        """Tell whether this grant switches it off."""
        return not self.state.shed and grant.blocked_by is not None and not grant.units

    def move(self, grant: Grant, now: Circumstances) -> None:
        """Move towards a grant."""
        self._grant = grant
        if self._takes_part():
            self.state, self._commands = shedding.aimed(self.load, self.state, grant, now)
            return
        self.state = shedding.unseen(self.state)
        if self._blind_s is not None and self._blind_s >= self._settings.stale_grace_s:
            self.state, self._commands = shedding.fallen_back(self.load, self.state, self.reading, now.at)

    def act(self, _at: float) -> tuple[Command, ...]:
        """Return what to send."""
        return self._commands

    def decision(self, at: float) -> LoadDecision:
        """Say how it is, and why."""
        return shedding.decision(self.load, self.state, self.reading, self._grant, at)

    def _takes_part(self) -> bool:
        return self._blind_s is None and shedding.takes_part(self.state, self.reading)
