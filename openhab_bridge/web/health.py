"""/health: whether everything works, for the checks of containers and services."""

from collections.abc import Iterator

from openhab_bridge.status import ConnectionStatus, GatewayStatus, Status
from openhab_bridge.web.wording import last_heard, one_line


def problems(status: Status) -> tuple[str, ...]:
    """Return what is wrong, a line each; nothing when the bridge is healthy."""
    return tuple(one_line(text) for text in _problems(status))


def _problems(status: Status) -> Iterator[str]:
    for gateway in status.gateways:
        if not gateway.fresh:
            yield f"gateway {gateway.serial or 'of unknown serial number'} at {gateway.address}: {_silence(gateway)}"
    for connection in status.connections:
        if not connection.works:
            wrong = connection.failure if connection.connected else _absence(connection)
            yield f"connection {connection.name} to {status.target}: {wrong}"


def _silence(gateway: GatewayStatus) -> str:
    if not gateway.connected:
        return _absence(gateway)
    reason = f" ({gateway.failure})" if gateway.failure else ""
    return f"connected, but {last_heard(gateway)}{reason}"


def _absence(link: GatewayStatus | ConnectionStatus) -> str:
    return f"not connected ({link.failure})" if link.failure else "not connected"
