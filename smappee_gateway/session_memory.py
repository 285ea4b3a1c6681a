"""What a session remembers over a restart of its host."""

import msgspec

from smappee_gateway.energy_book import BookMemory
from smappee_gateway.sensor_book import SensorMemory
from smappee_gateway.site_energy import SiteEnergyMeter


class SessionMemory(msgspec.Struct):
    """What a host keeps over a restart, so that totals continue. Convert with `msgspec.to_builtins` and `convert`."""

    clock: float = 0.0
    """The steady clock of the measurements in seconds: it only ever grows."""
    measured_at: float | None = None
    """The gateway's time of the last measurement, seconds since the epoch."""
    booted_at: float | None = None
    book: BookMemory = msgspec.field(default_factory=BookMemory)
    site_energy: SiteEnergyMeter = msgspec.field(default_factory=SiteEnergyMeter)
    sensors: SensorMemory = msgspec.field(default_factory=SensorMemory)
