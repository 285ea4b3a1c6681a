"""The forms in which circuits, chargers and loads are declared. A table is its form without the sections."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import probatio
from homeassistant.const import CONF_NAME, UnitOfElectricCurrent, UnitOfPower, UnitOfTime
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from .._vendor.energy_control.balancing.settings import LEAST_CURRENT_A, Kind, OnStale
from .._vendor.mqtt_schema.model import Load, Site
from .._vendor.mqtt_schema.quantities import CONSUMING, Phase, Role
from ..options_steps import load_selector
from .const import (
    CONF_CIRCUIT,
    CONF_CONNECTED_ENTITY,
    CONF_CURRENT_ENTITY,
    CONF_FALLBACK_CURRENT,
    CONF_HEARTBEAT,
    CONF_HEARTBEAT_ENTITY,
    CONF_KIND,
    CONF_LIMIT,
    CONF_LIMIT_ENTITY,
    CONF_LINES,
    CONF_LOAD,
    CONF_LOADS,
    CONF_MARGIN,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_MIN_OFF,
    CONF_ON_STALE,
    CONF_ONE_PHASE,
    CONF_PARENT,
    CONF_PHASES_ENTITY,
    CONF_POWER_ENTITY,
    CONF_PRIORITY,
    CONF_RATED_CURRENT,
    CONF_RATING,
    CONF_STEP,
    CONF_SWITCH_ENTITY,
    CONF_THREE_PHASES,
    CONF_UNPLUGGED,
    CONF_WIRING,
    CONF_WRITE_INTERVAL,
    NOT_KNOWN,
)

DETAILS: Final = "details"
WIRING: Final = "wiring"
ENTITIES: Final = "entities"
SECTIONS: Final = (DETAILS, WIRING, ENTITIES)
LINE: Final = "line"
"""The texts of what a line can be, beside its name."""

LARGEST_BREAKER_A: Final = 250
LARGEST_CHARGER_A: Final = 80
LONGEST_TIME_S: Final = 3600
USUAL_UNPLUGGED: Final = ("no_car", "available", "disconnected", "not_connected", "unplugged", "A")
"""What status sensors of chargers call it when no car is there; A is the state of IEC 61851."""

type Form = Mapping[str, Any]
type Fields = dict[probatio.Marker, object]


def flat(form: Form) -> dict[str, Any]:
    """Return what a form says, without its sections."""
    inner = [form[name] for name in SECTIONS if name in form]
    return {field: value for part in (form, *inner) for field, value in part.items() if field not in SECTIONS}


def nested(schema: probatio.Schema, table: Form) -> dict[str, Any]:
    """Return a table as this form shows it."""
    fields = schema.schema
    inner = {str(field): _known(part.schema, table) for field, part in fields.items() if isinstance(part, section)}
    return {**_known(schema, table), **inner}


def main_schema(entities: EntitySelector) -> probatio.Schema:
    """Return the form of the connection to the grid; `entities`: what may tell a limit."""
    return probatio.Schema({**_named(), **_breaker(), **_details_of_circuit(entities)})


def sub_schema(parents: SelectSelector, site: Site, entities: EntitySelector) -> probatio.Schema:
    """Return the form of another circuit; `parents`: what it may be behind."""
    loads = [load for load in site.loads if load.role is not Role.GRID]
    return probatio.Schema(
        {
            **_named(),
            probatio.Required(CONF_PARENT): parents,
            **_breaker(),
            probatio.Optional(CONF_LOADS): load_selector(loads, multiple=True),
            **_details_of_circuit(entities),
        }
    )


def charger_schema(circuits: SelectSelector, site: Site, ours: list[str], no_switches: list[str]) -> probatio.Schema:
    """Return the form of a charger; `ours`: our own entities, which tell nothing of it, but may switch it."""
    return probatio.Schema(
        {
            **_named(),
            probatio.Required(CONF_CIRCUIT): circuits,
            probatio.Optional(CONF_CURRENT_ENTITY): entity(("number", "input_number"), ours),
            probatio.Optional(CONF_SWITCH_ENTITY): entity(("switch", "input_boolean"), no_switches),
            probatio.Required(CONF_MAX_CURRENT, default=16): _current(LEAST_CURRENT_A, LARGEST_CHARGER_A),
            probatio.Optional(CONF_LOAD): load_selector(_consuming(site)),
            probatio.Required(WIRING): section(_wiring(), {"collapsed": False}),
            probatio.Required(ENTITIES): section(_more_entities(ours), {"collapsed": True}),
            probatio.Required(DETAILS): section(_details_of_charger(), {"collapsed": True}),
        }
    )


def load_schema(circuits: SelectSelector, site: Site, no_switches: list[str]) -> probatio.Schema:
    """Return the form of a load that can be shed; our own relays and plugs are among its switches."""
    lines = SelectSelectorConfig(
        options=[line.name for line in site.phases or Phase], multiple=True, mode=SelectSelectorMode.LIST
    )
    return probatio.Schema(
        {
            **_named(),
            probatio.Required(CONF_CIRCUIT): circuits,
            probatio.Required(CONF_SWITCH_ENTITY): entity(("switch", "input_boolean"), no_switches),
            probatio.Required(CONF_LINES): SelectSelector(lines),
            probatio.Required(CONF_RATED_CURRENT): _current(0.1, LARGEST_BREAKER_A),
            probatio.Optional(CONF_LOAD): load_selector(_consuming(site)),
            probatio.Required(DETAILS): section(_details_of_load(), {"collapsed": True}),
        }
    )


def choice(names: Mapping[str, str]) -> SelectSelector:
    """Ask for one of what is declared; `names` by identifier."""
    options = [SelectOptionDict(value=id_, label=name) for id_, name in names.items()]
    return SelectSelector(SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN))


def entity(
    domains: Iterable[str], not_these: Iterable[str], device_classes: Mapping[str, list[str]] | None = None
) -> EntitySelector:
    """Ask for an entity; `device_classes`: which of a domain, where not all will do."""
    classes = device_classes or {}
    filters = [
        EntityWithDeviceFilterSelectorConfig(domain=domain, device_class=classes[domain])
        if domain in classes
        else EntityWithDeviceFilterSelectorConfig(domain=domain)
        for domain in domains
    ]
    return EntitySelector(EntitySelectorConfig(filter=filters, exclude_entities=list(not_these)))


def limit_entity(not_these: Iterable[str]) -> EntitySelector:
    """Ask for what tells a limit of somebody else's, in A or W."""
    return entity(("sensor", "number", "input_number"), not_these, {"sensor": ["current", "power"]})


