"""What a scenario can let happen. Each looks at the gateway when it is arranged, so that a mistake shows at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import UnionType
from typing import Protocol

from simulator.faults.table import Fault
from simulator.gateway.gateway import Gateway
from simulator.gateway.message import compact
from simulator.gateway.output_modules import WORD_OF, Behaviour, LiveModule, OutputModules
from simulator.house.appliances import EvCharger, HeatPump, Programme
from simulator.house.charging.charger import Charger

type Act = Callable[[], None]


class NotThereError(Exception):
    """The site lacks what a scenario speaks of; the message says what it has instead."""

    def __init__(self, what: str, there: Iterable[object]) -> None:
        choice = ", ".join(repr(each) for each in there)
        super().__init__(f"the site has no {what}; it has {choice or 'none'}")


class Happening(Protocol):
    """Something that happens at a time."""

    def prepare(self, gateway: Gateway) -> Act:
        """Return what does it. Raises NotThereError when the site lacks what it needs."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """A fault, for ``duration_s`` or its usual duration."""

    fault: Fault
    duration_s: float | None = None

    def prepare(self, gateway: Gateway) -> Act:
        """Inject it."""
        return lambda: gateway.inject(self.fault, duration_s=self.duration_s)


@dataclass(frozen=True, slots=True)
class PlugCommand:
    """Somebody commands a comfort plug or a Switch, as the vendor's app would: the gateway hears it and tells."""

    node_id: int
    on: bool

    def prepare(self, gateway: Gateway) -> Act:
        """Command it."""
        site = gateway.house.site
        nodes = [plug.node_id for plug in site.plugs] + [switch.node_id for switch in site.switches]
        if self.node_id not in nodes:
            raise NotThereError(f"plug {self.node_id}", nodes)
        payload = compact({"value": "ON" if self.on else "OFF"})
        return lambda: gateway.command(f"plug/{self.node_id}/setstate", payload)


@dataclass(frozen=True, slots=True)
class RelayCommand:
    """Somebody commands the relay that carries ``circuit``; the other relay of the module stays as it is."""

    circuit: str
    on: bool

    def prepare(self, gateway: Gateway) -> Act:
        """Command its module."""
        modules = _output_modules(gateway)
        carried = [name for live in modules for name in live.module.circuits if name]
        for live in modules:
            if self.circuit in live.module.circuits:
                return lambda: self._command(gateway, live)
        raise NotThereError(f"relay for the circuit {self.circuit!r}", dict.fromkeys(carried))

    def _command(self, gateway: Gateway, live: LiveModule) -> None:
        first, second = (
            self.on if name == self.circuit else was_on
            for name, was_on in zip(live.module.circuits, live.relays, strict=True)
        )
        gateway.command(f"{live.module.topic}/setstate", compact({"value": WORD_OF[first, second]}))


@dataclass(frozen=True, slots=True)
class ModuleBehaviour:
    """From now on the Output modules take commands like this."""

    behaviour: Behaviour

    def prepare(self, gateway: Gateway) -> Act:
        """Change it."""
        if not _output_modules(gateway):
            raise NotThereError("Output module", ())
        modules = gateway.provider(OutputModules)

        def act() -> None:
            modules.behaviour = self.behaviour

        return act


@dataclass(frozen=True, slots=True)
class Connection:
    """A circuit is cut off at the distribution board, or connected again."""

    circuit: str
    on: bool

    def prepare(self, gateway: Gateway) -> Act:
        """Connect it or cut it off."""
        _must_be_among(gateway.house.circuits, "circuit", self.circuit)
        return lambda: gateway.house.connect(self.circuit, on=self.on)


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody starts an appliance that has a programme, or a heat pump."""

    circuit: str

    def prepare(self, gateway: Gateway) -> Act:
        """Start it."""
        _must_be_among(_circuits_of(gateway, Programme | HeatPump), "appliance to start", self.circuit)
        return lambda: gateway.house.start(self.circuit)


@dataclass(frozen=True, slots=True)
class CarArrival:
    """A car comes home to the charger."""

    charger: str

    def prepare(self, gateway: Gateway) -> Act:
        """Plug it in."""
        _must_be_among(_circuits_of(gateway, EvCharger | Charger), "EV charger", self.charger)
        return lambda: gateway.house.start(self.charger)


@dataclass(frozen=True, slots=True)
class ChargeLimit:
    """The EV charger is told its limit, A per phase."""

    ampere: float

    def prepare(self, gateway: Gateway) -> Act:
        """Tell it."""

        def act() -> None:
            gateway.house.charge_limit_a = self.ampere

        return act


@dataclass(frozen=True, slots=True)
class Weather:
    """Clouds cover this share of the sky, 0 to 1; None is the usual weather, by chance."""

    cloud: float | None

    def prepare(self, gateway: Gateway) -> Act:
        """Move them."""

        def act() -> None:
            gateway.house.cloud = self.cloud

        return act


@dataclass(frozen=True, slots=True)
class Leak:
    """Water leaks on the mains, litres per hour; 0 is repaired."""

    litres_per_h: float

    def prepare(self, gateway: Gateway) -> Act:
        """Let it flow."""

        def act() -> None:
            gateway.house.plumbing.leak_l_per_h = self.litres_per_h

        return act


def _output_modules(gateway: Gateway) -> list[LiveModule]:
    """Those of the gateway; a kind that knows none has none."""
    if not gateway.house.site.output_modules:
        return []
    return list(gateway.provider(OutputModules).modules.values())


def _circuits_of(gateway: Gateway, kind: type | UnionType) -> list[str]:
    return [circuit.name for circuit in gateway.house.site.circuits if isinstance(circuit.appliance, kind)]


def _must_be_among(there: Iterable[str], kind: str, name: str) -> None:
    names = list(there)
    if name not in names:
        raise NotThereError(f"{kind} {name!r}", names)
