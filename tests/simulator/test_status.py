"""What a person sees while it runs."""

import io

from rich.console import Console

from simulator import Fault
from simulator.status import status
from tests.simulator.living import live, new_gateway


def shown(*, terminal: bool, seconds: int) -> str:
    screen = io.StringIO()
    gateway = new_gateway("home")
    gateway.inject(Fault.BROKEN_JSON, after_s=5)
    with status(Console(file=screen, force_terminal=terminal, width=100), speed=1.0) as watch:
        for _ in range(seconds):
            live(gateway, 1)
            watch(gateway)
    return screen.getvalue()


def test_lines_now_and_then_where_there_is_no_terminal() -> None:
    lines = shown(terminal=False, seconds=25).splitlines()
    assert len(lines) == 3
    assert "2026-06-21 12:00:01 grid" in lines[0]
    assert lines[-1].endswith("happened: broken-json x1")


def test_a_table_on_a_terminal() -> None:
    screen = shown(terminal=True, seconds=8)
    assert all(word in screen for word in ("Smappee5010001234", "Grid", "Solar", "Heat pump", "broken-json x1"))
