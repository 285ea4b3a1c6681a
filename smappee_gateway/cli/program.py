"""Runs a command until it is done or a signal comes."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from rich.console import Console

from smappee_gateway.cli import capture, discover, replay, watch
from smappee_gateway.cli.errors import CannotRunError
from smappee_gateway.cli.options import parser

EXIT_CANNOT_RUN = 2
WIDTH = 120
"""Of lines that go to a file or another program."""

type Command = Callable[[Console, argparse.Namespace], Awaitable[int]]

COMMANDS: Mapping[str, Command] = {
    "discover": discover.run,
    "watch": watch.run,
    "capture": capture.run,
    "replay": replay.run,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; Ctrl-C ends it with 0, what cannot be done with 2."""
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    try:
        return asyncio.run(_until_signal(COMMANDS[options.command](_console(), options)))
    except CannotRunError as error:
        sys.stderr.write(f"smappee_gateway: {error}\n")
        return EXIT_CANNOT_RUN


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)


async def _until_signal(command: Awaitable[int]) -> int:
    running = asyncio.ensure_future(command)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    with suppress(asyncio.CancelledError):
        return await running
    return 0
