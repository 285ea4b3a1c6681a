"""What can be asked for on the command line."""

import argparse
import math
from pathlib import Path

from smappee_gateway.cli import address
from smappee_gateway.probe import PROBE_TIMEOUT_S

SEARCH_S = 5.0


def parser() -> argparse.ArgumentParser:
    """Return the parser; a mistake is explained on stderr and ends the program with 2."""
    whole = address.DiscreetParser(
        prog="python -m smappee_gateway", description="Find Smappee gateways, watch, record and replay them."
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _discover(commands.add_parser("discover", help="search the network for gateways"))
    _watch(commands.add_parser("watch", help="show a live table of what a gateway measures"))
    _capture(commands.add_parser("capture", help="record everything a gateway sends"))
    _replay(commands.add_parser("replay", help="play a capture back and show what it tells"))
    return whole


def _discover(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--seconds", type=_positive, default=SEARCH_S, help="how long to listen (default: %(default)s)"
    )
    command.add_argument("--interface", metavar="ADDRESS", help="search only on the interface with this IPv4 address")


def _watch(command: argparse.ArgumentParser) -> None:
    address.add_to(command)
    command.add_argument("--serial", help="which gateway, when several send to this broker")
    command.add_argument("--once", action="store_true", help="print one table and end")
    command.add_argument(
        "--wait",
        type=_positive,
        default=PROBE_TIMEOUT_S,
        metavar="SECONDS",
        help="for the first measurement (default: %(default)s)",
    )
    _modules(command)


def _capture(command: argparse.ArgumentParser) -> None:
    address.add_to(command)
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="a new file")
    command.add_argument("--seconds", type=_positive, default=math.inf, help="how long (default: until Ctrl-C)")
    privacy = command.add_mutually_exclusive_group()
    privacy.add_argument(
        "--anonymise",
        dest="anonymised",
        action="store_true",
        default=True,
        help="replace serial numbers, identifiers and names (default)",
    )
    privacy.add_argument("--raw", dest="anonymised", action="store_false", help="record everything as it is sent")
    _modules(command)


def _replay(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="a capture")
    _modules(command)
    command.add_argument(
        "--speed",
        type=_not_negative,
        help="1: as recorded (default with --to), 0: as fast as possible (default without)",
    )
    command.add_argument(
        "--to",
        type=address.url,
        metavar="URL",
        help="play it into a broker of your own: mqtt[s]://[user:password@]host[:port]",
    )
    command.add_argument(
        "--clear", action="store_true", help="with --to: play nothing, remove what an earlier replay has left there"
    )


def _modules(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--modules", type=Path, metavar="FILE", help="Input and Output modules, in TOML (see docs/modules.md)"
    )


def _positive(text: str) -> float:
    number = _number(text)
    if number is None or not number > 0:
        raise address.wrong("a number of seconds above 0, such as 2.5", text)
    return number


def _not_negative(text: str) -> float:
    number = _number(text)
    if number is None or not 0 <= number < math.inf:
        raise address.wrong("0 for as fast as possible, or how many times faster than recorded, such as 1 or 10", text)
    return number


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
