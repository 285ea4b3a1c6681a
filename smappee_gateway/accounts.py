"""The accounts of one CT and of one load: counters in, totals that people see out."""

from typing import override

import msgspec

from mqtt_schema.model import Channel, Load
from mqtt_schema.readings import ChannelReading
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


class LoadTotal(msgspec.Struct):
    """The energy of one load in J; None until its counters have proved themselves.

    It begins with what its CTs have counted in their lives and then only grows, whichever CTs it loses or gains.
    """

    import_j: float | None = None
    export_j: float | None = None


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
        """Continue with `total`; `net` tells which part of a movement is import and which is export."""
        super().__init__(load, counters, total)
        self._net = net
        self._dead_band_j = QUANTUM_J * len(counters)

    @override
    def _count(self, imported_j: float, exported_j: float) -> None:
        net, total = self._net, self.total
        import_before_j, export_before_j = net.import_j, net.export_j
        net.move(imported_j - exported_j, self._dead_band_j)
        total.import_j = (total.import_j or 0.0) + net.import_j - import_before_j
        total.export_j = (total.export_j or 0.0) + net.export_j - export_before_j


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
