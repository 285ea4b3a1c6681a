"""What is wrong with a table that somebody declares: keys of errors, none when it can work."""

from collections.abc import Iterator, Mapping
from typing import Final

from homeassistant.core import HomeAssistant, State

from .._vendor.energy_control.balancing.settings import first_step
from .._vendor.mqtt_schema.model import Site
from . import foreign
from .const import (
    CONF_CURRENT_ENTITY,
    CONF_FALLBACK_CURRENT,
    CONF_HEARTBEAT,
    CONF_HEARTBEAT_ENTITY,
    CONF_LIMIT_ENTITY,
    CONF_LOAD,
    CONF_LOADS,
    CONF_MARGIN,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_ONE_PHASE,
    CONF_PHASES_ENTITY,
    CONF_POWER_ENTITY,
    CONF_RATING,
    CONF_STEP,
    CONF_SWITCH_ENTITY,
    CONF_THREE_PHASES,
    CONF_WIRING,
    NOT_KNOWN,
)
from .declared import Declared, Table

COMMANDED: Final = (CONF_CURRENT_ENTITY, CONF_SWITCH_ENTITY, CONF_PHASES_ENTITY, CONF_HEARTBEAT_ENTITY)


def of_circuit(hass: HomeAssistant, site: Site, table: Table) -> Iterator[str]:
    """Check a circuit."""
    if table.get(CONF_MARGIN, 0) >= table[CONF_RATING]:
        yield "margin_too_large"
    loads = set(table.get(CONF_LOADS, ()))
    if any(site.load_by_id[load].parent in loads for load in loads):
        yield "counted_twice"
    state = foreign.state_of(hass, table.get(CONF_LIMIT_ENTITY))
    if state is not None and foreign.power_w(state) is None and foreign.current_a(state) is None:
        yield "no_limit"


def of_charger(hass: HomeAssistant, others: Mapping[str, Declared], table: Table) -> Iterator[str]:
    """Check a charger; `others`: what else is declared."""
    wires = [None if table.get(line) == NOT_KNOWN else table.get(line) for line in CONF_WIRING]
    used = [line for line in wires if line is not None]
    if len(set(used)) != len(used) or wires[: len(used)] != used:
        yield "wiring"
    if table[CONF_MAX_CURRENT] < first_step(table[CONF_MIN_CURRENT], table[CONF_STEP]):
        yield "maximum_below_minimum"
    if table[CONF_FALLBACK_CURRENT] > table[CONF_MAX_CURRENT]:
        yield "fallback_too_high"
    if CONF_LOAD in table and CONF_POWER_ENTITY in table:
        yield "measured_twice"
    if CONF_HEARTBEAT_ENTITY in table and CONF_HEARTBEAT not in table:
        yield "no_heartbeat_time"
    yield from _of_current(hass.states.get(table.get(CONF_CURRENT_ENTITY, "")), table)
    yield from _of_phases(hass.states.get(table.get(CONF_PHASES_ENTITY, "")), table)
    yield from of_commanded(others, table)


def of_commanded(others: Mapping[str, Declared], table: Table) -> Iterator[str]:
    """Check that nothing else that is declared commands the same entities."""
    taken = {item.table.get(key) for item in others.values() for key in COMMANDED} - {None}
    if not taken.isdisjoint(table.get(key) for key in COMMANDED):
        yield "already_used"


def _of_current(state: State | None, table: Table) -> Iterator[str]:
    if state is None:
        return
    if not foreign.is_in_amperes(state):
        yield "no_current"
        return
    least, most = (foreign.in_unit_of(state, table[key]) for key in (CONF_MIN_CURRENT, CONF_MAX_CURRENT))
    if state.attributes.get("min", least) > least or state.attributes.get("max", most) < most:
        yield "beyond_the_number"


def _of_phases(state: State | None, table: Table) -> Iterator[str]:
    options = {} if state is None else state.attributes.get("options")
    if options and not {table[CONF_ONE_PHASE], table[CONF_THREE_PHASES]} <= set(options):
        yield "no_such_option"
