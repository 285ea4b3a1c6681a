"""``python -m demo``: what ``scripts/demo`` runs after the set-up."""

import argparse
import asyncio
import signal
import sys
from contextlib import suppress
from typing import Final

from rich.console import Console

from demo.errors import DemoError
from demo.run import run

DEFAULT_PORT: Final = 8123
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PORTS: Final = range(1, 65536)


def main() -> int:
    """Run until Ctrl-C, or once; returns the exit status."""
    options = _parser().parse_args()
    try:
        asyncio.run(_until_signal(Console(highlight=False), options.port, once=options.once))
    except DemoError as error:
        Console(stderr=True, highlight=False).print(f"\n[red]error:[/] {error}", soft_wrap=True)
        return error.exit_status
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="A simulated house with a Smappee gateway, in a real Home Assistant, on this machine only.",
    )
    add = parser.add_argument
    add("--port", type=tcp_port, default=DEFAULT_PORT, help="where Home Assistant listens (default: %(default)s)")
    add("--once", action="store_true", help="start, check that live figures arrive, print them, and stop")
    return parser


def tcp_port(text: str) -> int:
    """Read a port number; a mistake names this function."""
    port = int(text)
    if port not in PORTS:
        raise ValueError(text)
    return port


async def _until_signal(console: Console, port: int, *, once: bool) -> None:
    demo = asyncio.create_task(run(console, port, once=once))
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, _stop, console, demo)
    with suppress(asyncio.CancelledError):
        await demo


def _stop(console: Console, demo: asyncio.Task[None]) -> None:
    """Stop at the first Ctrl-C; a second one must not interrupt the stopping."""
    if not demo.cancelling():
        console.print("\nStopping …")
        demo.cancel()


if __name__ == "__main__":
    sys.exit(main())
