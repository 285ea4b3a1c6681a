"""The gateway's own lifetime counters: gross per CT, so they are not the meter's truth."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final, override

from simulator.sites.site import CurrentTransformer, Role

KILOWATT_HOUR_J: Final = 3.6e6

# What a gateway has counted before the simulation begins, kWh from and to, import and then export. A solar CT counts
# its production as import and its nights as export (protocol facts 3.7).
_LIFETIME_KWH: Final = {
    Role.GRID: ((4000.0, 12000.0), (800.0, 3000.0)),
    Role.SOLAR: ((3500.0, 5000.0), (10.0, 60.0)),
    Role.LOAD: ((150.0, 3000.0), (0.0, 2.0)),
    Role.HOUSE: ((7000.0, 14000.0), (0.0, 0.0)),
}


class Counters:
    """Import and export of each CT in joule, in the order of the CTs, from zero on."""

    def __init__(self, transformers: Sequence[CurrentTransformer]) -> None:
        self.import_j = [0.0] * len(transformers)
        self.export_j = [0.0] * len(transformers)

    def add(self, powers_va: Iterable[complex], seconds: float) -> None:
        """Count the CTs' powers (P + jQ) held for `seconds`: positive P is import."""
        for index, power in enumerate(powers_va):
            if power.real > 0:
                self.import_j[index] += power.real * seconds
            else:
                self.export_j[index] -= power.real * seconds

    def boot(self) -> None:
        """The gateway starts (again)."""

    def clear(self) -> None:
        """Begin again at zero."""
        self.import_j = [0.0] * len(self.import_j)
        self.export_j = [0.0] * len(self.export_j)


class LifetimeCounters(Counters):
    """They survive a restart, and have counted before the simulation begins."""

    def __init__(self, transformers: Sequence[CurrentTransformer], rng: Random) -> None:
        super().__init__(transformers)
        spans = [_LIFETIME_KWH[ct.role] for ct in transformers]
        self.import_j = [KILOWATT_HOUR_J * rng.uniform(*imported) for imported, _ in spans]
        self.export_j = [KILOWATT_HOUR_J * rng.uniform(*exported) for _, exported in spans]


class BootCounters(Counters):
    """As on a Plus: from zero at each boot, the whole watts of each second (protocol facts 3.7, by arithmetic)."""

    def __init__(self, transformers: Sequence[CurrentTransformer], _: Random) -> None:
        super().__init__(transformers)

    @override
    def add(self, powers_va: Iterable[complex], seconds: float) -> None:
        super().add(_whole_watts(powers_va), seconds)

    @override
    def boot(self) -> None:
        self.clear()


class WattSecondCounters(LifetimeCounters):
    """As on a Solar: lifetime counters of whole watt-seconds.

    A captured one is no multiple of 3600 even when its wraps are undone; that it adds whole watts is inferred from a
    Plus.
    """

    def __init__(self, transformers: Sequence[CurrentTransformer], rng: Random) -> None:
        super().__init__(transformers, rng)
        self.import_j = [float(int(energy_j)) for energy_j in self.import_j]
        self.export_j = [float(int(energy_j)) for energy_j in self.export_j]

    @override
    def add(self, powers_va: Iterable[complex], seconds: float) -> None:
        super().add(_whole_watts(powers_va), seconds)


def _whole_watts(powers_va: Iterable[complex]) -> list[complex]:
    return [complex(round(power.real)) for power in powers_va]
