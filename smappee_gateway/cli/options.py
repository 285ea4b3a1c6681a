"""What can be asked for on the command line."""

import argparse
import math
from pathlib import Path

from smappee_gateway.mqtt_transport import DEFAULT_PORT
from smappee_gateway.probe import PROBE_TIMEOUT_S

SEARCH_S = 5.0


def parser() -> argparse.ArgumentParser:
    """Return the parser; a mistake is explained on stderr and ends the program with 2."""
    whole = argparse.ArgumentParser(
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
    _address(command)
    command.add_argument("--serial", help="which gateway, when several send to this broker")
    command.add_argument("--once", action="store_true", help="print one table and end")
    command.add_argument(
        "--wait",
        type=_positive,
        default=PROBE_TIMEOUT_S,
        metavar="SECONDS",
        help="for the first measurement (default: %(default)s)",
    )


def _capture(command: argparse.ArgumentParser) -> None:
    _address(command)
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


def _replay(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="a capture")
    command.add_argument(
        "--speed", type=_not_negative, default=0.0, help="1: as recorded, 0: as fast as possible (default)"
    )


def _address(command: argparse.ArgumentParser) -> None:
    command.add_argument("host", metavar="HOST", help="address of the gateway, or of the broker it sends to")
    command.add_argument("--port", type=_port, default=DEFAULT_PORT, help="MQTT port (default: %(default)s)")


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 1 << 16:
        raise ValueError(text)
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not number > 0:
        raise ValueError(text)
    return number


def _not_negative(text: str) -> float:
    number = float(text)
    if not 0 <= number < math.inf:
        raise ValueError(text)
    return number
