"""The announcement by which clients find a gateway (protocol facts 1.1)."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from zeroconf import ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

SERVICE_TYPE: Final = "_ssh._tcp.local."
SSH_PORT: Final = 22


@asynccontextmanager
async def announced(serial_number: str, host: str) -> AsyncIterator[None]:
    """Announce ``Smappee<serial>`` at the IPv4 address `host`, on its interface, while the context lasts.

    Raises OSError when no interface has that address.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))  # zeroconf finds out too late, and leaves sockets open
    service = ServiceInfo(
        SERVICE_TYPE,
        f"Smappee{serial_number}.{SERVICE_TYPE}",
        parsed_addresses=[host],
        port=SSH_PORT,
        properties={},
        server=f"Smappee{serial_number}.local.",
    )
    zeroconf = AsyncZeroconf(interfaces=[host])
    try:
        await (await zeroconf.async_register_service(service))
        yield
    finally:
        await zeroconf.async_unregister_all_services()
        await zeroconf.async_close()
