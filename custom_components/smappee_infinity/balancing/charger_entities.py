"""A charger as entities of other integrations: what they tell of it, and the actions that command it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from homeassistant.components.button.const import SERVICE_PRESS
from homeassistant.components.number.const import ATTR_VALUE, SERVICE_SET_VALUE
from homeassistant.const import ATTR_ENTITY_ID, ATTR_OPTION, SERVICE_SELECT_OPTION, SERVICE_TURN_OFF, SERVICE_TURN_ON
from homeassistant.core import HomeAssistant, split_entity_id

from .._vendor.energy_control.balancing.decisions import (
    AllowCharging,
    Command,
    Heartbeat,
    SetCurrent,
    SetPhases,
    SwitchLoad,
)
from . import foreign
from .const import (
    CONF_CONNECTED_ENTITY,
    CONF_CURRENT_ENTITY,
    CONF_HEARTBEAT_ENTITY,
    CONF_ONE_PHASE,
    CONF_PHASES_ENTITY,
    CONF_POWER_ENTITY,
    CONF_SWITCH_ENTITY,
    CONF_THREE_PHASES,
    CONF_UNPLUGGED,
)
from .declared import Table

NUMBERS = frozenset({"number", "input_number"})
COUNTS_OF_LINES = frozenset({1, 2, 3})


class Action(NamedTuple):
    """An action of Home Assistant that carries out a command."""

    domain: str
    name: str
    data: Mapping[str, Any]


class ChargerEntities:
    """Of one charger; each of them may be missing. Without any, an automation of its owner obeys our own entities."""

    def __init__(self, hass: HomeAssistant, table: Table) -> None:
        """`table` is what its owner has declared."""
        self._hass = hass
        self._table = table

    @property
    def reachable(self) -> bool:
        """Whether all that commands it is there."""
        named = (self._table.get(key) for key in (CONF_CURRENT_ENTITY, CONF_SWITCH_ENTITY))
        return all(foreign.is_there(self._hass, entity_id) for entity_id in named if entity_id is not None)

    @property
    def set_a(self) -> float | None:
        """The current in A that it says it is set to."""
        return foreign.current_a(foreign.state_of(self._hass, self._table.get(CONF_CURRENT_ENTITY)))

    @property
    def allowed(self) -> bool | None:
        """Whether charging is switched on."""
        return foreign.is_on(foreign.state_of(self._hass, self._table.get(CONF_SWITCH_ENTITY)))

    @property
    def connected(self) -> bool | None:
        """Whether a car is plugged in: a binary sensor is on, or a status is none of those without a car."""
        entity_id = self._table.get(CONF_CONNECTED_ENTITY)
        state = foreign.state_of(self._hass, entity_id)
        if state is None:
            return None
        if split_entity_id(state.entity_id)[0] != "sensor":
            return foreign.is_on(state)
        return state.state.casefold() not in {word.casefold() for word in self._table[CONF_UNPLUGGED]}

    @property
    def phases(self) -> int | None:
        """How many lines it says it uses."""
        state = foreign.state_of(self._hass, self._table.get(CONF_PHASES_ENTITY))
        if state is None:
            return None
        if split_entity_id(state.entity_id)[0] in NUMBERS:
            count = foreign.number(state)
            return int(count) if count in COUNTS_OF_LINES else None
        options = {self._table[CONF_ONE_PHASE]: 1, self._table[CONF_THREE_PHASES]: 3}
        return options.get(state.state)

    @property
    def power_w(self) -> float | None:
        """What it says it draws, in W."""
        return foreign.power_w(foreign.state_of(self._hass, self._table.get(CONF_POWER_ENTITY)))

    def action(self, command: Command) -> Action | None:
        """Return what carries a command out; None when nothing is named for it."""
        match command:
            case SetCurrent():
                return self._set_current(command.current_a)
            case AllowCharging():
                return switching(self._table.get(CONF_SWITCH_ENTITY), on=command.on)
            case SetPhases():
                return self._set_phases(command.phases)
            case Heartbeat():
                return self._press()
            case SwitchLoad():
                return None

    def _set_current(self, current_a: float) -> Action | None:
        entity_id = self._table.get(CONF_CURRENT_ENTITY)
        if entity_id is None:
            return None
        state = self._hass.states.get(entity_id)
        value = current_a if state is None else foreign.in_unit_of(state, current_a)
        return Action(split_entity_id(entity_id)[0], SERVICE_SET_VALUE, {ATTR_ENTITY_ID: entity_id, ATTR_VALUE: value})

    def _press(self) -> Action | None:
        entity_id = self._table.get(CONF_HEARTBEAT_ENTITY)
        if entity_id is None:
            return None
        return Action(split_entity_id(entity_id)[0], SERVICE_PRESS, {ATTR_ENTITY_ID: entity_id})

    def _set_phases(self, phases: int) -> Action | None:
        entity_id = self._table.get(CONF_PHASES_ENTITY)
        if entity_id is None:
            return None
        domain = split_entity_id(entity_id)[0]
        if domain in NUMBERS:
            return Action(domain, SERVICE_SET_VALUE, {ATTR_ENTITY_ID: entity_id, ATTR_VALUE: phases})
        option = self._table[CONF_ONE_PHASE if phases == 1 else CONF_THREE_PHASES]
        return Action(domain, SERVICE_SELECT_OPTION, {ATTR_ENTITY_ID: entity_id, ATTR_OPTION: option})


def switching(entity_id: str | None, *, on: bool) -> Action | None:
    """Return what switches an entity, in the words of its own domain."""
    if entity_id is None:
        return None
    name = SERVICE_TURN_ON if on else SERVICE_TURN_OFF
    return Action(split_entity_id(entity_id)[0], name, {ATTR_ENTITY_ID: entity_id})
