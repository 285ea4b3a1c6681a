"""Feeds the quarter-hour demand with every measurement of a gateway."""

from ._vendor.energy_control.demand import Demand, Reading, Settings, step
from ._vendor.mqtt_schema.model import Identity
from ._vendor.smappee_gateway.session import Session
from .memory import EntryMemory


class DemandMeter:
    """Keeps the demand of one gateway. Months begin in the gateway's time zone, else in Home Assistant's."""

    def __init__(self, memory: EntryMemory, time_zone: str) -> None:
        """Continue from memory; `time_zone` is Home Assistant's (IANA)."""
        self.demand = Demand()
        self._memory = memory
        self._time_zone = time_zone

    def advance(self, session: Session) -> None:
        """Take the latest measurement of a session; one that was taken already changes nothing."""
        at, import_j = session.memory.measured_at, session.readings.site_energy.import_j
        grid_w = session.readings.site_power.grid_w
        if at is None or import_j is None or grid_w is None:
            return
        reading = Reading(at=at, import_j=import_j, grid_w=grid_w)
        self._memory.demand, self.demand = step(self._memory.demand, reading, self._settings(session.site.identity))

    def _settings(self, identity: Identity | None) -> Settings:
        return Settings(time_zone=identity.time_zone if identity and identity.time_zone else self._time_zone)
