"""Installations of simulated houses, made as the bridge makes them, and names as people may give them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from random import Random

from openhab_bridge.house import House
from openhab_bridge.model import Installation, Node
from openhab_bridge.settings import GatewaySettings, Settings
from simulator import SITES
from smappee_gateway.broker import Broker
from smappee_gateway.module_settings import modules_of
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.told_loads import NOTHING_TOLD, ToldLoads
from tests.simulator.living import live, new_gateway

type Text = Callable[[Sequence[Installation], Settings], str]

GATEWAY = Broker("gateway.example")
SETTINGS = Settings(target=Broker("broker.example"), gateways=(GatewaySettings(broker=GATEWAY),))
WITH_EVERYTHING = "everything"
HOUSES = (WITH_EVERYTHING, "plus-star", "split-phase", "single-phase", "delta-two-ct")
OUTPUTS = {"id": "5800009901", "name": "Cellar", "dialect": "outputmodule", "tried": True}
INPUTS = {
    "id": "5800009902",
    "name": "Inputs",
    "dialect": "inputmodule",
    "inputs": [
        {"input": 1, "kind": "pulse", "name": "Rainwater", "medium": "water", "pulses_per_unit": 2000},
        {"input": 3, "kind": "contact", "name": "Front door"},
    ],
}


@cache
def installation(site: str, *, all_points: bool = False) -> Installation:
    """What the bridge knows of a house whose gateway it has heard for ten seconds."""
    serial = SITES[site].identity.serial_number
    house = heard(site, serial, all_points=all_points)
    if site == WITH_EVERYTHING:
        loads = {load.name: load.id for load in house.session.site.loads}
        told = ToldLoads(batteries=frozenset({loads["Battery"]}), cars=frozenset({loads["EV charger"]}))
        house = heard(site, serial, all_points=all_points, told=told)
    found = house.installation()
    assert found is not None
    return found


def heard(site: str, serial: str, *, all_points: bool, told: ToldLoads = NOTHING_TOLD) -> House:
    modules = declared(serial) if site == WITH_EVERYTHING else NO_MODULES
    settings = GatewaySettings(broker=GATEWAY, modules=modules, loads=told)
    house = House(settings, serial, None, all_points=all_points)
    decoder = MqttDecoder(modules)
    for message in live(new_gateway(site), 10):
        for update in decoder.decode(MqttMessage(message.topic, message.payload, message.retain)):
            house.session.apply(update, 1000.0)
    return house


def declared(serial: str) -> Modules:
    return modules_of({"output_module": [OUTPUTS], "input_module": [INPUTS]}, serial)


def renamed(house: Installation, name_of: Callable[[Node], str]) -> Installation:
    return replace(
        house, nodes=tuple(replace(node, part=node.part._replace(name=name_of(node))) for node in house.nodes)
    )


def shuffled(house: Installation, seed: int) -> Installation:
    """The same house, told in another order."""
    chance = Random(seed)

    def mixed[T](things: Sequence[T]) -> tuple[T, ...]:
        return tuple(chance.sample(things, len(things)))

    nodes = mixed([replace(node, properties=mixed(node.properties)) for node in house.nodes])
    return replace(house, nodes=nodes)
