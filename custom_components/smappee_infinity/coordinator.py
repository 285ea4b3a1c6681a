"""Runs one gateway inside Home Assistant and hands its changes to the entities, not faster than the user wants."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from . import declared, devices, errors
from ._vendor.energy_control.data_points import DataPoint, data_points
from ._vendor.energy_control.policies import Moment, Policies
from ._vendor.mqtt_schema.model import Site
from ._vendor.mqtt_schema.points import Scope
from ._vendor.smappee_gateway.changes import Changes
from ._vendor.smappee_gateway.errors import GatewayError, InvalidAuthError
from ._vendor.smappee_gateway.gateway import Gateway
from ._vendor.smappee_gateway.modules import Modules
from ._vendor.smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from ._vendor.smappee_gateway.session import Session
from .actuators import Actuators
from .balancing import devices as balancing_devices
from .balancing.runtime import Balancing
from .const import (
    CONF_UPDATE_INTERVAL,
    DEFAULT_UPDATE_INTERVAL_S,
    LOGGER,
    READY_TIMEOUT_S,
    SILENCE_REPAIR_S,
)
from .memory import EntryMemory, MemoryStore, SwitchBook
from .named_registers import NamedRegisters
from .switching import Switching
from .told import told
from .transports import address_of, transport_of

type SmappeeConfigEntry = ConfigEntry[SmappeeCoordinator]


class SmappeeCoordinator(DataUpdateCoordinator[Changes]):
    """Nothing is polled: `data` holds the changes that were handed out last, the values are in the session."""

    config_entry: SmappeeConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: SmappeeConfigEntry,
        store: MemoryStore,
        memory: EntryMemory,
        modules: Modules,
    ) -> None:
        """Connect nothing yet; totals continue from `memory`, and `modules` are what is declared."""
        super().__init__(hass, LOGGER, config_entry=entry, name=entry.title)
        self.serial = str(entry.unique_id)
        self.modules = modules
        self.way = entry.data
        """How the gateway is reached."""
        self.subentries = declared.subentry_of_each_module(entry)
        transport = transport_of(hass, entry.data, modules)
        self.told = told(entry.options)
        self.session = Session(
            self.serial, transport.capabilities.stale_after_s, memory.session, modules, self.told.loads
        )
        self.decoder = MqttDecoder(modules)
        self.gateway = Gateway[MqttMessage](self.session, transport, self.decoder)
        self.points: frozenset[tuple[str, Scope]] = frozenset()
        """The data points the installation has now, by row key and scope."""
        self._loads: dict[str, frozenset[str]] = {}
        """With which others, itself included, each CT makes a load."""
        self._registers = NamedRegisters(hass, self.told.registers)
        self.policies = Policies(memory, hass.config.time_zone, self.told.running, self._registers.read)
        book = SwitchBook(memory.switches, partial(store.async_save, memory))
        self.switching = Switching(hass, entry, Actuators(self.gateway), book, self.announce)
        self.balancing = Balancing(hass, entry, self.gateway, memory.balancing, partial(store.async_save, memory))
        self._store = store
        self._memory = memory
        self._pending = Changes()
        self._end_of_pause: CALLBACK_TYPE | None = None
        self._end_of_patience: CALLBACK_TYPE | None = None

    def data_points(self) -> Iterator[DataPoint]:
        """Every data point there is now."""
        return data_points(self.session, self.policies)

    @override
    async def _async_setup(self) -> None:
        """Start the gateway and wait for its first measurement; raises ConfigEntryNotReady or ConfigEntryAuthFailed."""
        entry = self.config_entry
        entry.async_create_background_task(self.hass, self.gateway.run(), name=f"{entry.title} gateway")
        try:
            await self.gateway.wait_ready(READY_TIMEOUT_S)
        except GatewayError as error:
            raise errors.not_ready(error, self._report(error)) from error
        errors.clear(self.hass, entry.entry_id)
        self._advance(Changes(site=True))  # entities begin with what was known before a restart
        self._install()
        self.balancing.start()  # it hears of a measurement before anything else is done with it
        entry.async_on_unload(self.gateway.listen(self._collect))
        entry.async_on_unload(self._registers.follow(partial(self._collect, Changes(site=True))))
        self.switching.start()

    @override
    async def _async_update_data(self) -> Changes:
        """Return what has been collected: a refresh that somebody asks for does not wait for the interval."""
        changes, self._pending = self._pending, Changes()
        return changes

    @override
    async def async_shutdown(self) -> None:
        """Stop handing out and write the totals."""
        await super().async_shutdown()
        self._cancel_pause()
        self._cancel_patience()
        if self.points:
            await self._store.async_save(self._memory)

    @callback
    def announce(self, changes: Changes) -> None:
        """Hand out at once what Home Assistant itself has changed."""
        self._pending.merge(changes)
        self._hand_out()

    @callback
    def _collect(self, changes: Changes) -> None:
        """Take changes of the gateway. New installations, availability and switched things are handed out at once."""
        self._pending.merge(changes)
        self._pending.merge(self._advance(changes))
        if changes.installation:
            self._install()
        if changes.freshness:
            self._watch()
        self.switching.follow(changes)
        urgent = changes.installation or changes.freshness or changes.plugs or changes.relays or changes.contacts
        if urgent or self._end_of_pause is None:
            self._hand_out()

    def _advance(self, changes: Changes) -> Changes:
        """Let the policies take what has changed; returns what else has changed thereby."""
        session = self.session
        moment = Moment(session.site, session.readings, session.memory.measured_at, session.memory.clock)
        turned = self.policies.advance(moment, changes)
        return Changes(loads=turned.loads, meters=turned.meters)

    @callback
    def _watch(self) -> None:
        """Begin to wait for a gateway that cannot be trusted; take its repair away when it can."""
        if self.gateway.available:
            self._cancel_patience()
            errors.clear(self.hass, self.config_entry.entry_id)
            return
        if not self.gateway.connected and isinstance(self.gateway.failure, InvalidAuthError):
            self.config_entry.async_start_reauth(self.hass)  # once, while nobody has answered
        if self._end_of_patience is None:
            job = HassJob(self._patience_ends, cancel_on_shutdown=True)
            self._end_of_patience = async_call_later(self.hass, SILENCE_REPAIR_S, job)

    @callback
    def _patience_ends(self, _now: datetime) -> None:
        self._end_of_patience = None
        self._report(self.gateway.what_is_missing())

    def _report(self, error: GatewayError) -> dict[str, str]:
        """Show the repair of an error, if it has one; returns what its texts may mention."""
        texts = errors.placeholders(address_of(self.hass, self.config_entry.data), self.serial, error)
        errors.report(self.hass, self.config_entry.entry_id, error, texts)
        return texts

    @callback
    def _install(self) -> None:
        site = self.session.site
        self.points = frozenset(data.key for data in self.data_points())
        devices.register(self.hass, self.config_entry, self.serial, site, self.subentries)
        balancing_devices.register(self.hass, self.config_entry)
        old, self._loads = self._loads, _load_of_each_channel(site)
        if any(old.get(key, load) != load for key, load in self._loads.items()):
            # Entities keep the device and the name that they were made with.
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    @callback
    def _hand_out(self) -> None:
        """Tell the entities, then pause."""
        self._cancel_pause()
        interval_s = self.config_entry.options.get(CONF_UPDATE_INTERVAL, DEFAULT_UPDATE_INTERVAL_S)
        self._end_of_pause = async_call_later(self.hass, interval_s, HassJob(self._pause_ends, cancel_on_shutdown=True))
        self._store.save_soon(self._memory)
        changes, self._pending = self._pending, Changes()
        self.async_set_updated_data(changes)

    @callback
    def _pause_ends(self, _now: datetime) -> None:
        self._end_of_pause = None
        if self._pending:
            self._hand_out()

    def _cancel_patience(self) -> None:
        if self._end_of_patience is not None:
            self._end_of_patience()
            self._end_of_patience = None

    def _cancel_pause(self) -> None:
        if self._end_of_pause is not None:
            self._end_of_pause()
            self._end_of_pause = None


def _load_of_each_channel(site: Site) -> dict[str, frozenset[str]]:
    loads = (frozenset(channel.key for channel in load.channels) for load in site.loads)
    return {key: load for load in loads for key in load}
