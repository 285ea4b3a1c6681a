"""Says once why a gateway is not heard, and what to do; not at once, because most of it passes by itself."""

import logging

from openhab_bridge.explanations import of_gateway
from openhab_bridge.settings import GatewaySettings
from smappee_gateway.errors import CannotConnectError, GatewayError

_LOGGER = logging.getLogger(__name__)

SOON_S = 2.0
"""Patience at the start, where a connection that cannot be made is most often a mistake in the configuration."""
LATER_S = 20.0
"""Patience otherwise: that measurements have stopped is in the log at once, without a reason to do anything yet."""


class Silence:
    """Looks at one gateway. Time is passed in, in seconds."""

    def __init__(self, serial: str, settings: GatewaySettings) -> None:
        """Nothing has been heard, and nothing said."""
        self._serial = serial
        self._settings = settings
        self._was_heard = False
        self._kind: type[GatewayError] | None = None
        self._since = 0.0
        self._said: set[type[GatewayError]] = set()

    def look(self, missing: GatewayError | None, now: float) -> None:
        """Take why there are no measurements now; None = there are."""
        if missing is None:
            self._was_heard, self._kind = True, None
            self._said.clear()
            return
        if type(missing) is not self._kind:
            self._kind, self._since = type(missing), now
        if self._kind not in self._said and now - self._since >= self._patience_s(missing):
            self._said.add(type(missing))
            _LOGGER.warning("Gateway %s is not heard: %s", self._serial, of_gateway(missing, self._settings))

    def _patience_s(self, missing: GatewayError) -> float:
        return SOON_S if isinstance(missing, CannotConnectError) and not self._was_heard else LATER_S
