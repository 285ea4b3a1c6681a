"""The program: reads the command line and the configuration, and ends with an exit status that tells what happened."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Final

from openhab_bridge.cli import check, export, run
from openhab_bridge.cli.errors import CannotRunError
from openhab_bridge.configuration.errors import ConfigurationError
from openhab_bridge.files import FILES

type Command = Callable[[argparse.Namespace, Mapping[str, str]], Coroutine[None, None, int]]

CANNOT_RUN: Final = 1
MISUSED: Final = 2
"""Wrong arguments, or a configuration that cannot be used; trying again does not help."""
INTERRUPTED: Final = 130
"""As shells have it after Ctrl-C. `run` listens to the signal itself, takes leave and ends with 0."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns 0, 1 when it cannot do its work, or 2 for a mistake of the command line or the file."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return asyncio.run(command(options, os.environ))
    except ConfigurationError as error:
        return _say(str(error), MISUSED)
    except CannotRunError as error:
        return _say(str(error), CANNOT_RUN)
    except KeyboardInterrupt:
        return INTERRUPTED


def _say(text: str, status: int) -> int:
    sys.stderr.write(f"error: {text}\n")
    return status


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="smappee-bridge",
        description="Brings Smappee gateways to an MQTT broker: Homie, plain topics, Home Assistant discovery.",
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    running = _command(commands, "run", "run until SIGTERM or Ctrl-C; SIGHUP reads the configuration again")
    running.add_argument("--quiet", action="store_true", help="log only warnings and errors")
    running.set_defaults(command=run.main)
    checking = _command(commands, "check", "check the configuration, say what the bridge would do, and try the brokers")
    checking.add_argument("--offline", action="store_true", help="try no broker")
    checking.set_defaults(command=check.main)
    exporting = _command(commands, "export", "write files for openHAB or evcc, from what the gateways have now")
    exporting.add_argument("kind", choices=sorted(FILES))
    exporting.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    exporting.set_defaults(command=export.main)
    return whole


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, does: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, description=does)
    command.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="bridge.yaml; without it: the gateways that are found by mDNS, and a broker on this machine",
    )
    return command
