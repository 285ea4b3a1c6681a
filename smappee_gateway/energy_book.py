"""The counters of all channels of a site, kept together: totals per load, and the net of grid and of solar."""

from collections.abc import Mapping

import msgspec

from mqtt_schema.model import Load, Site
from mqtt_schema.quantities import Role, Topology
from mqtt_schema.readings import ChannelReading, LoadEnergy
from smappee_gateway.accounts import ChannelAccount, ChannelCounters, DeltaLoadAccount, LoadAccount, LoadTotal
from smappee_gateway.counters import NetEnergy

type ChangedChannels = Mapping[int, ChannelReading | None]
"""The channels that differ from the message before; None = missing now."""


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
