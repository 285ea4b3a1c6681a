"""The house with one of everything: as large as the system gets, and open to commands over a real broker."""

import json

from simulator import SITES
from simulator.endpoint import Endpoint
from tests.simulator.living import document, live, named, new_gateway
from tests.simulator.test_brokers import client, running

SITE = SITES["everything"]


def test_it_has_28_cts_on_seven_hubs_and_one_of_each_accessory() -> None:
    assert len(SITE.transformers) == 28
    assert len({ct.hub for ct in SITE.transformers}) == 7
    assert [circuit.name for circuit in SITE.circuits if circuit.stores] == ["Battery"]
    assert (len(SITE.plugs), len(SITE.switches), len(SITE.sensors)) == (2, 2, 1)
    assert (len(SITE.output_modules), len(SITE.input_modules)) == (1, 1)


def test_every_name_in_its_description_leads_somewhere() -> None:
    circuits = {circuit.name for circuit in SITE.circuits}
    assert {ct.circuit for ct in SITE.transformers} - {""} <= circuits
    assert {plug.name for plug in SITE.plugs} | {switch.name for switch in SITE.switches} <= circuits
    assert {name for module in SITE.output_modules for name in module.circuits} <= circuits
    contacts = {contact.name for contact in SITE.contacts}
    assert {name for module in SITE.input_modules for name in module.contacts} - {""} == contacts
    numbers = [plug.node_id for plug in SITE.plugs] + [switch.node_id for switch in SITE.switches]
    assert len(set(numbers)) == len(numbers)


def test_the_accessories_follow_the_captured_documents_at_boot() -> None:
    gateway = new_gateway("everything")
    start_ms = gateway.house.now_ms
    told = [
        (message.topic.split("/", 2)[2], message.at_ms - start_ms)
        for message in live(gateway, 4)
        if message.retain and message.at_ms - start_ms > 3300
    ]
    assert [name for name, _ in told] == [
        "presence",
        "plug/1/state",
        "plug/2/state",
        "plug/3/state",
        "plug/3/connectionState",
        "plug/4/state",
        "plug/4/connectionState",
        "outputmodule/5800009901/state",
        "inputmodule/5800009902/state",
    ]
    assert all(at_ms < 4000 for _, at_ms in told)


def test_it_charges_the_car_from_the_sun_and_counts_it_on_three_cts() -> None:
    gateway = new_gateway("everything")
    live(gateway, 5)
    gateway.house.start("EV charger")
    (realtime,) = (document(message) for message in named(live(gateway, 1), "realtime"))
    car = [index for index, ct in enumerate(SITE.transformers) if ct.name == "EV charger"]
    currents = [channel["current"] for channel in realtime["channelPowers"] if channel["publishIndex"] in car]
    assert len(currents) == 3
    assert all(150 < current < 170 for current in currents)


async def test_a_relay_obeys_and_answers_over_a_broker(broker: Endpoint) -> None:
    gateway = new_gateway("everything")
    state = gateway.topic("outputmodule/5800009901/state")
    async with running(gateway, broker), client(broker) as ours:
        await ours.subscribe(state)
        word = json.loads((await anext(ours.messages)).payload)["value"]
        assert word == "OFF_OFF"
        await ours.publish(gateway.topic("outputmodule/5800009901/setstate"), '{"value":"ON_OFF"}')
        while word != "ON_OFF":
            word = json.loads((await anext(ours.messages)).payload)["value"]
    assert gateway.house.circuits["Boiler"].closed
