"""A simulated house at a real broker: what others see of it, through everything that can happen to it."""

import asyncio
import itertools
import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from openhab_bridge.commands import MOST_COMPLAINTS
from openhab_bridge.settings import DiscoverySettings, HomieSettings, HomieVersion, Settings, TopicSettings
from simulator import Gateway
from tests.mosquitto import Mosquitto
from tests.openhab_bridge.broker_view import BrokerView, view
from tests.openhab_bridge.conftest import SERIAL, StartBridge, bridging
from tests.openhab_bridge.homie.collector import retained
from tests.waiting import until

REFERENCE = Path(__file__).parents[2] / "docs" / "bridge-asyncapi.json"
DEVICE = f"homie/smappee-{SERIAL}"
DEVICES = (DEVICE, f"{DEVICE}-loads", f"{DEVICE}-cts", f"{DEVICE}-modules")
ROOT = f"smappee/{SERIAL}"
PLUG = f"{DEVICE}-modules/plug-1/plug"

pytestmark = pytest.mark.usefixtures("gateway")


@pytest.fixture
async def commanded(mosquitto: Mosquitto) -> AsyncIterator[BrokerView]:
    """The recorder of what the gateway is told."""
    async with view(
        mosquitto, "servicelocation/+/plug/+/setstate", "servicelocation/+/outputmodule/+/setstate"
    ) as recorder:
        yield recorder


