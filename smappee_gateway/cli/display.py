"""How a gateway looks in a terminal: the site above, its channels below, its other devices last."""

from collections.abc import Iterator

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mqtt_schema.points import Row, Scope, ScopeKind, Value, points
from mqtt_schema.quantities import Quantity
from smappee_gateway.cli.channel_table import LINES_AROUND, channel_table
from smappee_gateway.cli.device_table import device_table
from smappee_gateway.cli.wording import point
from smappee_gateway.freshness import Feed
from smappee_gateway.session import Session

FEED_STYLES = {Feed.FRESH: "green", Feed.WAITING: "yellow", Feed.STALE: "red"}
ABOVE = (ScopeKind.SITE, ScopeKind.PHASE)


class Picture:
    """A gateway, drawn for the width of the terminal; one that is redrawn for its height, too."""

    def __init__(self, session: Session, feed: Text, sharing: int | None = None) -> None:
        """`sharing`: how many pictures share the screen, when it is redrawn; otherwise they may be of any length."""
        self._session = session
        self._feed = feed
        self._sharing = sharing

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw everything; when that is too long, powers and the channels that fit, those of grid and solar first."""
        whole = self._whole(options.max_width)
        if self._sharing is None:
            yield whole
            return
        lines = options.size.height // self._sharing - 1
        yield whole if _height(console, options, whole) <= lines else self._compact(console, options, lines)

    def _whole(self, width: int) -> RenderableType:
        tables = [channel_table(self._session, width), device_table(self._session)]
        return Group(self._site(), *(table for table in tables if table is not None))

    def _compact(self, console: Console, options: ConsoleOptions, lines: int) -> RenderableType:
        site = self._site(only=Quantity.POWER)
        rows = lines - _height(console, options, site) - LINES_AROUND
        return Group(site, channel_table(self._session, options.max_width, rows))

    def _site(self, only: Quantity | None = None) -> Panel:
        """One line for each quantity."""
        lines: dict[str, list[str]] = {}
        for row, scope, value in _above(self._session):
            if only in {None, row.quantity}:
                lines.setdefault(row.quantity, []).append(f"{_label(row, scope)} [bold]{point(row, value)}[/]".strip())
        grid = Table.grid(padding=(0, 2))
        for quantity, values in lines.items():
            grid.add_row(Text(quantity.capitalize(), style="dim"), "   ".join(values))
        identity = self._session.site.identity
        title = "Smappee" if identity is None else escape(f"{identity.model or 'Smappee'} {identity.serial}")
        return Panel(grid, title=title, subtitle=self._feed, box=box.ROUNDED, expand=False, padding=(0, 1))


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
        f"{_label(row, scope)} {point(row, value)}"
        for row, scope, value in _above(session)
        if row.quantity is Quantity.POWER and value is not None
    ]
    return f"{', '.join(values)} ({feed.plain.removeprefix('● ')})"


def _above(session: Session) -> Iterator[tuple[Row, Scope, Value]]:
    site, readings = session.site, session.readings
    return ((row, scope, row.value(site, readings, scope.id)) for row, scope in points(site) if row.scope in ABOVE)


def _label(row: Row, scope: Scope) -> str:
    """A name without the quantity, which stands before it."""
    return scope.id or row.key.removesuffix(row.quantity).strip("_").replace("_", " ")


def _height(console: Console, options: ConsoleOptions, picture: RenderableType) -> int:
    return len(console.render_lines(picture, options, pad=False))
