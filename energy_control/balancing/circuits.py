"""The circuits of a house at one moment: what flows in each, what may, and what of it can be controlled."""

import math
from collections.abc import Iterator, Mapping

from energy_control.balancing.allocation import Key, Pools
from energy_control.balancing.reading import CircuitReading, Limit, Lines, Reading
from energy_control.balancing.settings import Circuit, Settings
from mqtt_schema.quantities import Phase

NO_LIMIT = Limit()
_NOTHING = CircuitReading()


class Circuits:
    """What all circuits allow and carry now."""

    def __init__(self, settings: Settings, reading: Reading, limits: Mapping[str, Limit]) -> None:
        """`limits`: the last word of whoever else limits a circuit."""
        self.by_id = {circuit.id: circuit for circuit in settings.circuits}
        self.settings = settings
        self._reading = reading
        self._limits = limits
        self._limits_w = {circuit.id: self._lowest_w(circuit) for circuit in settings.circuits}
        self._missing = {circuit.id: self._not_measured(circuit) for circuit in settings.circuits}
        self._paths = {circuit.id: self._path(circuit.id) for circuit in settings.circuits}

    def limit_a(self, circuit: Circuit) -> float:
        """Return what may flow on each line, in A."""
        told_a = self._limits.get(circuit.id, NO_LIMIT).current_a
        return circuit.limit_a if told_a is None else min(circuit.limit_a, max(told_a, 0.0))

    def limit_w(self, circuit: Circuit) -> float | None:
        """Return what may be imported on all lines together, in W; None = no such limit."""
        return self._limits_w[circuit.id]

    def is_external(self, key: Key) -> bool:
        """Tell whether somebody else's limit is the one that counts."""
        circuit, line = self.by_id[key[0]], key[1]
        limit = self._limits.get(circuit.id, NO_LIMIT)
        if line is not None:
            return limit.current_a is not None and limit.current_a < circuit.limit_a
        return limit.power_w is not None and (circuit.limit_w is None or limit.power_w < circuit.limit_w)

    def pools(self) -> Pools:
        """Return what is left of everything that is limited, as far as it is known."""
        return {key: left for circuit in self.by_id.values() for key, left in self._left(circuit)}

    def carried(self, circuit: Circuit) -> CircuitReading:
        """Return what flows in a circuit."""
        return self._reading.circuits.get(circuit.id, _NOTHING)

    def power_w(self, circuit: Circuit) -> float | None:
        """Return its power in W; from its currents when it does not come by itself."""
        carried = self.carried(circuit)
        if carried.power_w is not None or self.missing(circuit):
            return carried.power_w
        return sum(self.voltage_v(line) * carried.current_a[line] for line in circuit.lines)

    def missing(self, circuit: Circuit) -> frozenset[Phase]:
        """Return the lines that should be measured and are not now."""
        return self._missing[circuit.id]

    def voltage_v(self, line: Phase) -> float:
        """Return the voltage between a line and neutral; 0 V is told of a line that is not connected to its meter."""
        return self._reading.voltage_v.get(line) or self.settings.voltage_v

    def path(self, circuit: str) -> tuple[Circuit, ...]:
        """Return a circuit and all that contain it, the innermost first; none of an unknown one, and each once."""
        return self._paths.get(circuit, ())

    def is_blind(self, circuit: str, lines: tuple[Phase, ...]) -> bool:
        """Tell whether something that limits these lines of a circuit is not known now, or leads nowhere."""
        path = self.path(circuit)
        if not path or path[-1].parent is not None:
            return True
        return any(self._is_blind(above, lines) for above in path)

    def uses(self, circuit: str, drawn: Lines, rated: Lines) -> Iterator[tuple[Key, float]]:
        """Return what a consumer takes of each pool: as drawn where that is measured, else as rated."""
        for above in self.path(circuit):
            counted = drawn if above.lines else rated
            for line, current_a in counted.items():
                if not above.lines or line in above.lines:
                    yield (above.id, line), current_a
            if self.limit_w(above) is not None:
                yield (above.id, None), sum(self.voltage_v(line) * current_a for line, current_a in counted.items())

    def alone_a(self, circuit: str, lines: tuple[Phase, ...]) -> float:
        """Return what these lines of a circuit could draw if nothing else drew anything, in A on each."""
        ones = dict.fromkeys(lines, 1.0)
        return min((self._limit(key) / share for key, share in self.uses(circuit, ones, ones)), default=math.inf)

    def _limit(self, key: Key) -> float:
        circuit = self.by_id[key[0]]
        limit_w = self.limit_w(circuit)
        return limit_w if key[1] is None and limit_w is not None else self.limit_a(circuit)

    def _is_blind(self, circuit: Circuit, lines: tuple[Phase, ...]) -> bool:
        if not circuit.lines:
            return False
        if self.limit_w(circuit) is not None and self.power_w(circuit) is None:
            return True
        return not self.missing(circuit).isdisjoint(lines)

    def _left(self, circuit: Circuit) -> Iterator[tuple[Key, float]]:
        """Return what is left in one circuit: before the limits, or of all when nothing is measured there."""
        limit_a, limit_w = self.limit_a(circuit), self.limit_w(circuit)
        carried_a = self.carried(circuit).current_a
        for line in circuit.lines or Phase:
            yield (circuit.id, line), limit_a - (carried_a.get(line, 0.0) if circuit.lines else 0.0)
        if limit_w is not None:
            yield (circuit.id, None), limit_w - ((self.power_w(circuit) or 0.0) if circuit.lines else 0.0)

    def _lowest_w(self, circuit: Circuit) -> float | None:
        told_w = self._limits.get(circuit.id, NO_LIMIT).power_w
        limits_w = [limit_w for limit_w in (circuit.limit_w, told_w) if limit_w is not None]
        return max(min(limits_w), 0.0) if limits_w else None

    def _not_measured(self, circuit: Circuit) -> frozenset[Phase]:
        return frozenset(circuit.lines) - self.carried(circuit).current_a.keys()

    def _path(self, circuit: str) -> tuple[Circuit, ...]:
        found: dict[str, Circuit] = {}
        above: str | None = circuit
        while above is not None and above in self.by_id and above not in found:
            found[above] = self.by_id[above]
            above = self.by_id[above].parent
        return tuple(found.values())
