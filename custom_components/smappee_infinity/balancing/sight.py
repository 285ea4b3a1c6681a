"""What the balancing sees: one moment of the house, from the gateway's CTs and the entities that owners have named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .._vendor.energy_control.balancing.reading import (
    NO_LINES,
    ChargerReading,
    CircuitReading,
    Limit,
    Lines,
    LoadReading,
    Reading,
)
from .._vendor.energy_control.balancing.settings import Mode
from .._vendor.mqtt_schema.model import Channel, Site
from .._vendor.mqtt_schema.quantities import Phase, Role, Topology
from .._vendor.mqtt_schema.readings import ChannelReading, Readings
from .._vendor.smappee_gateway.session import Session
from . import foreign
from .charger_entities import ChargerEntities
from .const import (
    CIRCUIT,
    CONF_LIMIT_ENTITY,
    CONF_POWER_ENTITY,
    CONF_SWITCH_ENTITY,
    EV_CHARGER,
    SHED_LOAD,
)
from .declared import NOMINAL_V, Table, channels_of, channels_of_consumer, is_wiring_known, of_kind, wiring

NOISE_W = 100.0
"""Less than that is no sign of a CT that is the wrong way round."""


class Sight:
    """Makes readings for one gateway."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, session: Session) -> None:
        """Take what is declared; it does not change while this lives."""
        self._hass = hass
        self._session = session
        self._circuits = {id_: subentry.data for id_, subentry in of_kind(entry, CIRCUIT).items()}
        self._chargers = {id_: subentry.data for id_, subentry in of_kind(entry, EV_CHARGER).items()}
        self._loads = {id_: subentry.data for id_, subentry in of_kind(entry, SHED_LOAD).items()}
        self.entities = {id_: ChargerEntities(hass, table) for id_, table in self._chargers.items()}

    def reading(self, at: float, *, fresh: bool, modes: Mapping[str, Mode], wishes: Mapping[str, float]) -> Reading:
        """Return this moment; `modes` and `wishes` (in A) are by charger, where their users have said something."""
        return Reading(
            at=at,
            fresh=fresh,
            circuits={id_: self._circuit(table) for id_, table in self._circuits.items()},
            chargers={
                id_: self._charger(id_, table, modes.get(id_, Mode.FAST), wishes.get(id_))
                for id_, table in self._chargers.items()
            },
            loads={id_: self._load(table) for id_, table in self._loads.items()},
            voltage_v=self._session.readings.voltage_v,
        )

    def sign_faults(self) -> tuple[str, ...]:
        """Return the names of what seems to be measured the wrong way round: chargers and loads do not give back."""
        tables = (*self._chargers.values(), *self._loads.values())
        channels = (channel for table in tables for channel in channels_of_consumer(self._site, table))
        return tuple(dict.fromkeys(channel.name for channel in channels if self._gives_back(channel)))

    @property
    def _site(self) -> Site:
        return self._session.site

    def _circuit(self, table: Table) -> CircuitReading:
        channels = channels_of(self._site, table)
        return CircuitReading(
            current_a=currents(self._site, self._session.readings, channels),
            power_w=_power_w(self._session.readings, channels),
            limit=self._limit(table),
        )

    def _limit(self, table: Table) -> Limit | None:
        """Return what a grid operator or a demand-response signal allows; None = it says nothing that can be read."""
        if CONF_LIMIT_ENTITY not in table:
            return Limit()
        state = foreign.state_of(self._hass, table.get(CONF_LIMIT_ENTITY))
        if state is None:
            return None
        power_w = foreign.power_w(state)
        current_a = foreign.current_a(state) if power_w is None else None
        return None if power_w is None and current_a is None else Limit(current_a=current_a, power_w=power_w)

    def _charger(self, id_: str, table: Table, mode: Mode, wish_a: float | None) -> ChargerReading:
        entities = self.entities[id_]
        return ChargerReading(
            mode=mode,
            reachable=entities.reachable,
            current_a=self._charger_currents(entities, table),
            set_a=entities.set_a,
            allowed=entities.allowed,
            connected=entities.connected,
            phases=entities.phases,
            wish_a=wish_a,
        )

    def _charger_currents(self, entities: ChargerEntities, table: Table) -> Lines:
        if CONF_POWER_ENTITY not in table:
            return self._currents_of_consumer(table)
        power_w, wires = entities.power_w, wiring(table, self._site)
        lines = wires[: entities.phases]
        is_guessed = lines != wires and not is_wiring_known(table)
        if power_w is None or is_guessed:
            return NO_LINES
        voltages = self._session.readings.voltage_v
        return {line: power_w / len(lines) / (voltages.get(line) or NOMINAL_V) for line in lines}

    def _load(self, table: Table) -> LoadReading:
        state = foreign.state_of(self._hass, table[CONF_SWITCH_ENTITY])
        return LoadReading(on=foreign.is_on(state), current_a=self._currents_of_consumer(table))

    def _currents_of_consumer(self, table: Table) -> Lines:
        return currents(self._site, self._session.readings, channels_of_consumer(self._site, table))

    def _gives_back(self, channel: Channel) -> bool:
        reading = self._session.readings.channels.get(channel.index)
        is_load = channel.role in {Role.LOAD, Role.EV} and self._site.topology is not Topology.DELTA
        return is_load and reading is not None and (reading.power_w or 0.0) < -NOISE_W


def currents(site: Site, readings: Readings, channels: Iterable[Channel]) -> Lines:
    """Return the current of each line in A, + towards the house; a line is left out while one of its CTs is missing."""
    by_line = defaultdict[Phase, list[float | None]](list)
    for channel in channels:
        if channel.phase is not None:
            by_line[channel.phase].append(_signed_a(site, channel, readings.channels.get(channel.index)))
    sums = {line: _sum(parts) for line, parts in by_line.items()}
    return {line: total for line, total in sums.items() if total is not None}


def _signed_a(site: Site, channel: Channel, reading: ChannelReading | None) -> float | None:
    """Return |I| with the sign of P. A CT of a delta supply has no power of its own: all of it counts as import."""
    if reading is None or reading.current_a is None or reading.power_w is None:
        return None
    if site.topology is Topology.DELTA:
        return reading.current_a
    towards_the_house = (reading.power_w >= 0) is (channel.role is not Role.SOLAR)
    return reading.current_a if towards_the_house else -reading.current_a


def _power_w(readings: Readings, channels: Iterable[Channel]) -> float | None:
    """Return the power of a circuit in W, + towards the house."""
    parts = [_signed_w(channel, readings.channels.get(channel.index)) for channel in channels]
    return _sum(parts) if parts else None


def _signed_w(channel: Channel, reading: ChannelReading | None) -> float | None:
    if reading is None or reading.power_w is None:
        return None
    return -reading.power_w if channel.role is Role.SOLAR else reading.power_w


def _sum(parts: Iterable[float | None]) -> float | None:
    total = 0.0
    for part in parts:
        if part is None:
            return None
        total += part
    return total
