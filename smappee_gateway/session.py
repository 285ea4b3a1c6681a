"""The heart: applies site updates to the site and its readings, without a socket or a clock.

The same object serves Home Assistant, the bridge, the command line, tests and replays.
"""

from dataclasses import replace

from mqtt_schema.accessories import Relay
from mqtt_schema.model import Identity, Site
from mqtt_schema.readings import ChannelReading, PlugReading, Readings
from smappee_gateway.changes import Changes
from smappee_gateway.commands import Command, ModuleCommand, PendingCommands, PlugCommand
from smappee_gateway.early_updates import EarlyUpdates
from smappee_gateway.energy_book import ChangedChannels, EnergyBook
from smappee_gateway.errors import UnknownTargetError
from smappee_gateway.freshness import Feed, Freshness
from smappee_gateway.module_book import ModuleBook, untold
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.newest import Newest
from smappee_gateway.sensor_book import SensorBook
from smappee_gateway.session_memory import SessionMemory
from smappee_gateway.site_power import SitePowerMeter
from smappee_gateway.steady_clock import SteadyClock
from smappee_gateway.told_loads import NOTHING_TOLD, ToldLoads, with_told
from smappee_gateway.updates import (
    AlwaysOnUpdate,
    IdentityUpdate,
    ModuleInputsUpdate,
    ModuleStateUpdate,
    PlugConnectionUpdate,
    PlugStateUpdate,
    PlugsUpdate,
    PresenceUpdate,
    ReadingsUpdate,
    SensorIntervalsUpdate,
    SensorsUpdate,
    SiteUpdate,
    SwitchEnergyUpdate,
    TopologyUpdate,
)

__all__ = ["Session", "SessionMemory"]

MOST_OTHERS = 50
"""Serial numbers that are remembered; nobody has as many gateways at one broker, so more is noise."""


