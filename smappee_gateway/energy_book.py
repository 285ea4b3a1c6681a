"""The counters of all channels of a site, kept together: totals per load, and the net of grid and of solar."""

from collections.abc import Mapping
from typing import override

import msgspec

from mqtt_schema.model import Channel, ChannelReading, Load, LoadEnergy, Site
from mqtt_schema.quantities import Role, Topology
from smappee_gateway.counters import QUANTUM_J, EnergyCounter, NetEnergy
from smappee_gateway.plausibility import highest_power_w

type ChangedChannels = Mapping[int, ChannelReading | None]
"""The channels that differ from the message before; None = missing now."""


class ChannelCounters(msgspec.Struct):
    """The two counters of one CT."""

    imported: EnergyCounter = msgspec.field(default_factory=EnergyCounter)
    exported: EnergyCounter = msgspec.field(default_factory=EnergyCounter)

    def wake(self, before: float) -> None:
        """Note that the CT is missing from a message."""
        self.imported.wake(before)
        self.exported.wake(before)

    def expect_reset(self, before: float) -> None:
        """Note that the gateway has restarted."""
        self.imported.expect_reset(before)
        self.exported.expect_reset(before)


class LoadTotal(msgspec.Struct):
    """The energy of one load in J; None until its counters have proved themselves.

    It begins with what its CTs have counted in their lives and then only grows, whichever CTs it loses or gains.
    """

    import_j: float | None = None
    export_j: float | None = None


class BookMemory(msgspec.Struct):
    """What survives a restart of the host. Channels and loads that are gone are kept: they may return."""

    read_at: float = 0.0
    """When counters were last read, on the session's steady clock in seconds."""
    channels: dict[str, ChannelCounters] = {}
    """By channel key."""
    loads: dict[str, LoadTotal] = {}
    """By load identifier."""
    delta_loads: dict[str, NetEnergy] = {}
    """By load identifier: loads of several CTs on a delta site."""
    net_j: dict[Role, float] = {}
    """Import minus export of all CTs of a role since the book was first opened."""


class LoadAccount:
    """The total of one load, fed by its CTs one by one and settled once a message."""

    def __init__(self, load: Load, counters: list[ChannelCounters], total: LoadTotal) -> None:
        """Continue with `total`."""
        self.id = load.id
        self.role = load.role
        self.total = total
        self._counters = counters
        self._imported_j = self._exported_j = 0.0

    def add(self, imported_j: float, exported_j: float) -> None:
        """Note what one of its CTs has counted."""
        self._imported_j += imported_j
        self._exported_j += exported_j

    def settle(self) -> float:
        """Count what was added since the last time; returns its net in joule."""
        imported_j, exported_j = self._imported_j, self._exported_j
        self._imported_j = self._exported_j = 0.0
        self._count(imported_j, exported_j)
        return imported_j - exported_j

    def _count(self, imported_j: float, exported_j: float) -> None:
        total = self.total
        if total.import_j is None:
            total.import_j = _beginning([pair.imported for pair in self._counters])
        else:
            total.import_j += imported_j
        if total.export_j is None:
            total.export_j = _beginning([pair.exported for pair in self._counters])
        else:
            total.export_j += exported_j


class DeltaLoadAccount(LoadAccount):
    """A load whose CTs only mean something together, so that it has the net of them; it counts from now on."""

    def __init__(self, load: Load, counters: list[ChannelCounters], total: LoadTotal, net: NetEnergy) -> None:
        """Continue with `total`, which follows `net`."""
        super().__init__(load, counters, total)
        self._net = net
        self._dead_band_j = QUANTUM_J * len(counters)

    @override
    def _count(self, imported_j: float, exported_j: float) -> None:
        self._net.move(imported_j - exported_j, self._dead_band_j)
        self.total.import_j, self.total.export_j = self._net.import_j, self._net.export_j


def _beginning(counters: list[EnergyCounter]) -> float | None:
    """Return what counters have counted in their lives; None until every one of them is known."""
    return sum(counter.total_j for counter in counters) if all(counter.known for counter in counters) else None


