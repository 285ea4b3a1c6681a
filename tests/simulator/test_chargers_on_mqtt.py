"""The chargers of a house on MQTT: topics of their own, retained, commanded by clients, announced to Home Assistant."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiomqtt
import pytest

from simulator import SITES, Gateway, House, Message
from simulator.charger_discovery import ALL_CHARGERS
from simulator.charger_topics import ChargerTopics
from simulator.endpoint import Endpoint
from simulator.house.charging import CHARACTERS, LiveCharger, SetCurrent, SetEnabled, SetPhases
from simulator.options import parse
from simulator.runner import run
from simulator.sites.garages import chargers_of, with_character
from tests.mosquitto import Mosquitto
from tests.simulator.charging import PROMPT
from tests.simulator.living import MIDSUMMER_NOON
from tests.simulator.program import start

BASE = "charger/ev-charger"


class Wired:
    """A charger of the garage and its topics."""

    def __init__(self, character: str = "exact", *, site: str = "garage") -> None:
        self.house = House(with_character(SITES[site], CHARACTERS[character]), seed=1, start=MIDSUMMER_NOON)
        self.topics = ChargerTopics(self.house)
        self.broker: dict[str, str] = {}
        self.step()

    @property
    def charger(self) -> LiveCharger:
        return next(iter(self.house.chargers.values()))

    def step(self, seconds: int = 1) -> list[Message]:
        news = []
        for _ in range(seconds):
            self.house.step()
            news += self._published(self.topics.every_second())
        return news

    def send(self, topic: str, payload: str, *, to: str = "ev-charger") -> None:
        self._published(self.topics.handle(f"charger/{to}/{topic}", payload.encode()))

    def told(self, *names: str) -> list[str]:
        return [self.broker[f"{BASE}/{name}"] for name in names]

    def _published(self, messages: Iterable[Message]) -> list[Message]:
        assert all(message.retain for message in messages)
        self.broker |= {message.topic: message.payload.decode() for message in messages}
        return list(messages)


def test_at_first_everything_is_told_and_afterwards_only_what_changes() -> None:
    wired = Wired()
    assert wired.told("current", "enabled", "phases", "status", "pilot", "power", "draws", "error", "available") == [
        *("32.0", "ON", "3", "no_car", "A", "4", "0.0", "none", "online")
    ]
    assert wired.broker[ALL_CHARGERS] == "online"
    assert wired.step(60) == []
    wired.charger.plug_in(PROMPT, state_of_charge=0.2)
    assert {message.topic.removeprefix(f"{BASE}/") for message in wired.step(1)} == {
        "status",
        "pilot",
        "power",
        "draws",
    }
    assert wired.told("status", "pilot", "draws") == ["charging", "C", "32.0"]


def test_commands_reach_the_charger_and_are_echoed_at_once() -> None:
    wired = Wired(site="two-cars")
    for topic, payload in (("current", "10.5"), ("enabled", "OFF"), ("phases", "1")):
        wired.send(topic + "/set", payload, to="left-charger")
    left, right = wired.house.chargers.values()
    assert [entry.command for entry in left.journal.entries] == [SetCurrent(10.5), SetEnabled(on=False), SetPhases(1)]
    assert right.journal.entries == []
    told = {name: wired.broker[f"charger/left-charger/{name}"] for name in ("current", "enabled", "phases", "error")}
    assert told == {"current": "10.5", "enabled": "OFF", "phases": "1", "error": "none"}


@pytest.mark.parametrize(
    ("topic", "payload", "error"),
    [
        ("current/set", "4", "out of range"),
        ("current/set", "nan", "out of range"),
        ("current/set", "much", "send a number of ampere, such as 10.5"),
        ("enabled/set", "on", "send ON or OFF"),
        ("phases/set", "1", "it cannot switch to that number of phases"),
        ("phases/set", "9" * 5000, "send a number of phases, such as 3"),
        ("phases/set", "", "send a number of phases, such as 3"),
    ],
)
def test_what_is_refused_changes_nothing_and_is_explained_until_something_is_accepted(
    topic: str, payload: str, error: str
) -> None:
    wired = Wired()
    before = wired.told("current", "enabled", "phases")
    wired.send(topic, payload)
    assert wired.told("current", "enabled", "phases") == before
    assert wired.told("error") == [error]
    wired.send("enabled/set", "ON")
    assert wired.told("error") == ["none"]


@pytest.mark.parametrize("topic", ["charger/other/current/set", "charger/ev-charger/current", "charger/ev-charger/set"])
def test_what_is_for_nobody_is_ignored(topic: str) -> None:
    wired = Wired()
    assert wired.topics.handle(topic, b"10") == []
    assert wired.charger.journal.entries == []


def test_a_heartbeat_keeps_a_charger_from_falling_back() -> None:
    wired = Wired("heartbeat")
    wired.charger.plug_in(PROMPT, state_of_charge=0.2)
    for _ in range(10):
        wired.send("heartbeat/set", "")
        wired.step(30)
    assert wired.told("draws") == ["32.0"]
    wired.step(62)
    assert wired.told("draws") == ["6.0"]


def test_a_charger_that_vanishes_goes_offline_and_takes_no_command() -> None:
    wired = Wired()
    wired.charger.vanish(60.0)
    wired.step()
    assert wired.told("available") == ["offline"]
    wired.send("current/set", "10")
    wired.step(60)
    assert wired.told("available", "current") == ["online", "32.0"]


def announced(wired: Wired, charger: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(wired.broker[f"homeassistant/device/{charger}/config"])
    return payload


def test_each_charger_is_announced_with_what_it_can_do() -> None:
    wired = Wired("coarse", site="two-cars")
    left, right = (announced(wired, charger) for charger in ("left-charger", "right-charger"))
    assert left.keys() == right.keys()
    assert left["components"].keys() - right["components"].keys() == {"phases"}
    number = left["components"]["current"]
    assert (number["min"], number["max"], number["step"]) == (6.0, 32.0, 1.0)
    ids = [each["unique_id"] for device in (left, right) for each in device["components"].values()]
    assert len(ids) == len(set(ids))


def test_every_topic_of_an_announcement_is_one_that_is_told_or_obeyed() -> None:
    wired = Wired(site="two-cars")
    device = announced(wired, "left-charger")
    entities = device["components"].values()
    assert {each["state_topic"] for each in entities if "state_topic" in each} <= wired.broker.keys()
    assert {each["topic"] for each in device["availability"]} <= wired.broker.keys()
    obeyed = {topic.replace("+", "left-charger") for topic in wired.topics.commands}
    assert {each["command_topic"] for each in entities if "command_topic" in each} == obeyed


@asynccontextmanager
async def running(house: House, broker: Endpoint) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(run(Gateway(house), broker, speed=20.0, chargers=ChargerTopics(house)))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(client: aiomqtt.Client, topic: str, payload: str) -> None:
    async for message in client.messages:
        if (message.topic.value, message.payload) == (topic, payload.encode()):
            return


async def test_a_client_commands_a_charger_through_a_broker_and_sees_it_go(broker: Endpoint) -> None:
    house = House(SITES["garage"], seed=1, start=MIDSUMMER_NOON)
    async with aiomqtt.Client(broker.host, broker.port) as client, asyncio.timeout(20):
        await client.subscribe("charger/#", qos=1)
        async with running(house, broker):
            await until(client, f"{BASE}/current", "32.0")
            await client.publish(f"{BASE}/current/set", "9.5", qos=1)
            await until(client, f"{BASE}/current", "9.5")
        await until(client, ALL_CHARGERS, "offline")
    (charger,) = house.chargers.values()
    assert charger.journal.commands(SetCurrent) == [SetCurrent(9.5)]


async def test_when_the_program_is_killed_the_broker_says_so(mosquitto: Mosquitto) -> None:
    url = f"mqtt://{mosquitto.host}:{mosquitto.port}"
    async with aiomqtt.Client(mosquitto.host, mosquitto.port) as client, asyncio.timeout(20):
        await client.subscribe(ALL_CHARGERS)
        process = await start("--broker", url, "--site", "garage", "--chargers", "slow")
        await until(client, ALL_CHARGERS, "online")
        process.kill()
        await until(client, ALL_CHARGERS, "offline")
        await process.communicate()


async def test_a_client_that_comes_late_gets_every_value(broker: Endpoint) -> None:
    house = House(SITES["garage"], seed=1, start=MIDSUMMER_NOON)
    async with running(house, broker), asyncio.timeout(20):
        async with aiomqtt.Client(broker.host, broker.port) as early:
            await early.subscribe(f"{BASE}/available")
            await until(early, f"{BASE}/available", "online")
        async with aiomqtt.Client(broker.host, broker.port) as late:
            await late.subscribe(f"{BASE}/+", qos=1)
            seen = {(await anext(late.messages)).topic.value.rpartition("/")[2] for _ in range(9)}
    assert seen == {"current", "enabled", "phases", "status", "pilot", "power", "draws", "error", "available"}


def test_the_option_turns_them_on_and_chooses_their_character() -> None:
    assert not parse(["--site", "garage"]).chargers
    plain, late = parse(["--site", "garage", "--chargers"]), parse(["--site", "garage", "--chargers", "late"])
    assert (plain.chargers, plain.site) == (True, SITES["garage"])
    assert late.chargers
    assert {charger.character for charger in chargers_of(late.site).values()} == {CHARACTERS["late"]}
    assert replace(late.site, circuits=()) == replace(SITES["garage"], circuits=())


def test_a_site_without_such_chargers_is_refused_with_those_that_have_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--site", "full", "--chargers"])
    assert "home, garage, two-cars" in capsys.readouterr().err
