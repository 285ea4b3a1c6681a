"""Homie 5: one `$description` for a whole device. openHAB does not read it yet, so it is off unless asked for."""

import json
import zlib
from collections.abc import Iterator
from typing import Final

from openhab_bridge.feed import Feed
from openhab_bridge.model import Installation, Node, Property
from openhab_bridge.units import unit_of
from openhab_bridge.writers.homie import DISCONNECTED, HomieDevice, datatype, names

VERSION: Final = "5.0"
MAJOR: Final = "5"
NO_MEASUREMENTS: Final = "No measurements arrive from the gateway; the values are old"


class Homie5:
    """Writes below `<prefix>/5/<device>`: a gateway is one device, however large it is."""

    def __init__(self, prefix: str) -> None:
        """`prefix` is usually `homie`."""
        self._prefix = prefix

    def device_ids(self, serial: str) -> tuple[str, ...]:
        """Return the one id."""
        return (f"smappee-{serial.lower()}",)

    def devices(self, installation: Installation) -> Iterator[HomieDevice]:
        """Return the whole installation as one device."""
        (device_id,) = self.device_ids(installation.serial)
        yield HomieDevice(
            id=device_id, name=f"{installation.name} {installation.serial}", nodes=tuple(installation.nodes)
        )

    def root(self, device_id: str) -> str:
        """Return what all topics of a device begin with."""
        return f"{self._prefix}/{MAJOR}/{device_id}"

    def documents(self, device: HomieDevice) -> dict[str, str]:
        """Return the description. Its version follows from what it says: another one means that it has changed."""
        called = names(device)
        described = {
            "homie": VERSION,
            "name": device.name,
            "nodes": {node.id: _of_node(node, called[node.id]) for node in device.nodes},
        }
        version = zlib.crc32(json.dumps(described).encode())
        return {f"{self.root(device.id)}/$description": json.dumps(described | {"version": version})}

    def state(self, feed: Feed) -> str:
        """Return the `$state`; Homie 5 has alerts beside it."""
        return DISCONNECTED if feed is Feed.ENDED else "ready"

    def alerts(self, device_id: str, feed: Feed) -> dict[str, str]:
        """Return the alert of a silent gateway."""
        return {f"{self.root(device_id)}/$alert/measurements": NO_MEASUREMENTS if feed is Feed.STALE else ""}


def _of_node(node: Node, name: str) -> dict[str, object]:
    properties = {item.id: _of_property(item) for item in node.properties}
    return {"name": name, "type": node.scope.kind.value, "properties": properties}


def _of_property(item: Property) -> dict[str, object]:
    described: dict[str, object] = {"name": item.name, "datatype": datatype(item)}
    unit = unit_of(item.point)
    if unit:
        described["unit"] = unit
    if item.settable:
        described["settable"] = True
    return described
