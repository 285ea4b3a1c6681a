"""Comfort plugs: the commands clients send and the state the gateway remembers."""

import json
import re
from dataclasses import dataclass
from typing import Final, override

from simulator.gateway.message import compact
from simulator.gateway.provider import Entries, Provider, Publication
from simulator.house.house import House

SETSTATE: Final = "plug/+/setstate"
_SETSTATE: Final = re.compile(r"plug/(\d+)/setstate")


@dataclass(slots=True)
class PlugState:
    """What a plug was last told; the radio is one-way, so nobody knows whether it heard."""

    on: bool
    since_ms: int


class Plugs(Provider):
    """The comfort plugs of a house."""

    commands = (SETSTATE,)

    def __init__(self, house: House) -> None:
        self._house = house
        self._states = {plug.node_id: PlugState(on=False, since_ms=house.now_ms) for plug in house.site.plugs}

    @override
    def entries(self) -> Entries:
        return {"smartplugActuators": [{"nodeId": plug.node_id, "name": plug.name} for plug in self._house.site.plugs]}

    @override
    def documents(self) -> list[Publication]:
        return [self._state(node_id) for node_id in self._states]

    @override
    def handle(self, name: str, payload: bytes) -> list[Publication] | None:
        node_id = commanded_plug(name)
        if node_id not in self._states:
            return None
        on = commanded_state(payload)
        if on is None:
            return []
        self._house.switch(node_id, on=on)
        self._states[node_id] = PlugState(on=on, since_ms=self._house.now_ms)
        return [self._state(node_id)]

    def _state(self, node_id: int) -> Publication:
        def write(_: int) -> bytes:
            plug = self._states[node_id]
            return plug_state(on=plug.on, since_ms=plug.since_ms)

        return Publication(f"plug/{node_id}/state", write)


def plug_state(*, on: bool, since_ms: int) -> bytes:
    """A plug's or switch's state and when it was last told."""
    return compact({"value": "ON" if on else "OFF", "since": since_ms})


def commanded_plug(name: str) -> int | None:
    """The plug or switch that the topic `name` below the service location commands, None when it is no such topic."""
    match = _SETSTATE.fullmatch(name)
    return int(match[1]) if match else None


def commanded_state(payload: bytes) -> bool | None:
    """ON or OFF, None when the payload is neither.

    Clients send the value alone, or with ``since`` as number or string, or with ``nodeId``; the vendor's own client
    reads single-quoted JSON too, so somebody sends it (protocol facts 3.10, seen in code).
    """
    text = payload.decode(errors="replace")
    for candidate in (text, text.replace("'", '"')):
        try:
            command = json.loads(candidate)
        except ValueError:
            continue
        value = command.get("value") if isinstance(command, dict) else None
        return {"ON": True, "OFF": False}.get(value) if isinstance(value, str) else None
    return None
