"""The data-point table: one row is one thing a site can tell, wherever it is shown.

Home Assistant entities, MQTT properties and the documents are projections of this table.
Adding a data point is adding a row (and, when it is a new kind of value, an accessor in `accessors`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from mqtt_schema import accessors, electrical, metering
from mqtt_schema.model import Site
from mqtt_schema.quantities import CONSUMING, Category, Nature, Phase, Quantity, Role, Unit
from mqtt_schema.readings import Readings

type Value = float | int | str | bool | None


class ScopeKind(StrEnum):
    """What a data point belongs to."""

    SITE = "site"
    PHASE = "phase"
    LINES = "lines"
    LOAD = "load"
    CHANNEL = "channel"
    PLUG = "plug"
    SENSOR = "sensor"
    METER = "meter"
    SWITCH_METER = "switch_meter"
    RELAY = "relay"
    CONTACT = "contact"


class Scope(NamedTuple):
    """A part of a site, or all of it. `id`: empty, `L1`…, `L1-L2`…, or an identifier."""

    kind: ScopeKind
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What a data point is, wherever its value comes from. `precision` is the number of decimals worth showing."""

    key: str
    scope: ScopeKind
    quantity: Quantity
    unit: Unit | None = None
    """None for what is not a number."""
    nature: Nature = Nature.INSTANT
    precision: int = 0
    enabled: bool = True
    """Shown without being asked for."""
    category: Category | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Point):
    """A data point of a site and its readings."""

    needs: Role | None = None
    """For the site: the role that must be measured for this point to exist."""
    roles: frozenset[Role] = frozenset(Role)
    """For loads and channels: the roles that have this point."""
    where: Callable[[Site, str], bool] | None = None
    """`(site, scope id)`: which of the parts have this point; None = all."""
    value: Callable[[Site, Readings, str], Value]
    """`(site, readings, scope id) -> value`; None = unknown."""


_power = partial(Row, quantity=Quantity.POWER, unit=Unit.WATT)
_energy = partial(Row, quantity=Quantity.ENERGY, unit=Unit.KILOWATT_HOUR, nature=Nature.COUNTER, precision=3)
_current = partial(Row, quantity=Quantity.CURRENT, unit=Unit.AMPERE, precision=1)
_voltage = partial(Row, quantity=Quantity.VOLTAGE, unit=Unit.VOLT, category=Category.DIAGNOSTIC)
_hidden = partial(Row, enabled=False)
_apparent_power = partial(_hidden, quantity=Quantity.APPARENT_POWER, unit=Unit.VOLT_AMPERE)
_reactive_power = partial(_hidden, quantity=Quantity.REACTIVE_POWER, unit=Unit.VAR)
_power_factor = partial(_hidden, quantity=Quantity.POWER_FACTOR, unit=Unit.PERCENT)
_frequency = partial(Row, quantity=Quantity.FREQUENCY, unit=Unit.HERTZ, precision=2, category=Category.DIAGNOSTIC)

_total = partial(Row, scope=ScopeKind.METER, nature=Nature.COUNTER, precision=3, value=metering.meter_total)
_reading = partial(Row, scope=ScopeKind.METER, nature=Nature.READING, precision=3, value=metering.meter_reading)
_flow = partial(Row, scope=ScopeKind.METER, quantity=Quantity.VOLUME_FLOW)
_hourly_flow = partial(_flow, unit=Unit.CUBIC_METRE_PER_HOUR, precision=2, value=metering.hourly_flow)
_felt = partial(Row, scope=ScopeKind.SENSOR, where=metering.feels)
_state = partial(Row, nature=Nature.STATE)
_setting = partial(Row, nature=Nature.SETTING)

_SITE, _PHASE, _LINES, _LOAD, _CHANNEL, _PLUG, _SENSOR, _METER, _SWITCH_METER, _RELAY, _CONTACT = ScopeKind
_GRID = frozenset({Role.GRID})
_BATTERY = frozenset({Role.BATTERY})
_NOT_STORING = CONSUMING | {Role.SOLAR}
_METERED = _NOT_STORING | _BATTERY
"""The grid's own CTs are shown for the whole site: a gross counter of one grid phase is not what the meter bills."""

