"""Shows something that changes: redrawn in a terminal, a line now and then elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.live import Live

REDRAW_S = 0.5
LINE_EVERY_S = 5.0

type Show = Callable[[Callable[[], RenderableType], Callable[[], str]], None]
"""Takes what draws the picture and what writes the line; only one of them is called."""


@contextmanager
def screen(console: Console) -> Iterator[tuple[Show, float]]:
    """Yield what shows, and how often it should be called, in seconds."""
    if not console.is_terminal:
        yield lambda _picture, line: console.print(line(), soft_wrap=True, markup=False), LINE_EVERY_S
        return
    # Drawn by hand: rich would otherwise start a thread of its own.
    with Live(console=console, auto_refresh=False) as live:
        yield lambda picture, _line: live.update(picture(), refresh=True), REDRAW_S
