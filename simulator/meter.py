"""The truth: the meter of the grid operator, and what really flowed behind it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class TrueMeter:
    """Energies in joule since the house was built. The phases are netted at each instant, as a utility meter does."""

    import_j: float = 0.0
    export_j: float = 0.0
    house_j: float = 0.0
    solar_j: float = 0.0
    loads_j: dict[str, float] = field(default_factory=dict)

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