POINTS: tuple[Row, ...] = (
    _power(key="grid_power", scope=_SITE, needs=Role.GRID, value=accessors.grid_power),
    _energy(key="grid_import_energy", scope=_SITE, needs=Role.GRID, value=accessors.grid_import_energy),
    _energy(key="grid_export_energy", scope=_SITE, needs=Role.GRID, value=accessors.grid_export_energy),
    _power(key="solar_power", scope=_SITE, needs=Role.SOLAR, value=accessors.solar_power),
    _energy(key="solar_energy", scope=_SITE, needs=Role.SOLAR, value=accessors.solar_energy),
    _power(key="battery_power", scope=_SITE, needs=Role.BATTERY, value=accessors.battery_power),
    _energy(key="battery_charge_energy", scope=_SITE, needs=Role.BATTERY, value=accessors.battery_charge_energy),
    _energy(key="battery_discharge_energy", scope=_SITE, needs=Role.BATTERY, value=accessors.battery_discharge_energy),
    _power(key="ev_power", scope=_SITE, needs=Role.EV, value=accessors.ev_power),
    _energy(key="ev_energy", scope=_SITE, needs=Role.EV, value=accessors.ev_energy),
    _power(key="house_power", scope=_SITE, needs=Role.GRID, value=accessors.house_power),
    _energy(key="house_energy", scope=_SITE, needs=Role.GRID, value=accessors.house_energy),
    _power(
        key="unmeasured_power",
        scope=_SITE,
        needs=Role.GRID,
        where=accessors.has_loads,
        value=accessors.unmeasured_power,
    ),
    _power(key="always_on_power", scope=_SITE, value=accessors.always_on_power),
    _frequency(key="frequency", scope=_SITE, where=electrical.sends_frequency, value=accessors.frequency),
    _state(key="presence", scope=_SITE, quantity=Quantity.PRESENCE, enabled=False, value=accessors.presence),
    _voltage(key="voltage", scope=_PHASE, value=accessors.voltage),
    _voltage(key="line_voltage", scope=_LINES, enabled=False, value=electrical.line_voltage),
    _power(
        key="grid_channel_power",
        scope=_CHANNEL,
        roles=_GRID,
        where=electrical.is_one_of_several,
        value=electrical.channel_power,
    ),
    _current(key="grid_current", scope=_CHANNEL, roles=_GRID, value=accessors.channel_current),
    _apparent_power(
        key="grid_apparent_power",
        scope=_CHANNEL,
        roles=_GRID,
        where=electrical.has_apparent_power,
        value=electrical.channel_apparent_power,
    ),
    _reactive_power(
        key="grid_reactive_power",
        scope=_CHANNEL,
        roles=_GRID,
        where=electrical.has_apparent_power,
        value=electrical.channel_reactive_power,
    ),
    _power_factor(
        key="grid_power_factor",
        scope=_CHANNEL,
        roles=_GRID,
        where=electrical.has_apparent_power,
        value=electrical.channel_power_factor,
    ),
    _power(key="load_power", scope=_LOAD, roles=_NOT_STORING, value=accessors.load_power),
    _energy(key="load_import_energy", scope=_LOAD, roles=_NOT_STORING, value=accessors.load_import_energy),
    _energy(
        key="load_export_energy", scope=_LOAD, roles=_NOT_STORING, enabled=False, value=accessors.load_export_energy
    ),
    _power(key="storage_power", scope=_LOAD, roles=_BATTERY, value=accessors.storage_power),
    _energy(key="storage_charge_energy", scope=_LOAD, roles=_BATTERY, value=accessors.load_import_energy),
    _energy(key="storage_discharge_energy", scope=_LOAD, roles=_BATTERY, value=accessors.load_export_energy),
    _power(
        key="channel_power",
        scope=_CHANNEL,
        roles=_METERED,
        enabled=False,
        where=electrical.is_one_of_several,
        value=electrical.channel_power,
    ),
    _current(key="channel_current", scope=_CHANNEL, roles=_METERED, value=accessors.channel_current),
    _apparent_power(
        key="channel_apparent_power",
        scope=_CHANNEL,
        roles=_METERED,
        where=electrical.has_apparent_power,
        value=electrical.channel_apparent_power,
    ),
    _reactive_power(
        key="channel_reactive_power",
        scope=_CHANNEL,
        roles=_METERED,
        where=electrical.has_apparent_power,
        value=electrical.channel_reactive_power,
    ),
    _power_factor(
        key="channel_power_factor",
        scope=_CHANNEL,
        roles=_METERED,
        where=electrical.has_apparent_power,
        value=electrical.channel_power_factor,
    ),
    _setting(key="plug", scope=_PLUG, quantity=Quantity.RELAY, value=accessors.plug_on),
    _state(
        key="plug_connected",
        scope=_PLUG,
        quantity=Quantity.CONNECTION,
        category=Category.DIAGNOSTIC,
        where=accessors.plug_measures,
        value=accessors.plug_connected,
    ),
    _setting(
        key="relay", scope=_RELAY, quantity=Quantity.RELAY, where=accessors.relay_is_tried, value=accessors.relay_on
    ),
    _state(key="contact", scope=_CONTACT, quantity=Quantity.CONTACT, value=accessors.contact_active),
    _total(key="gas_volume", quantity=Quantity.GAS, unit=Unit.CUBIC_METRE, where=metering.is_gas),
    _reading(key="gas_reading", quantity=Quantity.GAS, unit=Unit.CUBIC_METRE, where=metering.reads_gas),
    _hourly_flow(key="gas_flow", where=metering.is_gas),
    _total(key="water_volume", quantity=Quantity.WATER, unit=Unit.CUBIC_METRE, where=metering.is_water),
    _reading(key="water_reading", quantity=Quantity.WATER, unit=Unit.CUBIC_METRE, where=metering.reads_water),
    _flow(
        key="water_flow", unit=Unit.LITRE_PER_MINUTE, precision=1, where=metering.is_water, value=metering.water_flow
    ),
    _total(key="meter_volume", quantity=Quantity.VOLUME, unit=Unit.CUBIC_METRE, where=metering.is_other_volume),
    _reading(key="volume_reading", quantity=Quantity.VOLUME, unit=Unit.CUBIC_METRE, where=metering.reads_other_volume),
    _hourly_flow(key="meter_flow", where=metering.is_other_volume),
    _total(key="meter_energy", quantity=Quantity.ENERGY, unit=Unit.KILOWATT_HOUR, where=metering.is_energy),
    _reading(key="energy_reading", quantity=Quantity.ENERGY, unit=Unit.KILOWATT_HOUR, where=metering.reads_energy),
    _total(key="meter_mass", quantity=Quantity.MASS, unit=Unit.KILOGRAM, where=metering.is_mass),
    _reading(key="mass_reading", quantity=Quantity.MASS, unit=Unit.KILOGRAM, where=metering.reads_mass),
    _total(key="meter_count", quantity=Quantity.COUNT, where=metering.is_anything_else),
    _reading(key="count_reading", quantity=Quantity.COUNT, where=metering.reads_anything_else),
    _energy(key="switch_energy", scope=_SWITCH_METER, value=metering.switch_energy),
    _felt(
        key="temperature",
        quantity=Quantity.TEMPERATURE,
        unit=Unit.CELSIUS,
        precision=1,
        value=metering.temperature,
    ),
    _felt(key="humidity", quantity=Quantity.HUMIDITY, unit=Unit.PERCENT, value=metering.humidity),
    _felt(
        key="battery_level",
        quantity=Quantity.BATTERY_LEVEL,
        unit=Unit.PERCENT,
        category=Category.DIAGNOSTIC,
        value=metering.battery_level,
    ),
)


