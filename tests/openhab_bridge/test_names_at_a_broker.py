"""Whatever people call their loads, from the gateway to everything that is published: ids stay, names are kept."""

import asyncio
import json
from dataclasses import replace

from openhab_bridge.settings import DiscoverySettings, Settings
from simulator import SITES
from simulator.sites.site import Role, Site
from tests.mosquitto import Mosquitto
from tests.openhab_bridge.broker_view import view
from tests.openhab_bridge.conftest import StartBridge, living
from tests.openhab_bridge.homie.conformance import problems
from tests.waiting import until

SITE = SITES["everything"]
SERIAL = SITE.identity.serial_number
NASTY = ("a/b/set", "+/#", "Küche 🧑‍🍳 ⚡️", "the same", "$state", 'say "no" \\', "the same", "{{ name }}", "true")
"""For loads one after the other. Two on one line have the same name: for a gateway that is one load with two CTs."""


def renamed(names: tuple[str, ...]) -> Site:
    """Call the loads with a single CT so."""
    circuits = [clamp.circuit for clamp in SITE.transformers if clamp.role is Role.LOAD]
    alone = [circuit for circuit in circuits if circuits.count(circuit) == 1]
    called = dict(zip(alone, names, strict=False))
    clamps = (replace(clamp, name=called.get(clamp.circuit, clamp.name)) for clamp in SITE.transformers)
    return replace(SITE, transformers=tuple(clamps))


async def test_topics_are_those_of_plain_names_and_everything_stays_readable(
    mosquitto: Mosquitto, target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    bridge = await start(replace(settings, discovery=DiscoverySettings(enabled=True)))
    plain = tuple(f"Load {number}" for number in range(len(NASTY)))
    async with living(renamed(plain), mosquitto):
        before = await settled(target, "Load 1")
    mosquitto.restart()
    async with living(renamed(NASTY), mosquitto):
        after = await settled(target, "+/#")
        assert bridge.status().healthy
    assert problems({topic: text for topic, text in after.items() if topic.startswith("homie/")}) == []
    told = [text for topic, text in after.items() if topic.startswith("smappee/") and topic.endswith("/name")]
    assert set(NASTY) <= set(told)
    assert told.count("the same L1") == 2
    assert named(after) - named(before) == set()
    announced = [json.loads(text) for topic, text in after.items() if topic.endswith("/config")]
    assert len({payload["unique_id"] for payload in announced}) == len(announced) > 100
    assert set(NASTY) <= {payload["device"]["name"] for payload in announced}


async def settled(target: Mosquitto, name: str) -> dict[str, str]:
    """Return what is retained once a load with this name is shown everywhere."""
    async with view(target) as seen:
        await until(lambda: seen.now.get(f"homie/smappee-{SERIAL}-loads/$state") == "ready")
        await until(lambda: any(text == name for topic, text in seen.now.items() if topic.endswith("/$name")))
        await until(lambda: any(name in text for topic, text in seen.now.items() if topic.endswith("/config")))
        await asyncio.sleep(0.5)
        return dict(seen.now)


def named(kept: dict[str, str]) -> set[str]:
    """The topics with names; of values some are there and others not, as the house happens to be."""
    return {topic for topic in kept if topic.endswith(("/name", "/$name", "/config"))}
