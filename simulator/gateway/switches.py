"""Smappee Switches: plugs that measure, on the topics of the comfort plugs.

``switchActuators``, ``switchSensors``, ``connectionState`` and ``aggregatedSwitch`` follow clients' parsers (protocol
facts 3.9 and 3.10, seen in code). The end of each interval is written as ``aggregated`` does (inferred).
"""

from collections.abc import Callable
from typing import override

from simulator.gateway.interval_log import Counts
from simulator.gateway.message import Json, compact
from simulator.gateway.plugs import SETSTATE, PlugState, commanded_plug, commanded_state, plug_state
from simulator.gateway.provider import Entries, Provider, Publication
from simulator.house.house import House


class Switches(Provider):
    """The Switches of a house. Their radio works both ways: what is switched by hand is told, too."""

    commands = (SETSTATE,)

    def __init__(self, house: House) -> None:
        self._house = house
        self._switches = {switch.node_id: switch for switch in house.site.switches}
        self._told = {node_id: PlugState(on=True, since_ms=house.now_ms) for node_id in self._switches}
        self._linked_ms = house.now_ms
        self._logs = [(switch, house.log(watt_seconds(house, switch.name))) for switch in house.site.switches]

    @override
    def entries(self) -> Entries:
        actuators: list[Json] = [
            {"nodeId": switch.node_id, "name": switch.name, "serialNumber": switch.serial_number}
            for switch in self._switches.values()
        ]
        sensors: list[Json] = [
            {"sensorId": switch.sensor_id, "name": switch.name, "serialNumber": switch.serial_number}
            for switch in self._switches.values()
        ]
        return {"switchActuators": actuators, "switchSensors": sensors}

    @override
    def documents(self) -> list[Publication]:
        self._linked_ms = self._house.now_ms
        for node_id in self._moved():
            self._tell(node_id)
        told = [(self._state(node_id), self._link(node_id)) for node_id in self._switches]
        return [publication for pair in told for publication in pair]

    @override
    def every_second(self) -> list[Publication]:
        return [self._tell(node_id) for node_id in self._moved()]

    @override
    def every_period(self, end_ms: int) -> list[Publication]:
        intervals: list[Json] = [
            {"utcEndtime": interval.end_ms, "sensorId": switch.sensor_id, "activePower": interval.counts[0]}
            for switch, log in self._logs
            for interval in log.take()
        ]
        if not intervals:
            return []
        document = compact({"switchIntervalDatas": intervals})
        return [Publication("aggregatedSwitch", lambda _: document, retain=False)]

    @override
    def handle(self, name: str, payload: bytes) -> list[Publication] | None:
        node_id = commanded_plug(name)
        if node_id not in self._switches:
            return None
        on = commanded_state(payload)
        if on is None:
            return []
        self._house.switch(node_id, on=on)
        return [self._tell(node_id)]

    def _moved(self) -> list[int]:
        """Those that somebody has switched by hand since they were told."""
        return [node_id for node_id in self._switches if self._is_on(node_id) != self._told[node_id].on]

    def _is_on(self, node_id: int) -> bool:
        return self._house.circuits[self._switches[node_id].name].closed

    def _tell(self, node_id: int) -> Publication:
        self._told[node_id] = PlugState(on=self._is_on(node_id), since_ms=self._house.now_ms)
        return self._state(node_id)

    def _state(self, node_id: int) -> Publication:
        def write(_: int) -> bytes:
            told = self._told[node_id]
            return plug_state(on=told.on, since_ms=told.since_ms)

        return Publication(f"plug/{node_id}/state", write)

    def _link(self, node_id: int) -> Publication:
        def write(_: int) -> bytes:
            return compact({"value": "CONNECTED", "since": self._linked_ms})

        return Publication(f"plug/{node_id}/connectionState", write)


def watt_seconds(house: House, circuit: str) -> Callable[[], Counts]:
    """Return what tells the whole watt-seconds that `circuit` has used so far."""

    def read() -> Counts:
        return (int(house.meter.loads_j[circuit]),)

    return read
