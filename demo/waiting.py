"""Waiting: visibly, and not for ever."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console

from demo.errors import TooSlowError
from demo.program import Program

POLL_S: Final = 0.2
TIMEOUT_S: Final = 120.0


@contextmanager
def step(console: Console, text: str) -> Iterator[None]:
    """Show that something takes a while, and how long it took."""
    start = time.monotonic()
    if console.is_terminal:
        with console.status(f"{text} …"):
            yield
    else:
        console.print(f"  {text} …")
        yield
    console.print(f"[green]✓[/] {text} ({time.monotonic() - start:.1f} s)")


async def until[T](probe: Callable[[], Awaitable[T | None]], what: str, *programs: Program) -> T:
    """Ask until there is an answer, while `programs` run; raises TooSlowError and ProgramEndedError."""
    deadline = time.monotonic() + TIMEOUT_S
    while (answer := await probe()) is None:
        for program in programs:
            program.require_running()
        if time.monotonic() > deadline:
            logs = ", ".join(str(program.log) for program in programs)
            raise TooSlowError(f"waited {TIMEOUT_S:.0f} s in vain until {what}; see {logs}")
        await asyncio.sleep(POLL_S)
    return answer
