"""How announcements change with the house."""

from dataclasses import replace

from openhab_bridge.connection import Connection, Purpose
from openhab_bridge.faces.discovery import DiscoveryFace
from openhab_bridge.outage import Outage
from openhab_bridge.settings import DiscoverySettings, Settings
from tests.openhab_bridge.simulated import NOWHERE, installation

PER_DEVICE = Settings(target=NOWHERE, gateways=(), discovery=DiscoverySettings(enabled=True, per_device=True))


def test_the_payload_that_is_gone_is_emptied_before_the_one_that_takes_its_place() -> None:
    connection = Connection(NOWHERE, Purpose(name="gateway"), Outage(NOWHERE))
    face, house = DiscoveryFace(PER_DEVICE, connection), installation("plus-star")
    face.install(house)
    assert len(connection.outbox) == 0  # what an earlier run has left goes first
    face.clean()
    connection.outbox.take(len(connection.outbox))
    node, *others = house.nodes
    face.install(replace(house, nodes=(replace(node, properties=node.properties[1:]), *others)))
    (gone, nothing), (come, payload) = connection.outbox.take(10)
    assert nothing == b""
    assert payload
    assert gone != come
    assert gone.rpartition("-")[0] == come.rpartition("-")[0]
