"""A house with a fuse of 25 A, a charger on L2 that the CT of the oven measures, and a lamp that may be shed on L1.

The charger is made of Home Assistant's own helpers: a number for its current, and a switch that allows charging.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pytest
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.const import ATTR_ENTITY_ID, EVENT_CALL_SERVICE
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.balancing.const import CIRCUIT, EV_CHARGER, SHED_LOAD
from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.running import arrived
from tests.custom_components.sender import Sender

CURRENT, ALLOWED, LAMP = "input_number.charger_current", "input_boolean.charger_allowed", "input_boolean.lamp"
MEASURED_BY = "5500000002_0"
"""The oven."""
MAIN_ID, CHARGER_ID, LAMP_ID = "main", "charger", "lamp"
HOUSE_W: Final = {"grid1": 230, "grid2": 230, "grid3": 230}

MAIN: Final[Mapping[str, Any]] = {"rating": 25.0, "kind": "fuse"}
CHARGER: Final[Mapping[str, Any]] = {
    "circuit": MAIN_ID,
    "current_entity": CURRENT,
    "switch_entity": ALLOWED,
    "load": MEASURED_BY,
    "line_1": "L2",
    "unplugged": ["available"],
    "one_phase": "1",
    "three_phases": "3",
    "min_current": 6.0,
    "max_current": 16.0,
    "step": 1.0,
    "fallback_current": 6.0,
    "priority": 5,
    "write_interval": 5.0,
}
SHEDDABLE: Final[Mapping[str, Any]] = {
    "circuit": MAIN_ID,
    "switch_entity": LAMP,
    "lines": ["L1"],
    "rated_current": 10.0,
    "priority": 5,
    "min_off": 180.0,
    "on_stale": "hold",
}
Declared = tuple[str, str, str, Mapping[str, Any]]
THE_MAIN_FUSE: Declared = (MAIN_ID, CIRCUIT, "Main fuse", MAIN)
THE_CHARGER: Declared = (CHARGER_ID, EV_CHARGER, "Left charger", CHARGER)
THE_LAMP: Declared = (LAMP_ID, SHED_LOAD, "Lamp", SHEDDABLE)


def balanced(entry: MockConfigEntry, *declared: Declared, entry_id: str | None = None) -> MockConfigEntry:
    """The same entry, with what its owner has declared: identifier, kind, name and table."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=entry.title,
        unique_id=entry.unique_id,
        data=dict(entry.data),
        entry_id=entry_id,
        subentries_data=[
            ConfigSubentryDataWithId(
                subentry_id=id_,
                data=MappingProxyType(dict(table)),
                subentry_type=kind,
                title=name,
                unique_id=None,
            )
            for id_, kind, name, table in declared
        ],
    )


async def add_helpers(hass: HomeAssistant) -> None:
    """Add the charger, set to 16 A and switched on, and the lamp, which is on."""
    numbers = {"charger_current": {"min": 0, "max": 32, "step": 0.1, "initial": 16, "unit_of_measurement": "A"}}
    assert await async_setup_component(hass, "input_number", {"input_number": numbers})
    switches = {"charger_allowed": {"initial": True}, "lamp": {"initial": True}}
    assert await async_setup_component(hass, "input_boolean", {"input_boolean": switches})


class Recorder:
    """Every action that is called for the charger and the lamp, in order."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.actions: list[tuple[str, str, Any]] = []
        hass.bus.async_listen(EVENT_CALL_SERVICE, self._note)

    @callback
    def _note(self, event: Event) -> None:
        data = event.data["service_data"]
        if data.get(ATTR_ENTITY_ID) in {CURRENT, ALLOWED, LAMP}:
            self.actions.append((data[ATTR_ENTITY_ID], event.data["service"], data.get("value")))

    def taken(self) -> list[tuple[str, str, Any]]:
        """What was called since the last time."""
        taken, self.actions = self.actions, []
        return taken


def entity_of(hass: HomeAssistant, platform: str, key: str) -> str:
    found = er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{genius.SERIAL}_{key}")
    assert found is not None, key
    return found


def shown(hass: HomeAssistant, platform: str, key: str) -> State:
    state = hass.states.get(entity_of(hass, platform, key))
    assert state is not None, key
    return state


async def call(hass: HomeAssistant, action: str, entity_id: str, **data: object) -> None:
    domain, name = action.split(".")
    await hass.services.async_call(domain, name, {ATTR_ENTITY_ID: entity_id, **data}, blocking=True)


async def enable(hass: HomeAssistant) -> None:
    """Switch control on; raises ServiceValidationError when something stands in the way."""
    await call(hass, "switch.turn_on", entity_of(hass, "switch", "control_enabled"))


async def refusal(hass: HomeAssistant) -> str:
    """Try to switch control on; returns what stands in the way."""
    with pytest.raises(ServiceValidationError) as refused:
        await enable(hass)
    assert refused.value.translation_key == "not_enabled"
    return str((refused.value.translation_placeholders or {})["problems"])


async def measured(entry: MockConfigEntry, gateway: Sender, **by_name: int) -> None:
    """Send a new measurement, in W, and wait until it has been taken."""
    await gateway.power(elapsed_s=1, **{**HOUSE_W, **by_name})
    await arrived(entry.runtime_data, gateway)
