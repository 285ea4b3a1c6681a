"""Our balancing in a simulated house: reads its measurements, and says what is commanded to its chargers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from energy_control.balancing import controller
from energy_control.balancing.controller import State
from energy_control.balancing.decisions import AllowCharging, Answer, Command, Heartbeat, SetCurrent, SetPhases
from energy_control.balancing.reading import ChargerReading, CircuitReading, Lines, Reading
from energy_control.balancing.settings import Mode, Settings
from mqtt_schema.quantities import Phase
from simulator.house.charging import LiveCharger, PilotState
from simulator.loop import Measurement


@dataclass(slots=True)
class Balancer:
    """One run. Commands take effect from the next second of the house on."""

    settings: Settings
    chargers: Mapping[str, LiveCharger]
    """By the identifier that the settings give them, which is the name of their circuit in the house."""
    state: State = field(default_factory=State)
    answer: Answer = field(default_factory=Answer)
    modes: dict[str, Mode] = field(default_factory=dict)
    """Of each charger, where it is not to charge as fast as it can."""
    commanded: list[tuple[float, Command]] = field(default_factory=list)
    """Everything, with its time."""

    def __call__(self, measurement: Measurement) -> None:
        """Take one second."""
        self.take(self.read(measurement))

    def take(self, reading: Reading) -> None:
        """Take a moment, and carry out what is commanded."""
        self.state, self.answer = controller.step(self.state, reading, self.settings, armed=True)
        for command in self.answer.commands:
            self.commanded.append((reading.at, command))
            self._carry_out(command)

    def read(self, measurement: Measurement) -> Reading:
        """Return what the balancing sees: the main circuit, and what the chargers tell."""
        main = next(circuit.id for circuit in self.settings.circuits if circuit.parent is None)
        circuits = {main: CircuitReading(current_a=_lines(measurement.grid_a), power_w=sum(measurement.grid_w))}
        return Reading(
            at=measurement.at_s,
            fresh=True,
            circuits=circuits,
            chargers={charger.id: self._charger(charger.id, measurement) for charger in self.settings.chargers},
            voltage_v=_lines(measurement.volts),
        )

    def _charger(self, name: str, measurement: Measurement) -> ChargerReading:
        settings = next(charger for charger in self.settings.chargers if charger.id == name)
        mode, status = self.modes.get(name, Mode.FAST), self.chargers[name].status()
        drawn = _lines(measurement.chargers[name].amps) if settings.metered else {}
        if status is None:
            return ChargerReading(mode=mode, reachable=False, current_a=drawn)
        return ChargerReading(
            mode=mode,
            reachable=True,
            current_a=drawn,
            set_a=status.limit_a,
            allowed=status.enabled,
            connected=status.state is not PilotState.NO_CAR,
            phases=status.phases,
        )

    def _carry_out(self, command: Command) -> None:
        match command:
            case SetCurrent(charger, current_a):
                self.chargers[charger].set_current(current_a)
            case AllowCharging(charger, on):
                self.chargers[charger].set_enabled(on=on)
            case SetPhases(charger, phases):
                self.chargers[charger].set_phases(phases)
            case Heartbeat(charger):
                self.chargers[charger].heartbeat()
            case _:
                raise NotImplementedError(command)


def _lines(values: tuple[float, ...]) -> Lines:
    return dict(zip(Phase, values, strict=False))
