"""Simulated houses as the bridge knows them after some seconds, without a broker."""

from datetime import UTC, datetime

from openhab_bridge.house import House
from openhab_bridge.model import Installation
from openhab_bridge.settings import GatewaySettings
from simulator import SITES, Gateway
from simulator import House as SimulatedHouse
from smappee_gateway.broker import Broker
from smappee_gateway.module_settings import modules_of
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage

NOWHERE = Broker("127.0.0.1")
NOON = datetime(2026, 6, 21, 10, tzinfo=UTC)
SECONDS = 10
"""After so many a gateway has told of everything it has."""
OUTPUT, INPUT = "5800009901", "5800009902"
INPUTS: list[dict[str, object]] = [
    {"input": 1, "kind": "pulse", "name": "Rainwater", "medium": "water", "pulses_per_unit": 1000},
    {"input": 2, "kind": "pulse", "name": "Turns", "medium": "other", "pulses_per_unit": 1},
    {"input": 3, "kind": "contact", "name": "Front door"},
]
MODULES = modules_of(
    {
        "output_module": [
            {"id": OUTPUT, "name": "Cellar", "dialect": "outputmodule", "relays": ["Boiler", "Towels"], "tried": True}
        ],
        "input_module": [{"id": INPUT, "name": "Meters", "dialect": "inputmodule", "inputs": INPUTS}],
        "meter": [{"id": f"{INPUT}_0", "offset": 10.0}, {"id": f"{INPUT}_1", "offset": 5.0}],
    }
)
"""What the owner of the house "everything" has declared."""


def installation(site: str) -> Installation:
    """All that a simulated house has, points that are not shown unasked included."""
    found = house(site).installation()
    assert found is not None
    return found


def house(site: str) -> House:
    """Let a simulated gateway live, and its house take what it says."""
    modules = MODULES if site == "everything" else NO_MODULES
    gateway = Gateway(SimulatedHouse(SITES[site], seed=1, start=NOON), seed=1)
    serial = SITES[site].identity.serial_number
    known = House(GatewaySettings(broker=NOWHERE, modules=modules), serial, None, all_points=True)
    _live(gateway, known, modules)
    return known


def _live(gateway: Gateway, known: House, modules: Modules) -> None:
    decoder = MqttDecoder(modules)
    for second in range(SECONDS):
        for message in gateway.step():
            for update in decoder.decode(MqttMessage(message.topic, message.payload, message.retain)):
                known.session.apply(update, 1000.0 + second)
