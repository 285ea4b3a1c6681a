"""Comfort plugs: the commands clients send and the state the gateway remembers."""

import json
import re
from dataclasses import dataclass
from typing import Final

_SETSTATE: Final = re.compile(r"servicelocation/(?P<location>[^/]+)/plug/(?P<node_id>\d+)/setstate")


@dataclass(slots=True)
class PlugState:
    """What a plug was last told; the radio is one-way, so nobody knows whether it heard."""

    on: bool
    since_ms: int


def commanded_plug(topic: str, location_uuid: str) -> int | None:
    """The plug a topic commands, None when it is no command to this location."""
    match = _SETSTATE.fullmatch(topic)
    return int(match["node_id"]) if match and match["location"] == location_uuid else None


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