async def test_a_house_is_shown_with_its_values(
    gateway: Gateway, target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    await start(settings)
    async with view(target) as seen:
        await until(lambda: all(seen.now.get(f"{device}/$state") == "ready" for device in DEVICES))
        await until(lambda: f"{ROOT}/site" in seen.now)
        assert seen.now[f"{ROOT}/status"] == "online"
        await until(lambda: shows(seen, gateway))
        await until(lambda: seen.now.get(f"{DEVICE}/site/solar-power") == seen.now.get(f"{ROOT}/site/solar_power"))
        assert json.loads(seen.now[f"{ROOT}/site"])["name"] == "Smappee Genius"


async def test_everything_is_retained_and_each_device_is_small(
    target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    await start(replace(settings, all_points=True))
    async with view(target) as seen:
        await until(lambda: all(seen.now.get(f"{device}/$state") == "ready" for device in DEVICES))
        await until(lambda: f"{ROOT}/site" in seen.now)
        known = set(seen.now)
    for device in DEVICES:
        kept = await retained(target.host, target.port, device)
        assert {topic for topic in known if topic.startswith(f"{device}/")} <= kept.keys()
        assert len(kept) < 800
    assert {topic for topic in known if topic.startswith(ROOT)} <= (
        await retained(target.host, target.port, ROOT)
    ).keys()


async def test_every_value_is_on_a_topic_of_the_reference(
    target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    channels = json.loads(REFERENCE.read_text())["channels"].values()
    addresses = [re.sub(r"\\{\w+\\}", "[a-z0-9-]+", re.escape(channel["address"])) for channel in channels]
    await start(replace(settings, all_points=True))
    async with view(target, f"{ROOT}/#") as seen:
        await until(lambda: seen.now.get(f"{ROOT}/status") == "online" and f"{ROOT}/site" in seen.now)
        values = {topic for topic, text in seen.now.items() if not text.startswith("{") and not topic.endswith("/name")}
    assert len(values) > 100
    assert [topic for topic in values if not any(re.fullmatch(address, topic) for address in addresses)] == []


async def test_the_state_is_init_before_and_ready_after_everything_else(
    target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    async with view(target, f"{DEVICE}/#") as seen:
        await start(settings)
        await until(lambda: seen.now.get(f"{DEVICE}/$state") == "ready")
        names = [topic for topic, _, _ in seen.log]
        first_ready = seen.heard(f"{DEVICE}/$state").index("ready")
        assert seen.log[0][:2] == (f"{DEVICE}/$state", "init")
        assert first_ready > 0
        described = {topic for topic in seen.now if "$" in topic.rpartition("/")[2]} - {f"{DEVICE}/$state"}
        ready_at = seen.log.index((f"{DEVICE}/$state", "ready", False))
        assert described <= set(names[:ready_at])


async def test_a_stop_is_told(target: Mosquitto, settings: Settings, tmp_path: Path) -> None:
    async with view(target) as seen:
        async with bridging(settings, tmp_path):
            await until(lambda: all(seen.now.get(f"{device}/$state") == "ready" for device in DEVICES))
        await until(lambda: seen.now.get(f"{ROOT}/status") == "offline")
        await until(lambda: {seen.now.get(f"{device}/$state") for device in DEVICES} == {"disconnected"})


async def test_the_farewell_is_the_last_word_while_the_installation_changes_without_end(
    mosquitto: Mosquitto, target: Mosquitto, settings: Settings, tmp_path: Path
) -> None:
    async def rename(feed: BrokerView) -> None:
        ((topic, text),) = feed.now.items()
        for number in itertools.count():
            await feed.send(topic, text.replace('"Oven"', f'"Oven {number % 2}"'), retain=True)

    async with view(target) as seen, view(mosquitto, "servicelocation/+/channelConfigV2") as feed:
        async with bridging(settings, tmp_path):
            await until(lambda: all(f"{device}/$state" in seen.now for device in DEVICES))
            renaming = asyncio.create_task(rename(feed))
            await until(lambda: len(seen.heard(f"{DEVICE}/$state")) > 10)
        renaming.cancel()
        await until(lambda: seen.now.get(f"{ROOT}/status") == "offline")
        await until(lambda: {seen.now.get(f"{device}/$state") for device in DEVICES} == {"disconnected"})


async def test_a_lost_target_gets_everything_again_and_the_newest_values_only(
    gateway: Gateway, target: Mosquitto, settings: Settings, start: StartBridge, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = await start(settings)
    await until(lambda: [link.connected for link in bridge.status().connections] == [True] * 5)
    target.stop()
    await until(lambda: not any(link.connected for link in bridge.status().connections))
    await asyncio.sleep(1.0)
    waiting = sum(link.waiting for link in bridge.status().connections)
    target.start()
    async with view(target) as seen:
        await until(lambda: all(seen.now.get(f"{device}/$state") == "ready" for device in DEVICES))
        await until(lambda: shows(seen, gateway))
    assert waiting < 1000
    assert caplog.text.count("Nothing can be published: no MQTT broker answers") == 1
    assert all("no MQTT broker answers" in link.failure or not link.failure for link in bridge.status().connections)


async def test_a_silent_gateway_is_an_alert_and_its_return_is_ready(
    mosquitto: Mosquitto, target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    await start(settings)
    async with view(target) as seen:
        await until(lambda: seen.now.get(f"{DEVICE}/$state") == "ready")
        mosquitto.stop()
        await until(lambda: seen.now.get(f"{DEVICE}/$state") == "alert" and seen.now.get(f"{ROOT}/status") == "offline")
        assert seen.now[f"{ROOT}/feed"] == "stale"
        mosquitto.start()
        await until(lambda: seen.now.get(f"{DEVICE}/$state") == "ready" and seen.now.get(f"{ROOT}/status") == "online")
        assert seen.now[f"{ROOT}/feed"] == "fresh"


@pytest.mark.parametrize("topic", [PLUG, f"{ROOT}/plug/1/plug"])
async def test_a_command_moves_the_plug_and_is_answered_by_its_state(
    commanded: BrokerView, target: Mosquitto, settings: Settings, start: StartBridge, topic: str
) -> None:
    await start(settings)
    async with view(target) as seen:
        await until(lambda: PLUG in seen.now and seen.now.get(f"{DEVICE}-modules/$state") == "ready")
        wanted = "false" if seen.now[PLUG] == "true" else "true"
        await seen.send(f"{topic}/set", wanted)
        await until(lambda: seen.now.get(PLUG) == wanted == seen.now.get(f"{ROOT}/plug/1/plug"))
    assert [json.loads(payload) for _, payload, _ in commanded.log] == [{"value": "ON" if wanted == "true" else "OFF"}]


async def test_nothing_is_switched_by_what_was_retained_or_is_empty_or_not_understood(
    commanded: BrokerView, target: Mosquitto, settings: Settings, start: StartBridge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "openhab_bridge")
    async with view(target) as seen:
        await seen.send(f"{PLUG}/set", "true", retain=True)
        await seen.send(f"{ROOT}/plug/1/plug/set", "true", retain=True)
        await start(settings)
        await until(lambda: seen.now.get(f"{DEVICE}-modules/$state") == "ready")
        await until(lambda: f"{PLUG}/set" not in seen.now and f"{ROOT}/plug/1/plug/set" not in seen.now)
        for payload in ("", "maybe", "1e999", "\x00", "TRUE FALSE"):
            await seen.send(f"{PLUG}/set", payload)
        await seen.send(f"{ROOT}/plug/99/plug/set", "true")
        await seen.send(f"{ROOT}/relay/none/relay/set", "true")
        await until(lambda: "relay/none" in caplog.text)
        await asyncio.sleep(0.5)
    assert commanded.log == []
    assert caplog.text.count("was retained; it is not obeyed, and taken away") == 2
    assert caplog.text.count(f"'{PLUG}/set': only 'true' and 'false' are understood; ignored") == 1
    assert caplog.text.count("is nothing that can be switched; ignored") == 2


async def test_a_flood_of_commands_that_are_none_is_said_once_for_each_topic_and_not_without_end(
    commanded: BrokerView, target: Mosquitto, settings: Settings, start: StartBridge, caplog: pytest.LogCaptureFixture
) -> None:
    await start(settings)
    async with view(target) as seen:
        await until(lambda: PLUG in seen.now and seen.now.get(f"{DEVICE}-modules/$state") == "ready")
        wanted = "false" if seen.now[PLUG] == "true" else "true"
        for _ in range(3):
            await seen.send(f"{PLUG}/set", "perhaps")
        for number in range(MOST_COMPLAINTS + 50):
            await seen.send(f"{ROOT}/plug/{1000 + number}/plug/set", "true")
        await seen.send(f"{PLUG}/set", wanted)
        await until(lambda: seen.now.get(PLUG) == wanted)
        await seen.send(f"{PLUG}/set", "perhaps")
        await until(lambda: caplog.text.count(f"'{PLUG}/set': only") == 2)
    assert caplog.text.count("is nothing that can be switched; ignored") == MOST_COMPLAINTS - 1
    assert len(commanded.log) == 1


async def test_leftovers_of_an_earlier_run_are_taken_away(
    target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    async with view(target) as seen:
        strays = (f"{DEVICE}/old/value", f"{DEVICE}-loads/$old", f"{ROOT}/load/gone/load_power")
        for topic in strays:
            await seen.send(topic, "1", retain=True)
        await seen.send("homie/somebody-else/$state", "ready", retain=True)
        await start(settings)
        await until(lambda: not set(strays) & seen.now.keys())
        await until(lambda: seen.now.get(f"{DEVICE}/$state") == "ready")
        assert seen.now["homie/somebody-else/$state"] == "ready"


async def test_a_face_that_is_off_shows_nothing(target: Mosquitto, settings: Settings, start: StartBridge) -> None:
    await start(replace(settings, homie=HomieSettings(enabled=False)))
    async with view(target) as seen:
        await until(lambda: f"{ROOT}/site/grid_power" in seen.now)
        assert not [topic for topic in seen.now if topic.startswith("homie/")]


async def test_plain_topics_can_be_off(target: Mosquitto, settings: Settings, start: StartBridge) -> None:
    await start(replace(settings, topics=TopicSettings(enabled=False)))
    async with view(target) as seen:
        await until(lambda: seen.now.get(f"{DEVICE}/$state") == "ready")
        assert not [topic for topic in seen.now if topic.startswith("smappee/")]


def shows(seen: BrokerView, gateway: Gateway) -> bool:
    """Whether the topic has what the house makes now; clouds pass between the two."""
    shown = seen.now.get(f"{ROOT}/site/solar_power")
    return shown is not None and float(shown) == pytest.approx(gateway.house.solar_power_w, rel=0.1)


async def test_homie_5_is_one_device_with_an_alert_while_the_gateway_is_silent(
    mosquitto: Mosquitto, target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    device = f"homie/5/smappee-{SERIAL}"
    await start(replace(settings, homie=HomieSettings(versions=frozenset(HomieVersion))))
    async with view(target) as seen:
        await until(lambda: seen.now.get(f"{device}/$state") == "ready" == seen.now.get(f"{DEVICE}/$state"))
        described = json.loads(seen.now[f"{device}/$description"])
        for node, about in described["nodes"].items():
            for name, item in about["properties"].items():
                value = seen.now.get(f"{device}/{node}/{name}", "0" if item["datatype"] != "boolean" else "true")
                assert value in {"true", "false"} if item["datatype"] == "boolean" else float(value) is not None
        mosquitto.stop()
        await until(lambda: f"{device}/$alert/measurements" in seen.now)
        assert seen.now[f"{device}/$state"] == "ready"
        mosquitto.start()
        await until(lambda: f"{device}/$alert/measurements" not in seen.now)


async def test_two_bridges_for_one_gateway_are_both_told_once(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with bridging(settings, tmp_path / "a") as elder:
        await until(lambda: all(link.connected and not link.waiting for link in elder.status().connections))
        await asyncio.sleep(0.2)
        async with bridging(settings, tmp_path / "b"):
            await until(lambda: caplog.text.count("Another bridge publishes gateway") == 2)
            await asyncio.sleep(1.0)
    assert caplog.text.count("Another bridge publishes gateway") == 2


async def test_discovery_of_an_earlier_run_in_the_other_form_goes_before_the_new_one_comes(
    target: Mosquitto, settings: Settings, tmp_path: Path
) -> None:
    per_entity, per_device = (DiscoverySettings(enabled=True, per_device=form) for form in (False, True))
    async with view(target, "homeassistant/#") as seen:
        async with bridging(replace(settings, discovery=per_entity), tmp_path):
            await until(lambda: len(seen.now) > 100)
        before = (await retained(target.host, target.port, "homeassistant")).keys()
        await until(lambda: seen.now.keys() == before)
        seen.log.clear()
        async with bridging(replace(settings, discovery=per_device), tmp_path):
            await until(lambda: len(seen.now) > 10 and not before & seen.now.keys())
        first_new = next(at for at, (topic, payload, _) in enumerate(seen.log) if payload and topic not in before)
        assert {topic for topic, payload, _ in seen.log[:first_new] if not payload} >= before
        async with bridging(settings, tmp_path):
            await until(lambda: not seen.now)


async def test_everything_is_announced_again_when_home_assistant_has_started(
    target: Mosquitto, settings: Settings, start: StartBridge
) -> None:
    await start(replace(settings, discovery=DiscoverySettings(enabled=True)))
    async with view(target, "homeassistant/+/+/+/config") as seen:
        await until(lambda: len(seen.now) > 100)
        topic = min(seen.now)
        before = len(seen.heard(topic))
        await seen.send("homeassistant/status", "offline")
        await seen.send("homeassistant/status", "online")
        await until(lambda: len(seen.heard(topic)) == before + 1)


async def test_a_snapshot_tells_what_the_topics_tell(target: Mosquitto, settings: Settings, start: StartBridge) -> None:
    """A total that a kill has set back stands still on its topic; so it does in the snapshot."""
    reached = 3.5
    async with view(target) as seen:
        await seen.send(f"{ROOT}/site/house_energy", str(reached), retain=True)
        await start(settings)
        await until(
            lambda: f"{ROOT}/site" in seen.now and json.loads(seen.now[f"{ROOT}/site"])["house_energy"] is not None
        )
        assert json.loads(seen.now[f"{ROOT}/site"])["house_energy"] == reached
        assert float(seen.now[f"{ROOT}/site/house_energy"]) == reached


async def test_a_broker_that_does_not_let_us_read_still_gets_the_totals(
    target: Mosquitto, settings: Settings, start: StartBridge, caplog: pytest.LogCaptureFixture
) -> None:
    target.refuse_subscriptions(allowed=f"{ROOT}/site/+")
    target.restart()
    await start(settings)
    async with view(target, f"{ROOT}/site/house_energy") as seen:
        await until(lambda: f"{ROOT}/site/house_energy" in seen.now)
    assert caplog.text.count(f"'{ROOT}/+/+/+/set' may not be read") == 1
    assert caplog.text.count("What an earlier run has left") == 1
