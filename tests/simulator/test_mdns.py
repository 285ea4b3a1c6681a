"""The announcement that clients look for."""

import pytest
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from simulator.mdns import announced


async def test_a_gateway_is_announced_as_ssh_service_with_an_empty_record() -> None:
    async with announced("5010001234", "127.0.0.1"):
        listener = AsyncZeroconf(interfaces=["127.0.0.1"])
        service = AsyncServiceInfo("_ssh._tcp.local.", "Smappee5010001234._ssh._tcp.local.")
        found = await service.async_request(listener.zeroconf, 5000)
        await listener.async_close()
    assert found
    assert (service.port, service.server) == (22, "Smappee5010001234.local.")
    assert service.parsed_addresses() == ["127.0.0.1"]
    assert not any(service.properties.values())
    assert service.text in {b"", b"\x00"}


async def test_an_address_of_no_interface_raises() -> None:
    with pytest.raises(OSError, match=r".+"):
        async with announced("5010001234", "192.0.2.1"):
            pass
