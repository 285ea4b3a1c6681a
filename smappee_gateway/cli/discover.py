"""`discover`: which gateways are in this network, and whether this project reads them."""

import argparse
import os
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from smappee_gateway.cli.errors import CannotRunError
from smappee_gateway.discovery import FoundGateway, search

EXIT_NOTHING_FOUND = 1
NOTHING_FOUND = """No gateway has announced itself.

 • Is it on, and in the same network as this computer? mDNS does not cross routers, VPNs or guest networks.
 • Its mDNS name may have been changed or switched off in the expert portal; then look up its address in your router.
 • A Connect (serial number 51…) announces nothing and has no MQTT.
 • With an address at hand: python -m smappee_gateway watch ADDRESS"""

SUPPORT: Mapping[str, str] = {
    "Genius": "yes",
    "Plus": "yes",
    "Solar": "yes, when its firmware can send MQTT to a broker of yours",
    "Connect": "no: it has no MQTT",
}
NOT_SUPPORTED = "no"


async def run(console: Console, options: argparse.Namespace) -> int:
    """Search for a while, naming what is found at once, and end with a table."""
    console.print(f"Searching for {options.seconds:g} s …")
    try:
        found = await search(options.seconds, lambda gateway: console.print(_line(gateway)), options.interface)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotRunError(
            f"cannot search on {options.interface or 'this network'}: {reason}; "
            "give the IPv4 address of one of this computer's interfaces with --interface"
        ) from error
    console.print(_table(found) if found else NOTHING_FOUND)
    return 0 if found else EXIT_NOTHING_FOUND


def _line(gateway: FoundGateway) -> str:
    return f"  found {gateway.model or 'unknown model'} {gateway.serial} at {gateway.address}"


def _table(found: tuple[FoundGateway, ...]) -> Table:
    table = Table("Serial", "Model", "Address", "Read by this project")
    for gateway in sorted(found, key=lambda gateway: gateway.serial):
        support = SUPPORT.get(gateway.model, NOT_SUPPORTED)
        table.add_row(gateway.serial, gateway.model or "unknown", gateway.address, support)
    return table
