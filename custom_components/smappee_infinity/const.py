"""Names and limits of the component."""

import logging
from datetime import timedelta
from typing import Final

DOMAIN: Final = "smappee_infinity"
CORE_DOMAIN: Final = "smappee"
"""Home Assistant's own integration, which listens for the same gateways."""
MANUFACTURER: Final = "Smappee"
LOGGER: Final = logging.getLogger(__package__)

CONF_UPDATE_INTERVAL: Final = "update_interval"
"""The shortest time between two values of an entity, in seconds."""
CONF_BATTERIES: Final = "batteries"
"""Identifiers of the loads that are batteries."""
DEFAULT_UPDATE_INTERVAL_S: Final = 5
SHORTEST_UPDATE_INTERVAL_S: Final = 1
LONGEST_UPDATE_INTERVAL_S: Final = 60

READY_TIMEOUT_S: Final = 15.0
"""How long a set-up waits for the first measurement before Home Assistant tries again later."""
SILENCE_REPAIR_S: Final = 900.0
"""A gateway that is connected and silent for so long needs somebody to look at it."""
SAVE_DELAY_S: Final = 300.0
"""How much of the totals a power cut may cost; the gateway's own counters fill most of such a gap."""

ACTION_TURN_ON_FOR: Final = "turn_on_for"
ATTR_DURATION: Final = "duration"
SHORTEST_TIMER: Final = timedelta(seconds=10)
"""Shorter than a gateway may take to confirm two commands, a timer means nothing."""
LONGEST_TIMER: Final = timedelta(hours=24)
