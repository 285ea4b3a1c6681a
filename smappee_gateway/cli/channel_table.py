"""The table of channels: as many columns and rows as fit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from rich import box
from rich.console import JustifyMethod
from rich.markup import escape
from rich.table import Table

from mqtt_schema.model import Channel
from mqtt_schema.quantities import Phase, Role, Topology
from smappee_gateway.cli.figures import ChannelFigures, figures
from smappee_gateway.cli.wording import UNKNOWN, number
from smappee_gateway.session import Session

STYLES = {Role.GRID: "cyan", Role.SOLAR: "yellow", Role.BATTERY: "green", Role.EV: "magenta", Role.LOAD: "white"}
NOTE = "* derived: Q = √(S² − P²), its size only"
LINE_NOTES = {
    Topology.STAR: "; V L-L of a line and the next from their V L-N",
    Topology.SPLIT_PHASE: "; V L-L is the sum of both V L-N",
    Topology.DELTA: "; V L-L as sent; of two CTs on a delta supply only the sum of P is a power",
}
ROLES = tuple(Role)
"""Grid and solar first, when not all rows fit."""

ALWAYS, NARROW, HALF, FULL = 0, 48, 64, 80
"""Letters of a line from which on a column is shown: less first what is derived or rarely changes."""
LINES_AROUND = 5
"""Of the screen, for the heading of the table and what is said below it."""
EDGES = 4
"""Spaces at both sides, and behind the names."""
FEWEST_ROWS = 3


class Shown(NamedTuple):
    """A channel and its figures."""

    channel: Channel
    figures: ChannelFigures


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; `width` is that of its widest usual value, and of its heading."""

    heading: str
    width: int
    from_width: int
    cell: Callable[[Shown], str]
    justify: JustifyMethod = "right"


COLUMNS = (
    Column("CT", 2, ALWAYS, lambda shown: str(shown.channel.index)),
    Column("Load", 8, ALWAYS, lambda shown: escape(shown.channel.name), "left"),
    Column("Role", 5, NARROW, lambda shown: shown.channel.role, "left"),
    Column("Phase", 5, NARROW, lambda shown: _phase(shown.channel.phase), "left"),
    Column("P W", 6, ALWAYS, lambda shown: number(shown.figures.power_w)),
    Column("Q* var", 6, HALF, lambda shown: number(shown.figures.reactive_var)),
    Column("PF", 5, HALF, lambda shown: number(shown.figures.power_factor, 2)),
    Column("I A", 5, ALWAYS, lambda shown: number(shown.figures.current_a, 1)),
    Column("V L-N", 5, FULL, lambda shown: number(shown.figures.line_to_neutral_v)),
    Column("V L-L*", 6, FULL, lambda shown: number(shown.figures.line_to_line_v)),
)


def channel_table(session: Session, width: int, rows: int | None = None) -> Table:
    """Draw the channels on lines of `width` letters; with `rows` only so many, and how many are missing."""
    site = session.site
    columns = [column for column in COLUMNS if column.from_width <= width]
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), caption_justify="left")
    for column in columns:
        _add(table, column, site.topology, _widest(column, columns, width))
    channels, missing = _fitting(site.channels, rows)
    for channel in channels:
        shown = Shown(channel, figures(channel, session.readings, site.topology))
        table.add_row(*(column.cell(shown) for column in columns), style=STYLES.get(channel.role, ""))
    table.caption = f"… and {missing} more; a taller window shows them" if missing else _note(site.topology, width)
    return table


def _add(table: Table, column: Column, topology: Topology, widest: int) -> None:
    """A column never becomes narrower than its values; only names are cut."""
    sent = topology is Topology.DELTA and column.heading == "V L-L*"
    heading = column.heading.rstrip("*") if sent else column.heading
    table.add_column(
        heading,
        justify=column.justify,
        no_wrap=True,
        overflow="ellipsis",
        min_width=column.width,
        max_width=widest,
    )


def _widest(column: Column, columns: list[Column], width: int) -> int:
    """What the other columns, two spaces after each and the edges leave; rich would rather drop the last column."""
    if column.heading != "Load":
        return width
    others = sum(other.width + 2 for other in columns if other is not column)
    return max(column.width, width - others - EDGES)


def _fitting(channels: tuple[Channel, ...], rows: int | None) -> tuple[tuple[Channel, ...], int]:
    if rows is None or len(channels) <= rows:
        return channels, 0
    by_role = sorted(channels, key=lambda channel: ROLES.index(channel.role))
    kept = tuple(by_role[: max(rows, FEWEST_ROWS)])
    return kept, len(channels) - len(kept)


def _phase(phase: Phase | None) -> str:
    return UNKNOWN if phase is None else Phase(phase).name


def _note(topology: Topology, width: int) -> str | None:
    """Say what the stars mean, where there are any."""
    if width < HALF:
        return None
    return NOTE + LINE_NOTES.get(topology, "") if width >= FULL else NOTE