class Session:
    """One gateway as it is now. `now` is always a steadily growing clock in seconds."""

    def __init__(
        self,
        serial: str,
        stale_after_s: float,
        memory: SessionMemory | None = None,
        modules: Modules = NO_MODULES,
        told: ToldLoads = NOTHING_TOLD,
    ) -> None:
        """Wait for the gateway with this serial; anything another gateway says is left alone.

        `told`: what the owner says of the loads, and the gateway does not.
        """
        self.serial = serial
        self._own = modules
        self._declared = modules.site()
        self._told = told
        self.site: Site = self._declared
        self.memory = memory or SessionMemory()
        self._sensors = SensorBook(self.memory.sensors)
        self._sensors.open(self.site)
        self.readings = self._no_readings()
        self.ignored_foreign = 0
        """Updates of other gateways and of child locations."""
        self.other_serials: set[str] = set()
        """Gateways that introduced themselves at the same place; the first so many."""
        self._freshness = Freshness(stale_after_s)
        self._book = EnergyBook(self.memory.book)
        self._commands = PendingCommands()
        self._modules = ModuleBook(self._commands, self._sensors)
        self._clock = SteadyClock(self.memory)
        self._site_power = SitePowerMeter()
        self._always_on = Newest()
        self._early = EarlyUpdates()

    @property
    def feed(self) -> Feed:
        """Whether measurements arrive."""
        return self._freshness.feed

    @property
    def ignored_counter_values(self) -> int:
        """Energy counter values that did not fit and did not count."""
        return self._book.ignored

    def age_s(self, now: float) -> float | None:
        """Seconds since the last new measurement; None when there was none."""
        return self._freshness.age_s(now)

    def apply(self, update: SiteUpdate, now: float) -> Changes:
        """Take one update; returns what it changed."""
        if isinstance(update, IdentityUpdate):
            return self._introduce(update.identity, now)
        identity = self.site.identity
        if identity is None or update.location != identity.location:
            self.ignored_foreign += 1
            self._early.keep(update)
            return Changes()
        if isinstance(update, ReadingsUpdate):
            return self._measure(update, now)
        if isinstance(update, ModuleStateUpdate | ModuleInputsUpdate):
            return self._modules.read(self.site, self.readings, update, self._clock_at(now))
        return self._note(update, now)

    def tick(self, now: float) -> Changes:
        """Let time pass: a silent feed becomes stale, an unanswered command fails."""
        failed = self._commands.expire(now)
        doubted = self._modules.doubt(self.site, self.readings, failed) if failed else frozenset[str]()
        return Changes(freshness=self._freshness.tick(now), failed=failed, relays=doubted)

    def switch_plug(self, plug: str, now: float, *, on: bool) -> PlugCommand:
        """Make the command that switches a plug and wait for its echo; raises UnknownTargetError."""
        if plug not in self.site.plug_by_id:
            raise UnknownTargetError(plug)
        command = PlugCommand(location=self._location(plug), plug=plug, on=on)
        self._commands.add(command, now)
        return command

    def switch_relay(self, relay_id: str, now: float, *, on: bool, trial: bool = False) -> ModuleCommand:
        """Make the command that switches a relay and wait for its echo.

        Raises UnknownTargetError, NotTriedError (unless this is the supervised trial), ModuleBusyError or
        RelayStateUnknownError.
        """
        relay, location = self.relay(relay_id), self._location(relay_id)
        states = self._modules.states(self.site, self.readings, relay, on=on, trial=trial)
        command = ModuleCommand(location=location, module=relay.module, states=states)
        self._commands.add(command, now)
        return command

    def relay(self, relay_id: str) -> Relay:
        """Return a declared relay; raises UnknownTargetError."""
        if relay_id not in self.site.relay_by_id:
            raise UnknownTargetError(relay_id)
        return self.site.relay_by_id[relay_id]

    def unanswered(self, module: str) -> ModuleCommand | None:
        """Return the command that an Output module has not answered yet."""
        return self._commands.of_module(module)

    def cancel(self, command: Command) -> None:
        """Stop waiting for the echo of a command that could not be sent."""
        self._commands.cancel(command)

    def _location(self, target: str) -> str:
        """Return where commands go; raises UnknownTargetError until the gateway has introduced itself."""
        if self.site.identity is None:
            raise UnknownTargetError(target)
        return self.site.identity.location

    def _note(self, update: SiteUpdate, now: float) -> Changes:
        """Take an update that is no moment of measurements."""
        changes = Changes(site=True)
        match update:
            case TopologyUpdate():
                changes = self._install(update)
            case PlugsUpdate():
                changes = self._list_plugs(update)
            case PlugStateUpdate():
                changes = self._plug_state(update)
            case PlugConnectionUpdate():
                self._plug(update.plug).connected = update.connected
                changes = Changes(plugs={update.plug})
            case SensorsUpdate():
                changes = self._list_sensors(update)
            case SensorIntervalsUpdate():
                changes = self._sensors.read_sensors(update, self.readings, now)
            case SwitchEnergyUpdate():
                changes = self._sensors.read_switches(update, now)
            case AlwaysOnUpdate():
                changes = self._always_on_power(update)
            case PresenceUpdate():
                self.readings.presence = update.present
        return changes

    def _introduce(self, identity: Identity, now: float) -> Changes:
        """Take a gateway's word for who it is; when it is ours, take what was said of it before."""
        changes = self._identify(identity)
        if self.site.identity is not None:
            for early in self._early.take(self.site.identity.location):
                changes.merge(self.apply(early, now))
        return changes

    def _identify(self, identity: Identity) -> Changes:
        """Bind to the location of our gateway. Of several, the oldest is the parent (lowest number; inferred)."""
        known = self.site.identity
        if identity.serial != self.serial:
            if len(self.other_serials) < MOST_OTHERS:
                self.other_serials.add(identity.serial)
            return Changes()
        if known is not None and identity.is_child_of(known):
            self.ignored_foreign += 1
            return Changes()
        if known is not None and identity.location != known.location:
            self._forget_installation()
        restarted = self.memory.booted_at not in (None, identity.booted_at)
        self.memory.booted_at = identity.booted_at
        self.site = replace(self.site, identity=identity)
        changes = self._restarted() if restarted else Changes()
        changes.installation = identity != known
        return changes

    def _restarted(self) -> Changes:
        """Take in that the gateway has restarted."""
        self._book.expect_reset()
        return self._modules.restart(self.site, self.readings)

    def _forget_installation(self) -> None:
        """Start over: what was known belonged to a child location."""
        self.readings = self._no_readings()
        self.site = self._declared
        self._open_book()

    def _no_readings(self) -> Readings:
        """Nothing is measured yet, but the totals of before are known."""
        readings = Readings(
            site_energy=self.memory.site_energy.totals,
            meter_pulses=self.memory.sensors.pulses,
            meter_totals=self.memory.sensors.totals,
            switch_energy_j=self.memory.sensors.switch_energy_j,
        )
        untold(readings, self._declared)
        return readings

    def _install(self, update: TopologyUpdate) -> Changes:
        channels = with_told(update.channels, self._told)
        site = replace(self.site, topology=update.topology, channels=channels)
        if site == self.site:
            return Changes()
        self.site = site
        self._open_book()
        return Changes(installation=True)

    def _open_book(self) -> None:
        site = self.site
        self._book.open(site)
        self._sensors.open(site)
        self.readings.load_energy = self._book.load_energy
        self._site_power.open(site)

    def _list_plugs(self, update: PlugsUpdate) -> Changes:
        if update.plugs == self.site.plugs:
            return Changes()
        self.site = replace(self.site, plugs=update.plugs)
        return Changes(installation=True)

    def _list_sensors(self, update: SensorsUpdate) -> Changes:
        site = self._own.listed(self.site, update.sensors, update.meters, update.switch_meters)
        if site == self.site:
            return Changes()
        self.site = site
        self._sensors.open(site)
        return Changes(installation=True)

    def _always_on_power(self, update: AlwaysOnUpdate) -> Changes:
        if not self._always_on.takes("", update.ended_at):
            return Changes()
        self.readings.always_on_w = update.always_on_w
        return Changes(site=True)

    def _plug_state(self, update: PlugStateUpdate) -> Changes:
        self._plug(update.plug).on = update.on
        echo = PlugCommand(location=update.location, plug=update.plug, on=update.on)
        confirmed = not update.retained and self._commands.cancel(echo)
        return Changes(plugs={update.plug}, confirmed=(echo,) if confirmed else ())

    def _plug(self, plug: str) -> PlugReading:
        """Return the reading of a plug; its state may come before the list of plugs."""
        return self.readings.plugs.setdefault(plug, PlugReading())

    def _clock_at(self, now: float) -> float:
        """The steady clock of the measurements, running on since the last one."""
        return self.memory.clock + (self.age_s(now) or 0.0)

    def _measure(self, update: ReadingsUpdate, now: float) -> Changes:
        """Take one moment of measurements; without a channel, or a known installation, it measures nothing."""
        if not update.channels or not self.site.channels:
            return Changes()
        elapsed_s = self._clock.elapsed_s(update.measured_at, now)
        if elapsed_s is None:
            return Changes()
        clock = self.memory.clock = self.memory.clock + elapsed_s
        changed = self._changed_channels(update)
        self.readings.channels = update.channels
        loads = self._book.read(update.channels, changed, clock)
        self._measure_site(update, clock)
        return Changes(
            site=True,
            channels=changed.keys(),
            loads=loads,
            installation=self._connect_phases(update),
            freshness=self._freshness.measured(now),
        )

    def _changed_channels(self, update: ReadingsUpdate) -> ChangedChannels:
        old, new = self.readings.channels, update.channels
        changed: dict[int, ChannelReading | None] = {
            index: reading for index, reading in new.items() if old.get(index) != reading
        }
        if old.keys() != new.keys():
            changed |= dict.fromkeys(old.keys() - new.keys())
        return changed

    def _measure_site(self, update: ReadingsUpdate, clock: float) -> None:
        readings, site = self.readings, self.site
        readings.voltage_v = update.voltage_v
        readings.frequency_hz = update.frequency_hz
        power = readings.site_power = self._site_power.read(site, readings)
        self.memory.site_energy.measure(power, clock, self._book)

    def _connect_phases(self, update: ReadingsUpdate) -> bool:
        """Add lines that show a voltage for the first time."""
        new_phases = update.voltage_v.keys() - self.site.phases
        if not new_phases:
            return False
        self.site = replace(self.site, phases=tuple(sorted((*self.site.phases, *new_phases))))
        return True
