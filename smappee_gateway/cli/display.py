"""How a gateway looks in a terminal: the site above, its channels below."""

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mqtt_schema.model import Channel, Site
from mqtt_schema.points import Row, Scope, ScopeKind, Value, points
from mqtt_schema.quantities import Phase, Quantity, Role, Topology
from smappee_gateway.cli.figures import figures
from smappee_gateway.freshness import Feed
from smappee_gateway.session import Session

UNKNOWN = "–"
STYLES = {Role.GRID: "cyan", Role.SOLAR: "yellow", Role.LOAD: "white"}
FEED_STYLES = {Feed.FRESH: "green", Feed.WAITING: "yellow", Feed.STALE: "red"}
ABOVE = (ScopeKind.SITE, ScopeKind.PHASE)
NOTE = "* derived: Q = √(S² − P²), its size only"
LINE_NOTES = {
    Topology.STAR: "; V L-L of a line and the next from their V L-N",
    Topology.SPLIT_PHASE: "; V L-L is the sum of both V L-N",
    Topology.DELTA: "; V L-L as sent; of two CTs on a delta supply only the sum of P is a power",
}


def display(session: Session, feed: Text) -> RenderableType:
    """Draw the whole picture."""
    identity = session.site.identity
    title = "Smappee" if identity is None else escape(f"{identity.model or 'Smappee'} {identity.serial}")
    above = Panel(_site(session), title=title, subtitle=feed, box=box.ROUNDED, expand=False, padding=(0, 1))
    return Group(above, _channels(session))


def feed_state(session: Session, now: float, failure: str = "") -> Text:
    """Say whether values arrive; `failure` is why there is no connection."""
    if failure:
        return Text(f"● no connection: {failure}", style="red")
    age_s = session.age_s(now)
    age = "" if age_s is None else f", {age_s:.0f} s old"
    return Text(f"● {session.feed.value}{age}", style=FEED_STYLES[session.feed])


def line(session: Session, feed: Text) -> str:
    """The site in one line, for those who read it elsewhere than in a terminal."""
    values = [
        f"{_label(row, scope)} {_text(row, value)}"
        for row, scope, value in _above(session)
        if row.quantity is Quantity.POWER and value is not None
    ]
    return f"{', '.join(values)} ({feed.plain.removeprefix('● ')})"


def _above(session: Session) -> Iterator[tuple[Row, Scope, Value]]:
    site, readings = session.site, session.readings
    numbers = ((row, scope) for row, scope in points(site) if row.scope in ABOVE and row.unit is not None)
    return ((row, scope, row.value(site, readings, scope.id)) for row, scope in numbers)


def _site(session: Session) -> Table:
    """One line for each quantity."""
    lines: dict[str, list[str]] = {}
    for row, scope, value in _above(session):
        lines.setdefault(row.quantity, []).append(f"{_label(row, scope)} [bold]{_text(row, value)}[/]")
    grid = Table.grid(padding=(0, 2))
    for quantity, values in lines.items():
        grid.add_row(Text(quantity.capitalize(), style="dim"), "   ".join(values))
    return grid


def _label(row: Row, scope: Scope) -> str:
    """A name without the quantity, which stands before it."""
    return scope.id or row.key.removesuffix(row.quantity).strip("_").replace("_", " ")


def _text(row: Row, value: Value) -> str:
    if value is None:
        return UNKNOWN
    return f"{_number(value, row.precision) if isinstance(value, int | float) else value} {row.unit}"


def _number(value: float | None, decimals: int = 0) -> str:
    """Write a number with a real minus sign, and without one before a zero."""
    return UNKNOWN if value is None else f"{value:z.{decimals}f}".replace("-", "−")


def _channels(session: Session) -> Table:
    topology = session.site.topology
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), caption=_note(topology), caption_justify="left")
    table.add_column("CT", justify="right", style="dim")
    table.add_column("Load", no_wrap=True, overflow="ellipsis", min_width=12)
    table.add_column("Role")
    table.add_column("Phase")
    line_heading = "V L-L" if topology is Topology.DELTA else "V L-L*"
    for heading in ("P W", "Q* var", "PF", "I A", "V L-N", line_heading):
        table.add_column(heading, justify="right", no_wrap=True)
    for channel in session.site.channels:
        table.add_row(*_cells(channel, session), style=STYLES.get(channel.role, ""))
    return table


def _cells(channel: Channel, session: Session) -> tuple[str, ...]:
    site: Site = session.site
    shown = figures(channel, session.readings, site.topology)
    return (
        str(channel.index),
        escape(channel.name),
        channel.role,
        UNKNOWN if channel.phase is None else Phase(channel.phase).name,
        _number(shown.power_w),
        _number(shown.reactive_var),
        _number(shown.power_factor, 2),
        _number(shown.current_a, 1),
        _number(shown.line_to_neutral_v),
        _number(shown.line_to_line_v),
    )


def _note(topology: Topology) -> str:
    return NOTE + LINE_NOTES.get(topology, "")