def _known(schema: probatio.Schema, table: Form) -> dict[str, Any]:
    return {str(field): table[str(field)] for field in schema.schema if str(field) in table}


def _named() -> Fields:
    return {probatio.Required(CONF_NAME): TextSelector()}


def _consuming(site: Site) -> list[Load]:
    return [load for load in site.loads if load.role in CONSUMING]


def _breaker() -> Fields:
    return {probatio.Required(CONF_RATING): _current(1, LARGEST_BREAKER_A)}


def _details_of_circuit(entities: EntitySelector) -> Fields:
    kinds = SelectSelectorConfig(options=list(Kind), translation_key=CONF_KIND, mode=SelectSelectorMode.LIST)
    fields = {
        probatio.Required(CONF_KIND, default=Kind.FUSE.value): SelectSelector(kinds),
        probatio.Optional(CONF_LIMIT): _number(0.1, 200, UnitOfPower.KILO_WATT),
        probatio.Optional(CONF_MARGIN): _current(0, LARGEST_BREAKER_A),
        probatio.Optional(CONF_LIMIT_ENTITY): entities,
    }
    return {probatio.Required(DETAILS): section(probatio.Schema(fields), {"collapsed": True})}


def _wiring() -> probatio.Schema:
    lines = [line.name for line in Phase]
    first, *others = CONF_WIRING
    fields: Fields = {probatio.Required(first, default=NOT_KNOWN): _line([NOT_KNOWN, *lines])}
    return probatio.Schema({**fields, **{probatio.Optional(other): _line(lines) for other in others}})


def _line(options: list[str]) -> SelectSelector:
    config = SelectSelectorConfig(options=options, translation_key=LINE, mode=SelectSelectorMode.DROPDOWN)
    return SelectSelector(config)


def _more_entities(ours: list[str]) -> probatio.Schema:
    states = SelectSelectorConfig(options=list(USUAL_UNPLUGGED), multiple=True, custom_value=True)
    connected = entity(("binary_sensor", "input_boolean", "sensor"), ours)
    return probatio.Schema(
        {
            probatio.Optional(CONF_POWER_ENTITY): entity(("sensor",), ours, {"sensor": ["power"]}),
            probatio.Optional(CONF_CONNECTED_ENTITY): connected,
            probatio.Required(CONF_UNPLUGGED, default=list(USUAL_UNPLUGGED)): SelectSelector(states),
            probatio.Optional(CONF_HEARTBEAT_ENTITY): entity(("button", "input_button"), ours),
            probatio.Optional(CONF_PHASES_ENTITY): entity(("select", "input_select", "number", "input_number"), ours),
            probatio.Required(CONF_ONE_PHASE, default="1"): TextSelector(),
            probatio.Required(CONF_THREE_PHASES, default="3"): TextSelector(),
        }
    )


def _details_of_charger() -> probatio.Schema:
    return probatio.Schema(
        {
            probatio.Required(CONF_MIN_CURRENT, default=LEAST_CURRENT_A): _current(LEAST_CURRENT_A, LARGEST_CHARGER_A),
            probatio.Required(CONF_STEP, default=1): _current(0.1, 16),
            probatio.Required(CONF_FALLBACK_CURRENT, default=LEAST_CURRENT_A): _current(0, LARGEST_CHARGER_A),
            **_priority(),
            probatio.Required(CONF_WRITE_INTERVAL, default=5): _seconds(1),
            probatio.Optional(CONF_HEARTBEAT): _seconds(5),
        }
    )


def _details_of_load() -> probatio.Schema:
    on_stale = SelectSelectorConfig(options=list(OnStale), translation_key=CONF_ON_STALE, mode=SelectSelectorMode.LIST)
    return probatio.Schema(
        {
            **_priority(),
            probatio.Required(CONF_MIN_OFF, default=180): _seconds(0),
            probatio.Required(CONF_ON_STALE, default=OnStale.HOLD.value): SelectSelector(on_stale),
        }
    )


def _priority() -> Fields:
    config = NumberSelectorConfig(min=1, max=10, step=1, mode=NumberSelectorMode.SLIDER)
    return {probatio.Required(CONF_PRIORITY, default=5): NumberSelector(config)}


def _current(lowest: float, highest: float) -> NumberSelector:
    return _number(lowest, highest, UnitOfElectricCurrent.AMPERE)


def _seconds(lowest: float) -> NumberSelector:
    return _number(lowest, LONGEST_TIME_S, UnitOfTime.SECONDS)


def _number(lowest: float, highest: float, unit: str) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(min=lowest, max=highest, step="any", unit_of_measurement=unit, mode=NumberSelectorMode.BOX)
    )
