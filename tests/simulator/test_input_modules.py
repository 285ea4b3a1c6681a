"""Input modules (an invented form): contacts on change and at boot, counts every five minutes."""

from itertools import pairwise

from simulator import Fault, Gateway, Message
from simulator.house.meter import Medium
from tests.simulator.living import Document, document, live, new_gateway

STATE = "inputmodule/5800009902/state"
DOOR, TARIFF = 2, 3


def states(gateway: Gateway, messages: list[Message]) -> list[list[Document]]:
    return [document(message)["inputs"] for message in messages if message.topic == gateway.topic(STATE)]


def is_closed(gateway: Gateway) -> bool:
    return gateway.house.contacts["Front door"]


def test_every_input_is_told_at_boot_and_retained() -> None:
    gateway = new_gateway("everything")
    (message,) = (each for each in live(gateway, 5) if each.topic == gateway.topic(STATE))
    assert message.retain
    assert document(message) == {"inputs": [{"count": 0}, {"count": 0}, {"state": "CLOSED"}, {"state": "CLOSED"}]}


def test_a_door_opens_and_closes_and_each_change_is_told_once_at_its_time() -> None:
    gateway = new_gateway("everything")
    live(gateway, 5)
    closed, moves, door_told = gateway.house.contacts["Front door"], 0, []
    for _ in range(4 * 3600):
        messages = gateway.step()
        changed = gateway.house.contacts["Front door"] != closed
        closed = gateway.house.contacts["Front door"]
        moves += changed
        told = [inputs[DOOR]["state"] for inputs in states(gateway, messages)]
        assert not changed or told == ["CLOSED" if closed else "OPEN"]
        door_told += told
    changes = sum(early != late for early, late in pairwise(["CLOSED", *door_told]))
    assert changes == moves > 1


def test_the_low_tariff_holds_by_night_and_at_the_weekend() -> None:
    gateway = new_gateway("everything")
    closed_hours = []
    # From Sunday noon (local) through Monday.
    for hour in range(12, 48):
        closed_hours += [hour] if gateway.house.contacts["Low tariff"] or hour == 12 else []
        for _ in range(60):
            gateway.house.step(60)
    assert closed_hours == [*range(12, 24), *range(24, 32), *range(47, 48)]


def test_counts_run_from_the_power_on_and_are_told_every_five_minutes() -> None:
    gateway = new_gateway("everything")
    gateway.fast_forward(hours=30)
    begin = int(gateway.house.meter.volumes_m3[Medium.RAINWATER] * 2000)
    assert begin > 0
    told = states(gateway, live(gateway, 3 * 3600))
    assert told[0][0] == {"count": 0}
    assert told[-1][0] == {"count": int(gateway.house.meter.volumes_m3[Medium.RAINWATER] * 2000) - begin}
    counts = [inputs[0]["count"] for inputs in told]
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_a_contact_that_moved_during_a_power_failure_is_told_at_boot() -> None:
    gateway = new_gateway("everything")
    live(gateway, 5)
    while is_closed(gateway):
        gateway.step()
    gateway.inject(Fault.REBOOT, duration_s=400)
    live(gateway, 400)
    assert is_closed(gateway)
    (inputs,) = states(gateway, live(gateway, 5))
    assert inputs[DOOR] == {"state": "CLOSED"}
