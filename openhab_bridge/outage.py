"""Says once that the target broker cannot be used, however many connections there are and however often they try."""

import logging

from openhab_bridge.explanations import of_target
from smappee_gateway.broker import Broker
from smappee_gateway.errors import CannotConnectError

_LOGGER = logging.getLogger(__name__)


class Outage:
    """What all connections to one broker share."""

    def __init__(self, broker: Broker) -> None:
        """There is no connection yet."""
        self._broker = broker
        self._missing: set[str] = set()
        """Names of the connections that do not stand, those that have not been made yet included."""
        self._said: set[type[CannotConnectError]] = set()

    def awaits(self, name: str) -> None:
        """Take that there will be a connection: before all stand, a failure is no news again."""
        self._missing.add(name)

    def begins(self, name: str, error: CannotConnectError) -> str:
        """Take a failure, and return it in words; a reason of another kind is news, too."""
        self._missing.add(name)
        failure = of_target(error, self._broker)
        if type(error) not in self._said:
            self._said.add(type(error))
            _LOGGER.warning("Nothing can be published: %s. Trying again", failure)
        return failure

    def ends(self, name: str) -> None:
        """Take that a connection stands, or is wanted no more; what fails after all have come back is news again."""
        self._missing.discard(name)
        if self._said and not self._missing:
            self._said.clear()
            _LOGGER.info("Connected to %s again", self._broker.address)
