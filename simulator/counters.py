"""The gateway's own lifetime counters: gross per CT, so they are not the meter's truth."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

from simulator.site import CurrentTransformer, Role

KILOWATT_HOUR_J: Final = 3.6e6

# What a gateway has counted before the simulation begins, kWh from and to, import and then export. A solar CT counts
# its production as import and its nights as export (protocol facts 3.7).
_LIFETIME_KWH: Final = {
    Role.GRID: ((4000.0, 12000.0), (800.0, 3000.0)),
    Role.SOLAR: ((3500.0, 5000.0), (10.0, 60.0)),
    Role.LOAD: ((150.0, 3000.0), (0.0, 2.0)),
}


class Counters:
    """Import and export of each CT in joule, in the order of publishIndex."""

    def __init__(self, transformers: Sequence[CurrentTransformer], rng: Random) -> None:
        spans = [_LIFETIME_KWH[ct.role] for ct in transformers]
        self.import_j = [KILOWATT_HOUR_J * rng.uniform(*imported) for imported, _ in spans]
        self.export_j = [KILOWATT_HOUR_J * rng.uniform(*exported) for _, exported in spans]

    def add(self, powers_va: Iterable[complex], seconds: float) -> None:
        """Count the CTs' powers (P + jQ) held for `seconds`: positive P is import."""
        for index, power in enumerate(powers_va):
            if power.real > 0:
                self.import_j[index] += power.real * seconds
            else:
                self.export_j[index] -= power.real * seconds

    def clear(self) -> None:
        """Begin again at zero."""
        self.import_j = [0.0] * len(self.import_j)
        self.export_j = [0.0] * len(self.export_j)
