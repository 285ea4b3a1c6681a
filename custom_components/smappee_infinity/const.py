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
CONF_CARS: Final = "cars"
"""Identifiers of the loads that are charging points of electric cars."""
CONF_PARENTS: Final = "parents"
"""By identifier of a load: the load that contains it."""
CONF_RUNNING: Final = "running"
"""By identifier of a load: the three values below, where they are not the usual ones."""
CONF_THRESHOLD: Final = "threshold"
"""The power from which on a load counts as running, in W."""
CONF_ON_DELAY: Final = "on_delay"
CONF_OFF_DELAY: Final = "off_delay"
"""How long its power must be above, and below, in seconds."""
CONF_DIGITAL_METER: Final = "digital_meter"
"""By data point, those below: the entity of another integration that tells it."""
CONF_QUARTER_AVERAGE: Final = "quarter_average"
CONF_MONTH_PEAK: Final = "month_peak"
CONF_BILLED_PEAK: Final = "billed_peak"
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
