"""Feeds the policies with every measurement of a gateway, and keeps what they say."""

from ._vendor.energy_control import demand, today
from ._vendor.energy_control.points import Answers
from ._vendor.smappee_gateway.session import Session
from .memory import EntryMemory


class Policies:
    """The policies of one gateway. Days and months begin in the gateway's time zone, else in Home Assistant's."""

    def __init__(self, memory: EntryMemory, time_zone: str) -> None:
        """Continue from memory; `time_zone` is Home Assistant's (IANA)."""
        self.answers = Answers()
        self._memory = memory
        self._time_zone = time_zone

    def advance(self, session: Session) -> None:
        """Take the latest measurement of a session; one that was taken already changes nothing."""
        at = session.memory.measured_at
        if at is not None:
            self.answers = Answers(self._demand(session, at), self._today(session, at))

    def _demand(self, session: Session, at: float) -> demand.Demand:
        import_j, grid_w = session.readings.site_energy.import_j, session.readings.site_power.grid_w
        if import_j is None or grid_w is None:
            return self.answers.demand
        reading = demand.Reading(at=at, import_j=import_j, grid_w=grid_w)
        settings = demand.Settings(time_zone=self._zone(session))
        self._memory.demand, answer = demand.step(self._memory.demand, reading, settings)
        return answer

    def _today(self, session: Session, at: float) -> today.Shares:
        energy = session.readings.site_energy
        if energy.export_j is None or energy.solar_j is None or energy.house_j is None:
            return self.answers.today
        totals = today.Totals(at=at, export_j=energy.export_j, solar_j=energy.solar_j, house_j=energy.house_j)
        self._memory.today, answer = today.step(self._memory.today, totals, self._zone(session))
        return answer

    def _zone(self, session: Session) -> str:
        identity = session.site.identity
        return identity.time_zone if identity and identity.time_zone else self._time_zone
