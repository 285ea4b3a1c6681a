"""The truth: the meters of the utilities, and what really flowed behind them."""

from dataclasses import dataclass, field
from enum import Enum


class Medium(Enum):
    """What flows through a volume meter."""

    WATER = "water"
    RAINWATER = "rainwater"
    GAS = "gas"


@dataclass(slots=True)
class TrueMeter:
    """Since the house was built: energies in joule, volumes in m³.

    The phases are netted at each instant, as a utility meter does. What a battery takes and gives is neither the
    house's use nor the sun's gift, and is counted on its alternating-current side.
    """

    import_j: float = 0.0
    export_j: float = 0.0
    house_j: float = 0.0
    solar_j: float = 0.0
    charged_j: float = 0.0
    discharged_j: float = 0.0
    loads_j: dict[str, float] = field(default_factory=dict)
    volumes_m3: dict[Medium, float] = field(default_factory=lambda: dict.fromkeys(Medium, 0.0))
    line_powers_w: list[float] = field(default_factory=list)
    """Of each line now, against the neutral or the virtual star point; above 0 is import."""
    line_currents_a: list[float] = field(default_factory=list)
    """Of each line now, with the sign of its power."""

    def add_grid(self, net_w: float, seconds: float) -> None:
        """Count `net_w`, the sum over the phases at one instant, held for `seconds`."""
        if net_w > 0:
            self.import_j += net_w * seconds
        else:
            self.export_j -= net_w * seconds

    def add_load(self, name: str, watts: float, seconds: float) -> None:
        """Count what a load used."""
        self.house_j += watts * seconds
        self.loads_j[name] += watts * seconds

    def add_solar(self, watts: float, seconds: float) -> None:
        """Count what an inverter gave (negative while it draws)."""
        self.solar_j += watts * seconds

    def add_battery(self, watts: float, seconds: float) -> None:
        """Count what a battery took, or gave where `watts` is below 0."""
        if watts > 0:
            self.charged_j += watts * seconds
        else:
            self.discharged_j -= watts * seconds

    def pulses(self, medium: Medium, pulses_per_m3: float) -> int:
        """What a pulse output on that meter has given since the house was built."""
        return int(self.volumes_m3[medium] * pulses_per_m3)
