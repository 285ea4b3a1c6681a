"""What a transport is: the part that knows sockets, and nothing else.

A transport brings raw messages in, encodes commands, and declares what it can do. `MqttTransport` is one.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from smappee_gateway.commands import Command
from smappee_gateway.errors import CannotConnectError
from smappee_gateway.updates import SiteUpdate

type OnConnection = Callable[[CannotConnectError | None], None]
"""Is told None when there is a connection, else why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a transport offers, so that nothing else depends on its kind."""

    commands: bool
    push: bool
    expected_interval_s: float
    """Time between two measurements when all is well."""
    stale_after_s: float
    """Silence longer than this makes the feed stale."""


class Transport[Raw](Protocol):
    """A way to a gateway."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    async def run(self, on_message: Callable[[Raw], None], on_connection: OnConnection) -> None:
        """Stay connected until cancelled; never raises because of the network. `on_message` gets every raw message."""

    def focus(self, location: str) -> None:
        """Learn where the gateway is: what other service locations say is of no use any more.

        It may come anyhow. What must still come is `config` of any location: the gateway may move to another.
        """

    async def send(self, command: Command) -> None:
        """Encode and send a command; raises NotConnectedError when there is no connection."""


class ProbingTransport[Raw](Transport[Raw], Protocol):
    """A way to gateways that are not known yet: one may just listen."""

    def messages(self) -> AbstractAsyncContextManager[AsyncIterator[Raw]]:
        """Connect once and give the messages until the connection ends; raises CannotConnectError."""


class Decoder[Raw](Protocol):
    """Makes site updates of raw messages; never raises because of what a message contains."""

    def decode(self, raw: Raw) -> list[SiteUpdate]:
        """Return what a message says; empty when it says nothing that is understood."""
