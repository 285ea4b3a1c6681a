"""Names and limits of the balancing."""

from typing import Final

CIRCUIT: Final = "circuit"
EV_CHARGER: Final = "ev_charger"
SHED_LOAD: Final = "shed_load"
KINDS: Final = (CIRCUIT, EV_CHARGER, SHED_LOAD)

CONF_PARENT: Final = "parent"
"""Identifier of the circuit that a circuit is behind; not there: it is the connection to the grid."""
CONF_RATING: Final = "rating"
CONF_KIND: Final = "kind"
CONF_LIMIT: Final = "limit"
"""Imported power in kW."""
CONF_MARGIN: Final = "margin"
CONF_LOADS: Final = "loads"
"""Identifiers of the loads of the gateway that together measure a circuit."""
CONF_LIMIT_ENTITY: Final = "limit_entity"

CONF_CIRCUIT: Final = "circuit"
"""Identifier of the circuit that a charger or a load is behind."""
CONF_LOAD: Final = "load"
"""Identifier of the load of the gateway that measures a charger or a load."""
CONF_LINE_1: Final = "line_1"
CONF_LINE_2: Final = "line_2"
CONF_LINE_3: Final = "line_3"
CONF_WIRING: Final = (CONF_LINE_1, CONF_LINE_2, CONF_LINE_3)
"""To which line of the house each line of a charger is wired."""
NOT_KNOWN: Final = "unknown"
"""Said of the first line: nobody knows the wiring, so it is learned."""
CONF_POWER_ENTITY: Final = "power_entity"
CONF_CURRENT_ENTITY: Final = "current_entity"
CONF_SWITCH_ENTITY: Final = "switch_entity"
CONF_CONNECTED_ENTITY: Final = "connected_entity"
CONF_UNPLUGGED: Final = "unplugged"
"""The states of a status sensor that mean that no car is there."""
CONF_HEARTBEAT_ENTITY: Final = "heartbeat_entity"
"""A button that keeps a charger from falling back."""
CONF_PHASES_ENTITY: Final = "phases_entity"
CONF_ONE_PHASE: Final = "one_phase"
CONF_THREE_PHASES: Final = "three_phases"
"""What the select for the number of phases calls one, and three."""
CONF_MIN_CURRENT: Final = "min_current"
CONF_MAX_CURRENT: Final = "max_current"
CONF_STEP: Final = "step"
CONF_FALLBACK_CURRENT: Final = "fallback_current"
CONF_PRIORITY: Final = "priority"
CONF_WRITE_INTERVAL: Final = "write_interval"
CONF_HEARTBEAT: Final = "heartbeat"

CONF_LINES: Final = "lines"
CONF_RATED_CURRENT: Final = "rated_current"
CONF_MIN_OFF: Final = "min_off"
CONF_ON_STALE: Final = "on_stale"

HIGHEST_CURRENT_A: Final = 1000.0
HIGHEST_POWER_W: Final = 1_000_000.0
"""More than that is no house: who says so is not believed."""

TICK_S: Final = 1.0
SILENT_AFTER_S: Final = 3.0
"""A gateway measures every second; a message that is a little late is no silence."""
CALL_TIMEOUT_S: Final = 10.0
"""How long an action of another integration may keep the next one of the same charger or load waiting."""
FAREWELL_TIMEOUT_S: Final = 10.0
"""How long Home Assistant is kept from stopping, so that chargers get their fallback current."""
REPAIR_AFTER_S: Final = 180.0
"""How long a charger may be away or disobey before somebody should look."""
LOST_AFTER_S: Final = 60.0
"""How long a line may be missing, or an export be too large, before somebody should look."""
