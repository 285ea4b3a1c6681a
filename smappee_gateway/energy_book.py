"""The counters of all channels of a site, kept together: totals per load, and the net of grid and of solar."""

from collections.abc import Mapping

import msgspec

from mqtt_schema.model import Channel, ChannelReading, Load, LoadEnergy, Site
from mqtt_schema.quantities import Role, Topology
from smappee_gateway.counters import QUANTUM_J, EnergyCounter, NetEnergy
from smappee_gateway.plausibility import highest_power_w


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


class BookMemory(msgspec.Struct):
    """What survives a restart of the host. Channels and loads that are gone are kept: they may return."""

    read_at: float = 0.0
    """When counters were last read, on the session's steady clock in seconds."""
    channels: dict[str, ChannelCounters] = {}
    """By channel key."""
    delta_loads: dict[str, NetEnergy] = {}
    """By load identifier: loads of several CTs on a delta site."""
    net_j: dict[Role, float] = {}
    """Import minus export of all CTs of a role since the book was first opened."""


class LoadAccount:
    """The counters of one load, summed into the totals people see."""

    def __init__(self, load: Load, counters: list[ChannelCounters], net: NetEnergy | None) -> None:
        """`net` is given when only the sum of the CTs has a meaning; it counts from now on."""
        self.id = load.id
        self.role = load.role
        self._counters = counters
        self._net = net
        self._dead_band_j = QUANTUM_J * len(counters)

    @property
    def import_j(self) -> float | None:
        """Energy used (load) or produced (solar) in J; None until every counter has proved itself."""
        if not all(pair.imported.known for pair in self._counters):
            return None
        return sum(pair.imported.total_j for pair in self._counters) if self._net is None else self._net.import_j

    @property
    def export_j(self) -> float | None:
        """Energy given back in J; None until every counter has proved itself."""
        if not all(pair.exported.known for pair in self._counters):
            return None
        return sum(pair.exported.total_j for pair in self._counters) if self._net is None else self._net.export_j

    def move(self, net_j: float) -> None:
        """Note what all its CTs together have counted in one message."""
        if self._net is not None:
            self._net.move(net_j, self._dead_band_j)


class ChannelAccount:
    """One CT: its counters and the load it belongs to. Slots, because 28 are visited each second."""

    __slots__ = ("_highest_power_w", "counters", "export_raw", "import_raw", "index", "load")

    def __init__(self, channel: Channel, counters: ChannelCounters, load: LoadAccount) -> None:
        """Open the account of a channel."""
        self.index = channel.index
        self.counters = counters
        self.load = load
        self.import_raw: float | None = None
        """The value that, when it comes again, needs no thought; None while every value needs one."""
        self.export_raw: float | None = None
        self._highest_power_w = highest_power_w(channel)

    def advance(self, reading: ChannelReading, before: float, clock: float) -> float:
        """Feed both counters; returns the net energy they add in joule."""
        imported, exported = self.counters.imported, self.counters.exported
        net_j = 0.0
        if reading.import_j is not None and reading.import_j != self.import_raw:
            net_j += imported.advance(reading.import_j, before, clock, self._highest_power_w)
            self.import_raw = imported.raw if imported.calm else None
        if reading.export_j is not None and reading.export_j != self.export_raw:
            net_j -= exported.advance(reading.export_j, before, clock, self._highest_power_w)
            self.export_raw = exported.raw if exported.calm else None
        return net_j

    def rest(self, before: float) -> None:
        """Note that the CT is missing from a message."""
        self.import_raw = self.export_raw = None
        self.counters.wake(before)


class EnergyBook:
    """Feeds the counters of a site and keeps the totals."""

    def __init__(self, memory: BookMemory) -> None:
        """Continue from memory; `open` says what is installed."""
        self.memory = memory
        self._accounts: list[ChannelAccount] = []
        self._loads: dict[str, LoadAccount] = {}

    @property
    def load_energy(self) -> Mapping[str, LoadEnergy]:
        """Totals by load identifier; always up to date."""
        return self._loads

    def open(self, site: Site) -> None:
        """Take over what is installed; channels that are known keep their counters."""
        self._accounts, self._loads = [], {}
        for load in site.loads:
            counters = [self.memory.channels.setdefault(channel.key, ChannelCounters()) for channel in load.channels]
            account = LoadAccount(load, counters, self._net(site, load))
            self._loads[load.id] = account
            self._accounts += [
                ChannelAccount(channel, own, account) for channel, own in zip(load.channels, counters, strict=True)
            ]

    def expect_reset(self) -> None:
        """Note that the gateway has restarted."""
        for counters in self.memory.channels.values():
            counters.expect_reset(self.memory.read_at)
        for account in self._accounts:
            account.rest(self.memory.read_at)

    def read(self, readings: Mapping[int, ChannelReading], clock: float) -> set[str]:
        """Take the counters of one message; returns the identifiers of the loads whose totals may have changed."""
        before, self.memory.read_at = self.memory.read_at, clock
        moved: dict[LoadAccount, float] = {}
        for account in self._accounts:
            reading = readings.get(account.index)
            if reading is None:
                account.rest(before)
            elif reading.import_j != account.import_raw or reading.export_j != account.export_raw:
                net_j = account.advance(reading, before, clock)
                moved[account.load] = moved.get(account.load, 0.0) + net_j
        for load, net_j in moved.items():
            self._move(load, net_j)
        return {load.id for load in moved}

    def settled(self, role: Role) -> bool:
        """Tell whether the net of a role includes the latest values that were sent."""
        return all(
            account.counters.imported.suspect is None and account.counters.exported.suspect is None
            for account in self._accounts
            if account.load.role is role
        )

    def net_j(self, role: Role) -> float:
        """Import minus export of all CTs of a role since the book was first opened."""
        return self.memory.net_j.get(role, 0.0)

    @property
    def ignored(self) -> int:
        """How many counter values did not count."""
        return sum(pair.imported.ignored + pair.exported.ignored for pair in self.memory.channels.values())

    def _move(self, load: LoadAccount, net_j: float) -> None:
        load.move(net_j)
        if load.role is not Role.LOAD:
            self.memory.net_j[load.role] = self.net_j(load.role) + net_j

    def _net(self, site: Site, load: Load) -> NetEnergy | None:
        if site.topology is not Topology.DELTA or len(load.channels) == 1:
            return None
        return self.memory.delta_loads.setdefault(load.id, NetEnergy())
