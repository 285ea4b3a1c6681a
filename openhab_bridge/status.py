"""How the bridge is: what the status page, /health and /metrics show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayStatus:
    """One gateway."""

    serial: str
    """Empty while it is not known."""
    name: str
    address: str
    """Host and port of its broker."""
    connected: bool
    fresh: bool
    """Whether measurements arrive; only then its values can be trusted."""
    age_s: float | None
    """Seconds since the last new measurement; None before the first."""
    failure: str
    """Why its values cannot be trusted, and what to do; empty while they can."""
    messages: int
    """Received since the start."""
    bad_payloads: int
    """Of them, how many could not be read."""
    properties: int
    """Data points it has now."""
    commands: int
    """Sent since the start."""
    failed_commands: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """One connection to the target broker."""

    name: str
    """What the topics begin with that are published there: those of a Homie device, or the plain ones of a gateway."""
    connected: bool
    failure: str
    """Why there is no connection, or why nothing arrives through it, and what to do; empty while it works."""
    published: int
    """Messages the broker has taken since the start."""
    waiting: int
    """Topics whose newest value it has not taken yet."""

    @property
    def works(self) -> bool:
        """Whether what is published arrives."""
        return self.connected and not self.failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The whole bridge."""

    version: str
    running_s: float
    target: str
    """Host and port of the target broker."""
    gateways: tuple[GatewayStatus, ...]
    connections: tuple[ConnectionStatus, ...]

    @property
    def healthy(self) -> bool:
        """Whether every gateway is heard and every connection works."""
        return all(gateway.fresh for gateway in self.gateways) and all(link.works for link in self.connections)
