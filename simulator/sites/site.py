"""The description of an installation: the supply, the circuits of the house, and the gateway with its CTs and plugs.

A `Site` is a plain value; `House` brings its circuits to life and `Gateway` measures them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

from simulator.house.appliances import Appliance
from simulator.house.breaker import Breaker
from simulator.house.contacts import Contact
from simulator.house.heaters import GasBoiler
from simulator.house.water import WaterUse
from simulator.sites.accessories import MOST_MODULES, GasWaterSensor, InputModule, OutputModule, Switch
from simulator.sites.topology import Pair, Phase, Topology


class GatewayKind(StrEnum):
    """The kinds of gateway; the value is the name on the command line."""

    GENIUS = "genius"
    PLUS = "plus"
    SOLAR = "solar"


class Role(Enum):
    """What a CT measures; the wire's words for it stand in `measurement_types`."""

    GRID = "grid"
    SOLAR = "solar"
    LOAD = "load"
    HOUSE = "house"
    """All loads together, as a Solar computes them."""
    UNUSED = "unused"
    """An input without a CT, as a Plus lists it."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """One load, inverter or battery with its wiring: the demand is shared equally by ``branches``.

    Those of a charger are its terminals L1, L2, L3 in this order, and a car uses the first ones.
    """

    name: str
    appliance: Appliance
    branches: tuple[Pair, ...]
    produces: bool = False
    stores: bool = False
    """A battery: what it takes is not used, what it gives is not made."""
    attended: bool = False
    """Somebody is at home when it draws more than its standby: it makes ``presence`` true."""


@dataclass(frozen=True, slots=True)
class CurrentTransformer:
    """One CT: an input of a hub on the bus, and the meaning the owner gave it.

    The CTs of one load share its name. ``circuit`` names the measured circuit; empty for a grid CT, which embraces the
    whole incoming line. ``is_reversed`` and ``nilm`` appear in channelConfigV2 only: the gateway has already turned the
    sign of a reversed CT.
    """

    name: str
    role: Role
    phase: Phase
    hub: str
    hub_input: int
    circuit: str = ""
    is_reversed: bool = False
    nilm: bool = False

    @property
    def formula(self) -> str:
        """The wire's link from a measurement to its input (protocol facts 3.5)."""
        return f"${self.hub}/{self.hub_input}$"


@dataclass(frozen=True, slots=True)
class Plug:
    """A comfort plug: one-way radio, it switches the circuit of the same name."""

    node_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the gateway says it is (protocol facts 3.4)."""

    serial_number: str
    device_uuid: str
    location_uuid: str
    location_id: int
    time_zone: str = "Europe/Brussels"

    def topic(self, name: str) -> str:
        """The full topic of `name`, such as ``realtime``, in the service location."""
        return f"servicelocation/{self.location_uuid}/{name}"


@dataclass(frozen=True, slots=True)
class Site:
    """An installation. ``transformers`` is in the order of ``publishIndex``, which need not be that of the hubs.

    Raises ValueError for Input and Output modules on another gateway than a Genius, or for more than it allows.
    """

    identity: Identity
    topology: Topology
    circuits: tuple[Circuit, ...]
    transformers: tuple[CurrentTransformer, ...]
    plugs: tuple[Plug, ...] = ()
    gateway: GatewayKind = GatewayKind.GENIUS
    latitude_deg: float = 50.85
    longitude_deg: float = 4.35
    water_uses: tuple[WaterUse, ...] = ()
    gas_boiler: GasBoiler | None = None
    contacts: tuple[Contact, ...] = ()
    switches: tuple[Switch, ...] = ()
    sensors: tuple[GasWaterSensor, ...] = ()
    output_modules: tuple[OutputModule, ...] = ()
    input_modules: tuple[InputModule, ...] = ()
    breakers: tuple[Breaker, ...] = ()
    """They watch and tell, and never cut anything off."""

    def __post_init__(self) -> None:
        modules = len(self.output_modules) + len(self.input_modules)
        if modules and self.gateway is not GatewayKind.GENIUS:
            raise ValueError(f"a {self.gateway} knows no Input and Output modules; they need a {GatewayKind.GENIUS}")
        if modules > MOST_MODULES:
            raise ValueError(f"{modules} Input and Output modules; the system has at most {MOST_MODULES}")


HUB_INPUTS: Final = 4


def on_hubs(hubs: Sequence[str], clamps: Iterable[tuple[str, Role, str]]) -> tuple[CurrentTransformer, ...]:
    """CTs mounted one after the other on `hubs`, four each, for rows of name, role and phases (``"ABC"``).

    A grid row may name its CTs apart with ``{}``, which becomes the number of the line.
    """
    single = [(name, role, Phase[letter]) for name, role, letters in clamps for letter in letters]
    return tuple(
        CurrentTransformer(
            name=name.format(phase.value + 1),
            role=role,
            phase=phase,
            hub=hubs[position // HUB_INPUTS],
            hub_input=position % HUB_INPUTS,
            circuit="" if role is Role.GRID else name,
        )
        for position, (name, role, phase) in enumerate(single)
    )
