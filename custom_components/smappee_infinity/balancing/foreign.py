"""What entities of other integrations tell, made safe: what is not surely a number in a known unit is unknown, never 0.

A missing entity, `unavailable`, `unknown`, NaN, an infinity, a negative or an absurd number, a unit of something else.
"""

from math import isfinite

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfElectricCurrent,
    UnitOfPower,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.util.unit_conversion import BaseUnitConverter, ElectricCurrentConverter, PowerConverter

from .const import HIGHEST_CURRENT_A, HIGHEST_POWER_W

UNTOLD = frozenset({STATE_UNAVAILABLE, STATE_UNKNOWN, ""})


def is_there(hass: HomeAssistant, entity_id: str) -> bool:
    """Tell whether an entity can be commanded. What it is set to may be unknown yet."""
    state = hass.states.get(entity_id)
    return state is not None and state.state != STATE_UNAVAILABLE


def state_of(hass: HomeAssistant, entity_id: str | None) -> State | None:
    """Return the state of an entity that tells one."""
    state = None if entity_id is None else hass.states.get(entity_id)
    return None if state is None or state.state in UNTOLD else state


def is_on(state: State | None) -> bool | None:
    """Return whether a switch is on; None for everything that is neither on nor off."""
    return None if state is None else {STATE_ON: True, STATE_OFF: False}.get(state.state)


def number(state: State | None) -> float | None:
    """Return a number that can be one of something."""
    if state is None:
        return None
    try:
        value = float(state.state)
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None


def current_a(state: State | None) -> float | None:
    """Return a current in A. A number without a unit is believed to be in A: that is how helpers are made."""
    return _converted(state, ElectricCurrentConverter, UnitOfElectricCurrent.AMPERE, HIGHEST_CURRENT_A)


def power_w(state: State | None) -> float | None:
    """Return a power in W."""
    if state is None or state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) is None:
        return None
    return _converted(state, PowerConverter, UnitOfPower.WATT, HIGHEST_POWER_W)


def in_unit_of(state: State, amperes: float) -> float:
    """Return a current as the entity that is set to it wants it."""
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    if unit not in ElectricCurrentConverter.VALID_UNITS:
        return amperes
    return ElectricCurrentConverter.convert(amperes, UnitOfElectricCurrent.AMPERE, unit)


def is_in_amperes(state: State) -> bool:
    """Tell whether an entity shows a current; one without a unit is taken for one."""
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return unit is None or unit in ElectricCurrentConverter.VALID_UNITS


def _converted(state: State | None, converter: type[BaseUnitConverter], unit: str, highest: float) -> float | None:
    value = number(state)
    if state is None or value is None:
        return None
    given = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, unit)
    if given not in converter.VALID_UNITS:
        return None
    value = converter.convert(value, given, unit)
    return value if value <= highest else None
