"""What ``--once`` tells: the CTs, and the whole house."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from demo.charging import Charging
from demo.diagnostics import Diagnostics
from demo.figures import SITE, States
from demo.house import House


@dataclass(frozen=True, slots=True)
class Row:
    """A CT and what it shows."""

    name: str
    role: str
    phase: str | None
    power_w: float | None
    current_a: float | None

    @property
    def complete(self) -> bool:
        """Whether everything is known."""
        return None not in (self.phase, self.power_w, self.current_a)


def rows(house: House, now: States, diagnostics: Diagnostics) -> list[Row]:
    """Return every CT."""
    return [
        Row(
            name=now[ct.current].name,
            role=ct.channel.role,
            phase=None if ct.channel.phase is None else f"L{ct.channel.phase + 1}",
            power_w=diagnostics.power_w(ct.channel),
            current_a=now[ct.current].number,
        )
        for ct in house.transformers
    ]


def channel_table(channels: Sequence[Row]) -> Table:
    """Show the CTs."""
    table = Table("CT channel", "Role", "Phase", title=f"{len(channels)} CT channels")
    for heading in ("Power", "Current"):
        table.add_column(heading, justify="right")
    for row in channels:
        power, current = _number(row.power_w, "W"), _number(row.current_a, "A", decimals=1)
        table.add_row(row.name, row.role, row.phase or "?", power, current)
    return table


def site_table(house: House, now: States) -> Table:
    """Show grid, solar and house: power, and the energies since Home Assistant listens."""
    table = Table("", title="The whole house")
    for heading in ("Power", "Energy"):
        table.add_column(heading, justify="right")
    for name, (power, *energies) in SITE.items():
        kwh = " / ".join(_number(now[house.site[energy]].number, "kWh", decimals=3) for energy in energies)
        table.add_row(name, _number(now[house.site[power]].number, "W"), kwh)
    return table


def charging_table(charging: Charging, now: States) -> Table:
    """Show what the balancing decides."""
    table = Table("", "", title="The charger and its fuse")
    target, *headroom = (now[entity].number for entity in (charging.target, *charging.headroom))
    table.add_row("May draw", _number(target, "A", decimals=1))
    table.add_row("Because", now[charging.reason].state)
    table.add_row("Headroom", " / ".join(_number(free_a, "A", decimals=1) for free_a in headroom))
    return table


def _number(value: float | None, unit: str, decimals: int = 0) -> str:
    return "?" if value is None else f"{value:.{decimals}f} {unit}"
