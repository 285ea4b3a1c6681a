"""A gateway's broker that refuses, another gateway in the place of ours, and noise: what people are told of it."""

import asyncio
import gc
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from openhab_bridge import house
from openhab_bridge.bridge import Bridge
from openhab_bridge.explanations import of_gateway
from openhab_bridge.settings import Settings
from openhab_bridge.web.health import problems as unhealthy
from openhab_bridge.web.page import page
from simulator import SITES, Gateway
from smappee_gateway import probe
from smappee_gateway.broker import Broker, Tls
from smappee_gateway.errors import WrongGatewayError
from smappee_gateway.mqtt_transport import CAPABILITIES
from tests import genius
from tests.authority import Authority
from tests.mosquitto import PASSWORD, USER, Mosquitto
from tests.openhab_bridge.broker_view import BrokerView, view
from tests.openhab_bridge.conftest import SERIAL, StartBridge, bridging, living
from tests.openhab_bridge.homie.collector import retained
from tests.waiting import until

DEVICE = f"homie/smappee-{SERIAL}"
NEW_SITE = "split-phase"
NEW_SERIAL = SITES[NEW_SITE].identity.serial_number
BATCH = 5_000


def serving(seen: BrokerView, serial: str) -> bool:
    return seen.now.get(f"homie/smappee-{serial}/$state") == "ready"


def at(settings: Settings, broker: Broker) -> Settings:
    """Tell another way to the gateway."""
    return replace(settings, gateways=(replace(settings.gateways[0], broker=broker),))


async def test_a_gateway_that_asks_for_a_password_is_explained_once_and_heard_as_soon_as_it_does_not(
    mosquitto: Mosquitto, settings: Settings, start: StartBridge, caplog: pytest.LogCaptureFixture
) -> None:
    mosquitto.ask_for_a_password()
    mosquitto.restart()
    bridge = await start(at(settings, Broker(mosquitto.host, mosquitto.port, USER, f"not {PASSWORD}")))
    await refused(bridge, mosquitto, f"{mosquitto.port} does not let this user in", caplog)
    assert PASSWORD not in caplog.text
    mosquitto.configure("allow_anonymous true")
    mosquitto.restart()
    async with living("everything", mosquitto):
        await until(lambda: bridge.status().healthy)


async def test_a_gateway_with_a_certificate_of_another_authority_is_explained_once(
    mosquitto: Mosquitto, settings: Settings, start: StartBridge, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ours, another = Authority(), Authority("Another house")
    mosquitto.use_tls(another.sign(tmp_path))
    mosquitto.restart()
    bridge = await start(at(settings, Broker(mosquitto.host, mosquitto.port, tls=Tls(authority=ours.pem))))
    await refused(bridge, mosquitto, "as tls: {certificate: …}, and the broker by the name", caplog)
    mosquitto.use_tls(ours.sign(tmp_path))
    mosquitto.restart()
    await until(lambda: bridge.status().gateways[0].connected)


async def refused(bridge: Bridge, broker: Mosquitto, said: str, caplog: pytest.LogCaptureFixture) -> None:
    """Every place tells it, and the log once, however often it is tried."""
    await until(lambda: said in bridge.status().gateways[0].failure)
    await until(lambda: said in caplog.text)
    assert said in "".join(unhealthy(bridge.status()))
    assert said in page(bridge.status())
    tries = broker.log.read_text().count("\n") + 5
    await until(lambda: broker.log.read_text().count("\n") >= tries)
    assert caplog.text.count(said) == 1


async def test_a_gateway_in_the_place_of_another_is_told_of_and_published_after_a_new_start(  # noqa: PLR0913, PLR0917 - fixtures
    mosquitto: Mosquitto,
    target: Mosquitto,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(probe, "SETTLE_S", 0.3)
    monkeypatch.setattr(house, "CAPABILITIES", replace(CAPABILITIES, stale_after_s=1.0))
    whoever = replace(settings, gateways=(replace(settings.gateways[0], serial=None),))
    said = f"gateway {NEW_SERIAL} speaks, and {SERIAL} does not"
    async with view(target, "homie/+/$state") as seen:
        async with bridging(whoever, tmp_path) as bridge:
            async with living("everything", mosquitto):
                await until(lambda: serving(seen, SERIAL))
            mosquitto.restart()  # it forgets what the old gateway has retained
            async with living(NEW_SITE, mosquitto):
                await until(lambda: said in caplog.text)
                assert "start the bridge again" in bridge.status().gateways[0].failure
            assert f"homie/smappee-{NEW_SERIAL}/$state" not in seen.now
        old = await retained(target.host, target.port, DEVICE)
        assert old[f"{DEVICE}/$state"] == "disconnected"
        async with living(NEW_SITE, mosquitto), bridging(whoever, tmp_path):
            await until(lambda: serving(seen, NEW_SERIAL))
    assert await retained(target.host, target.port, DEVICE) == old
    assert caplog.text.count(said) == 1


def test_a_gateway_that_is_named_is_replaced_by_naming_the_new_one(settings: Settings) -> None:
    advice = of_gateway(WrongGatewayError(SERIAL, NEW_SERIAL), settings.gateways[0])
    assert f"write serial: {NEW_SERIAL} in 'gateways'" in advice


async def test_noise_is_counted_and_said_once_and_nothing_is_kept_of_it(
    gateway: Gateway, mosquitto: Mosquitto, settings: Settings, start: StartBridge, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = await start(settings)
    await until(lambda: bridge.status().healthy and not any(link.waiting for link in bridge.status().connections))
    location = gateway.house.site.identity.location_uuid
    async with view(mosquitto, "nothing") as noisy:
        await make_noise(noisy, bridge, location, 0)
        blocks = await allocated()
        said = len(caplog.records)
        await make_noise(noisy, bridge, location, BATCH)
        grown = await allocated() - blocks
    assert grown < BATCH / 5 / 2  # of each kind of noise there is one message in five
    assert len(caplog.records) == said
    assert caplog.text.count("unreadable and ignored, as will be others") == 2
    assert bridge.status().gateways[0].bad_payloads >= BATCH * 4 / 5
    await until(lambda: bridge.status().healthy)


async def allocated() -> int:
    """Blocks of memory in use, without what is on its way or waits to be collected: the least of several looks."""
    looks = list[int]()
    for _ in range(10):
        await asyncio.sleep(0.05)
        gc.collect()
        looks.append(sys.getallocatedblocks())
    return min(looks)


async def make_noise(noisy: BrokerView, bridge: Bridge, location: str, begin: int) -> None:
    """Send garbage of ours, unknown topics of ours, and gateways that nobody has; wait until it has been read."""
    awaited = bridge.status().gateways[0].messages + BATCH * 4 / 5
    for number in range(begin, begin + BATCH, 5):
        await noisy.send(f"servicelocation/{location}/realtime", f"{number}")
        await noisy.send(f"servicelocation/{location}/config", '{"serialNumber": ' + "[" * number)
        await noisy.send(f"servicelocation/{location}/new-{number}/of-{number}", "{}")
        stranger = genius.config(str(5_020_000_000 + number), f"noise-{number}")
        await noisy.send(f"servicelocation/noise-{number}/config", json.dumps(stranger))
        await noisy.send(f"servicelocation/noise-{number}/realtime", '{"channelPowers": 7}')
    await until(lambda: bridge.status().gateways[0].messages >= awaited)