def points(site: Site) -> Iterator[tuple[Row, Scope]]:
    """Every data point this site has."""
    for row in POINTS:
        for scope in _parts(site, row):
            if row.where is None or row.where(site, scope):
                yield row, Scope(row.scope, scope)


def _parts(site: Site, row: Row) -> Iterable[str]:
    """Return the identifiers of what could have a point."""
    match row.scope:
        case ScopeKind.SITE:
            is_there = row.needs is None or any(channel.role is row.needs for channel in site.channels)
            return ("",) if is_there else ()
        case ScopeKind.LOAD:
            return (load.id for load in site.loads if load.role in row.roles)
        case ScopeKind.CHANNEL:
            return (channel.key for channel in site.channels if channel.role in row.roles)
        case kind:
            return _WITHOUT_ROLES[kind](site)


_WITHOUT_ROLES: Mapping[ScopeKind, Callable[[Site], Iterable[str]]] = {
    ScopeKind.PHASE: lambda site: (Phase(phase).name for phase in site.phases),
    ScopeKind.LINES: electrical.line_pairs,
    ScopeKind.PLUG: lambda site: site.plug_by_id,
    ScopeKind.SENSOR: lambda site: site.sensor_by_id,
    ScopeKind.METER: lambda site: site.meter_by_id,
    ScopeKind.SWITCH_METER: lambda site: site.switch_meter_by_id,
    ScopeKind.RELAY: lambda site: site.relay_by_id,
    ScopeKind.CONTACT: lambda site: site.contact_by_id,
}
"""What a site has besides CTs, by identifier."""