class ChannelAccount:
    """One CT: its counters and the load it belongs to. Slots, because many are visited each second."""

    __slots__ = ("_highest_power_w", "counters", "export_raw", "import_raw", "load")

    def __init__(self, channel: Channel, counters: ChannelCounters, load: LoadAccount) -> None:
        """Open the account of a channel."""
        self.counters = counters
        self.load = load
        self.import_raw: float | None = None
        """The value that, when it comes again, needs no thought; None while every value needs one."""
        self.export_raw: float | None = None
        self._highest_power_w = highest_power_w(channel)

    @property
    def calm(self) -> bool:
        """Whether both counters need no look before they change."""
        return self.import_raw is not None and self.export_raw is not None

    def advance(self, reading: ChannelReading, before: float, clock: float) -> None:
        """Feed both counters, and the load with what they add."""
        imported, exported = self.counters.imported, self.counters.exported
        imported_j = exported_j = 0.0
        if reading.import_j is not None and reading.import_j != self.import_raw:
            imported_j = imported.advance(reading.import_j, before, clock, self._highest_power_w)
            self.import_raw = imported.raw if imported.calm else None
        if reading.export_j is not None and reading.export_j != self.export_raw:
            exported_j = exported.advance(reading.export_j, before, clock, self._highest_power_w)
            self.export_raw = exported.raw if exported.calm else None
        self.load.add(imported_j, exported_j)

    def rest(self, before: float) -> None:
        """Note that the CT is missing from a message."""
        self.import_raw = self.export_raw = None
        self.counters.wake(before)


class EnergyBook:
    """Feeds the counters of a site and keeps the totals."""

    def __init__(self, memory: BookMemory) -> None:
        """Continue from memory; `open` says what is installed."""
        self.memory = memory
        self._accounts: dict[int, ChannelAccount] = {}
        self._uneasy: set[int] = set()
        """Channels that need a look even when they have not changed."""
        self._totals: dict[str, LoadTotal] = {}

    @property
    def load_energy(self) -> Mapping[str, LoadEnergy]:
        """Totals by load identifier; always up to date."""
        return self._totals

    def open(self, site: Site) -> None:
        """Take over what is installed; channels that are known keep their counters."""
        self._accounts, self._totals = {}, {}
        for load in site.loads:
            counters = [self.memory.channels.setdefault(channel.key, ChannelCounters()) for channel in load.channels]
            account = self._account(site, load, counters)
            self._totals[load.id] = account.total
            for channel, own in zip(load.channels, counters, strict=True):
                self._accounts[channel.index] = ChannelAccount(channel, own, account)
        self._uneasy = set(self._accounts)

    def expect_reset(self) -> None:
        """Note that the gateway has restarted."""
        for counters in self.memory.channels.values():
            counters.expect_reset(self.memory.read_at)
        for account in self._accounts.values():
            account.rest(self.memory.read_at)
        self._uneasy = set(self._accounts)

    def read(self, readings: Mapping[int, ChannelReading], changed: ChangedChannels, clock: float) -> set[str]:
        """Take the counters of one message; returns the identifiers of the loads whose totals may have changed."""
        before, self.memory.read_at = self.memory.read_at, clock
        if self._uneasy:
            changed = {**changed, **{index: readings.get(index) for index in self._uneasy}}
        moved: set[LoadAccount] = set()
        for index, reading in changed.items():
            account = self._accounts.get(index)
            if account is None:
                continue
            if reading is None:
                account.rest(before)
                self._uneasy.add(index)
            elif reading.import_j != account.import_raw or reading.export_j != account.export_raw:
                account.advance(reading, before, clock)
                moved.add(account.load)
                if account.calm:
                    self._uneasy.discard(index)
                else:
                    self._uneasy.add(index)
        for load in moved:
            self._settle(load)
        return {load.id for load in moved}

    def settled(self, role: Role) -> bool:
        """Tell whether the net of a role includes the latest values that were sent."""
        return all(
            account.counters.imported.suspect is None and account.counters.exported.suspect is None
            for account in self._accounts.values()
            if account.load.role is role
        )

    def net_j(self, role: Role) -> float:
        """Import minus export of all CTs of a role since the book was first opened."""
        return self.memory.net_j.get(role, 0.0)

    @property
    def ignored(self) -> int:
        """How many counter values did not count."""
        return sum(pair.imported.ignored + pair.exported.ignored for pair in self.memory.channels.values())

    def _settle(self, load: LoadAccount) -> None:
        net_j = load.settle()
        if load.role is not Role.LOAD:
            self.memory.net_j[load.role] = self.net_j(load.role) + net_j

    def _account(self, site: Site, load: Load, counters: list[ChannelCounters]) -> LoadAccount:
        total = self.memory.loads.setdefault(load.id, LoadTotal())
        if site.topology is not Topology.DELTA or len(counters) == 1:
            return LoadAccount(load, counters, total)
        return DeltaLoadAccount(load, counters, total, self.memory.delta_loads.setdefault(load.id, NetEnergy()))
