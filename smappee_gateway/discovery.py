"""Finds gateways by mDNS: each announces itself as `Smappee<serial>` (protocol facts §1.1)."""

import asyncio
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass

from zeroconf import InterfaceChoice, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from mqtt_schema.model import Identity

SERVICE_TYPE = "_ssh._tcp.local."
_NAME = re.compile(r"smappee(?P<serial>\d+)\.", re.IGNORECASE)
_RESOLVE_MS = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGateway:
    """A gateway that announced itself."""

    serial: str
    address: str
    """IPv4 where it has one, else IPv6."""

    @property
    def model(self) -> str:
        """Product name by serial prefix; empty when the prefix is unknown."""
        return Identity(serial=self.serial, location="").model


async def search(
    seconds: float, on_found: Callable[[FoundGateway], None], interface: str | None = None
) -> tuple[FoundGateway, ...]:
    """Listen for `seconds` on all interfaces, or on that with the address `interface`; each gateway is told at once.

    Raises OSError when no interface has that address.
    """
    if interface is not None:
        _require(interface)
    network = AsyncZeroconf(interfaces=InterfaceChoice.All if interface is None else [interface])
    listener = _Listener(on_found)
    try:
        async with asyncio.TaskGroup() as lookups:
            listener.lookups = lookups
            browser = AsyncServiceBrowser(network.zeroconf, SERVICE_TYPE, handlers=[listener.hear])
            await asyncio.sleep(seconds)
            await browser.async_cancel()
    finally:
        await network.async_close()
    return tuple(listener.found.values())


class _Listener:
    """Takes the names that are announced and looks up the addresses behind those that could be a gateway's."""

    lookups: asyncio.TaskGroup

    def __init__(self, on_found: Callable[[FoundGateway], None]) -> None:
        self.found: dict[str, FoundGateway] = {}
        self._on_found = on_found

    def hear(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        """Take one name, as the service browser tells it."""
        match = _NAME.match(name)
        if match and state_change is not ServiceStateChange.Removed:
            self.lookups.create_task(self._look_up(zeroconf, AsyncServiceInfo(service_type, name), match["serial"]))

    async def _look_up(self, zeroconf: Zeroconf, info: AsyncServiceInfo, serial: str) -> None:
        await info.async_request(zeroconf, _RESOLVE_MS)
        addresses = info.parsed_scoped_addresses()
        if addresses and serial not in self.found:
            self.found[serial] = FoundGateway(serial=serial, address=addresses[0])
            self._on_found(self.found[serial])


def _require(interface: str) -> None:
    """Raise OSError for an address of no interface: zeroconf finds out too late, and leaves sockets open."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((interface, 0))
