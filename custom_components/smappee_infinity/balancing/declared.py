"""What owners have declared of circuits, chargers and loads that can be shed, as the balancing wants it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from homeassistant.config_entries import ConfigEntry, ConfigSubentry

from .._vendor.energy_control.balancing.settings import Charger, Circuit, Kind, OnStale, Settings, ShedLoad
from .._vendor.mqtt_schema.model import Channel, Site
from .._vendor.mqtt_schema.quantities import Phase, Role, Topology
from .const import (
    CIRCUIT,
    CONF_CIRCUIT,
    CONF_CURRENT_ENTITY,
    CONF_FALLBACK_CURRENT,
    CONF_HEARTBEAT,
    CONF_HEARTBEAT_ENTITY,
    CONF_KIND,
    CONF_LIMIT,
    CONF_LINE_1,
    CONF_LINES,
    CONF_LOAD,
    CONF_LOADS,
    CONF_MARGIN,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_MIN_OFF,
    CONF_ON_STALE,
    CONF_PARENT,
    CONF_PHASES_ENTITY,
    CONF_POWER_ENTITY,
    CONF_PRIORITY,
    CONF_RATED_CURRENT,
    CONF_RATING,
    CONF_STEP,
    CONF_SWITCH_ENTITY,
    CONF_WIRING,
    CONF_WRITE_INTERVAL,
    EV_CHARGER,
    KINDS,
    NOT_KNOWN,
    SHED_LOAD,
)

STALE_GRACE_S = 30.0
PRODUCING = frozenset({Role.SOLAR, Role.BATTERY})
WATT_PER_KILOWATT = 1000.0
NOMINAL_V = 230.0
NOMINAL_OF_SPLIT_PHASE_V = 120.0
"""Between a line and the neutral, while none is measured."""

type Table = Mapping[str, Any]


class Declared(NamedTuple):
    """A circuit, a charger or a load."""

    name: str
    table: Table


def of_kind(entry: ConfigEntry, kind: str) -> dict[str, ConfigSubentry]:
    """Return what is declared of one kind, by identifier."""
    return {id_: subentry for id_, subentry in entry.subentries.items() if subentry.subentry_type == kind}


def declared(entry: ConfigEntry) -> Mapping[str, Declared]:
    """Return all that is declared, by identifier. The entry is set up anew when it changes."""
    return {
        id_: Declared(subentry.title, subentry.data)
        for id_, subentry in entry.subentries.items()
        if subentry.subentry_type in KINDS
    }


def names(entry: ConfigEntry) -> dict[str, str]:
    """Return what owners call what they have declared, by identifier."""
    return {id_: name for id_, (name, _) in declared(entry).items()}


def settings_of(entry: ConfigEntry, site: Site) -> Settings:
    """Return what is declared, at a site whose CTs tell what is measured."""
    return Settings(
        circuits=tuple(_circuit(id_, item.data, site) for id_, item in of_kind(entry, CIRCUIT).items()),
        chargers=tuple(_charger(id_, item.data, site) for id_, item in of_kind(entry, EV_CHARGER).items()),
        loads=tuple(_shed_load(id_, item.data, site) for id_, item in of_kind(entry, SHED_LOAD).items()),
        produces=any(channel.role in PRODUCING for channel in site.channels),
        has_directions=site.topology is not Topology.DELTA,
        voltage_v=NOMINAL_OF_SPLIT_PHASE_V if site.topology is Topology.SPLIT_PHASE else NOMINAL_V,
        stale_grace_s=STALE_GRACE_S,
    )


def channels_of(site: Site, table: Table) -> tuple[Channel, ...]:
    """Return the CTs that measure a circuit: those of the grid, or those of its loads."""
    if CONF_PARENT not in table:
        return tuple(channel for channel in site.channels if channel.role is Role.GRID)
    return tuple(_of_loads(site, table.get(CONF_LOADS, ())))


def channels_of_consumer(site: Site, table: Table) -> tuple[Channel, ...]:
    """Return the CTs that measure a charger or a load; none when it is not measured, or what measures it is gone."""
    return tuple(_of_loads(site, (table[CONF_LOAD],))) if CONF_LOAD in table else ()


def lines_of(channels: Iterable[Channel]) -> tuple[Phase, ...]:
    """Return the lines on which CTs are."""
    return tuple(sorted({channel.phase for channel in channels if channel.phase is not None}))


def wiring(table: Table, site: Site) -> tuple[Phase, ...]:
    """Return to which line of the house the lines of a charger are wired; all, in no order, where that is not known."""
    if not is_wiring_known(table):
        return site.phases or tuple(Phase)
    return tuple(Phase[table[line]] for line in CONF_WIRING if line in table)


def is_wiring_known(table: Table) -> bool:
    """Tell whether its owner has said how a charger is wired."""
    return bool(table[CONF_LINE_1] != NOT_KNOWN)


def _of_loads(site: Site, loads: Iterable[str]) -> Iterator[Channel]:
    for load in loads:
        if load in site.load_by_id:
            yield from site.load_by_id[load].channels


def _circuit(id_: str, table: Table, site: Site) -> Circuit:
    return Circuit(
        id=id_,
        parent=table.get(CONF_PARENT),
        rating_a=table[CONF_RATING],
        kind=Kind(table[CONF_KIND]),
        limit_w=table[CONF_LIMIT] * WATT_PER_KILOWATT if CONF_LIMIT in table else None,
        margin_a=table.get(CONF_MARGIN),
        lines=lines_of(channels_of(site, table)),
    )


def _charger(id_: str, table: Table, site: Site) -> Charger:
    return Charger(
        id=id_,
        circuit=table[CONF_CIRCUIT],
        lines=wiring(table, site),
        wiring_known=is_wiring_known(table),
        metered=CONF_POWER_ENTITY in table or bool(channels_of_consumer(site, table)),
        shows_lines=CONF_POWER_ENTITY not in table,
        min_a=table[CONF_MIN_CURRENT],
        max_a=table[CONF_MAX_CURRENT],
        step_a=table[CONF_STEP],
        priority=int(table[CONF_PRIORITY]),
        fallback_a=table[CONF_FALLBACK_CURRENT],
        write_interval_s=table[CONF_WRITE_INTERVAL],
        heartbeat_s=table.get(CONF_HEARTBEAT),
        beats_by_button=CONF_HEARTBEAT_ENTITY in table,
        can_pause=CONF_SWITCH_ENTITY in table or CONF_CURRENT_ENTITY not in table,
        can_switch_phases=CONF_PHASES_ENTITY in table,
    )


def _shed_load(id_: str, table: Table, site: Site) -> ShedLoad:
    return ShedLoad(
        id=id_,
        circuit=table[CONF_CIRCUIT],
        lines=tuple(Phase[line] for line in sorted(table[CONF_LINES])),
        rated_a=table[CONF_RATED_CURRENT],
        metered=bool(channels_of_consumer(site, table)),
        priority=int(table[CONF_PRIORITY]),
        min_off_s=table[CONF_MIN_OFF],
        on_stale=OnStale(table[CONF_ON_STALE]),
    )
