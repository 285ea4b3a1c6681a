"""A target broker that is away, refuses or forbids: what people are told, and that everything comes right by itself."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from openhab_bridge.bridge import Bridge
from openhab_bridge.settings import Settings
from openhab_bridge.web.health import problems as unhealthy
from openhab_bridge.web.page import page
from smappee_gateway import mqtt_client
from smappee_gateway.broker import Tls
from tests.authority import Authority
from tests.mosquitto import Mosquitto
from tests.openhab_bridge.broker_view import BrokerView, view
from tests.openhab_bridge.conftest import SERIAL, StartBridge, living
from tests.openhab_bridge.homie.collector import retained
from tests.openhab_bridge.homie.conformance import problems
from tests.waiting import until

DEVICE = f"homie/smappee-{SERIAL}"
DEVICES = (DEVICE, f"{DEVICE}-loads", f"{DEVICE}-cts", f"{DEVICE}-modules")
ROOT = f"smappee/{SERIAL}"
SOLAR_ENERGY = f"{ROOT}/site/solar_energy"
AN_HOUR_MS, J_PER_KWH = 3_600_000, 3_600_000
SPEED = 900.0
WARNING = "Nothing can be published"


@pytest.fixture(autouse=True)
def hear_good_news(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "openhab_bridge")


def all_are_ready(seen: BrokerView) -> bool:
    return all(seen.now.get(f"{device}/$state") == "ready" for device in DEVICES)


def waiting(bridge: Bridge) -> int:
    return sum(link.waiting for link in bridge.status().connections)


async def quiet(bridge: Bridge) -> None:
    """Wait until nothing more comes from the gateway."""
    before = -1
    while before != (heard := bridge.status().gateways[0].messages):
        before = heard
        await asyncio.sleep(0.3)


async def test_a_target_that_comes_after_an_hour_gets_the_newest_values_and_right_totals(
    mosquitto: Mosquitto, target: Mosquitto, settings: Settings, start: StartBridge, caplog: pytest.LogCaptureFixture
) -> None:
    target.stop()
    bridge = await start(settings)
    await until(lambda: bridge.status().gateways[0].connected)
    async with living("everything", mosquitto, speed=SPEED) as gateway:
        house = gateway.house
        await until(lambda: bridge.status().gateways[0].fresh)
        began_ms, began_j = house.now_ms, house.meter.solar_j
        await until(lambda: house.now_ms > began_ms + AN_HOUR_MS / 4)
        early = waiting(bridge)
        await until(lambda: house.now_ms > began_ms + AN_HOUR_MS)
    await quiet(bridge)
    late, made_kwh = waiting(bridge), (house.meter.solar_j - began_j) / J_PER_KWH
    assert caplog.text.count(WARNING) == 1
    target.start()
    async with view(target) as seen:
        await until(lambda: SOLAR_ENERGY in seen.now and early <= late <= len(seen.now) + len(DEVICES))
        (only,) = seen.heard(SOLAR_ENERGY)  # and none of the values of the hour
    assert float(only) == pytest.approx(made_kwh, rel=0.1)
    assert caplog.text.count(WARNING) == 1


@dataclass
class Fault:
    """What is wrong with a target, and how it is put right."""

    spoil: Callable[[Mosquitto, Path], None]
    mend: Callable[[Mosquitto, Path], None]
    said: str
    tls: Callable[[], Tls | None] = lambda: None


OURS, ANOTHER = Authority(), Authority("Another house")


def sign(authority: Authority) -> Callable[[Mosquitto, Path], None]:
    return lambda target, folder: target.use_tls(authority.sign(folder))


FAULTS = {
    "a password is asked for": Fault(
        lambda target, _: target.ask_for_a_password(),
        lambda target, _: target.configure("allow_anonymous true"),
        "does not let us in",
    ),
    "a certificate of another authority": Fault(
        sign(ANOTHER), sign(OURS), "tls: {certificate: …}", lambda: Tls(authority=OURS.pem)
    ),
    "only TLS": Fault(
        sign(OURS), lambda target, _: target.configure("allow_anonymous true"), "speaks only TLS; write tls: true"
    ),
}


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_refusal_is_explained_once_and_what_is_put_right_is_used(  # noqa: PLR0913, PLR0917 - fixtures
    target: Mosquitto,
    settings: Settings,
    start: StartBridge,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    fault: Fault,
) -> None:
    monkeypatch.setattr(mqtt_client, "CONNECT_TIMEOUT_S", 0.5)
    fault.spoil(target, tmp_path)
    target.restart()
    bridge = await start(replace(settings, target=replace(settings.target, tls=fault.tls())))
    await explained(bridge, fault.said)
    await tried_again(bridge, target)
    assert caplog.text.count(fault.said) == 1
    fault.mend(target, tmp_path)
    target.restart()
    await until(lambda: bridge.status().healthy)
    await until(lambda: not waiting(bridge))
    assert caplog.text.count(fault.said) == 1
    assert caplog.text.count("Connected to") == 1
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def explained(bridge: Bridge, said: str) -> None:
    """Every place tells it: the status, /health and the page."""
    await until(lambda: bridge.status().gateways[0].fresh and len(bridge.status().connections) == 1 + len(DEVICES))
    await until(lambda: all(said in link.failure for link in bridge.status().connections))
    status = bridge.status()
    assert len(unhealthy(status)) == len(status.connections)
    assert page(status).count(said) == len(status.connections)


async def tried_again(bridge: Bridge, target: Mosquitto) -> None:
    """Wait until each connection has been refused several times, as the broker's log has it."""
    tries = target.log.read_text().count("\n") + 3 * len(bridge.status().connections)
    await until(lambda: target.log.read_text().count("\n") >= tries)


@pytest.mark.usefixtures("gateway")
async def test_something_else_at_the_port_is_explained_until_the_broker_is_there(
    target: Mosquitto,
    settings: Settings,
    start: StartBridge,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mqtt_client, "CONNECT_TIMEOUT_S", 0.3)
    target.stop()
    async with web_server(target.port) as visits:
        bridge = await start(settings)
        await explained(bridge, f"no MQTT broker answers at {settings.target.address}")
        await until(lambda: len(visits) > 15)
    target.start()
    await until(lambda: bridge.status().healthy)
    assert caplog.text.count(WARNING) == 1


@asynccontextmanager
async def web_server(port: int) -> AsyncIterator[list[bytes]]:
    visits: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(await reader.read(100))
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port):
        yield visits


@pytest.mark.usefixtures("gateway")
async def test_topics_that_may_not_be_written_are_said_and_filled_as_soon_as_they_may(
    target: Mosquitto, settings: Settings, start: StartBridge, caplog: pytest.LogCaptureFixture
) -> None:
    """The broker confirms each message and drops it, as MQTT 3.1.1 has it."""
    target.configure("allow_anonymous true", target.forbid(f"{DEVICE}-loads/#"))
    target.restart()
    bridge = await start(settings)
    said = f"published below {DEVICE}-loads/, but nothing of it arrives; let clients without a user write and read"
    await until(lambda: said in "".join(unhealthy(bridge.status())))
    assert said in page(bridge.status())
    assert [link.name for link in bridge.status().connections if not link.works] == [f"{DEVICE}-loads"]
    await asyncio.sleep(1.0)
    assert caplog.text.count(said) == 1
    assert "but nothing of it arrives" not in caplog.text.replace(said, "")
    target.forbid("nothing/of/ours")
    target.read_again()
    await until(lambda: bridge.status().healthy)
    await until(lambda: not waiting(bridge))
    async with view(target) as seen:
        await until(lambda: all_are_ready(seen))
    assert problems(await retained(target.host, target.port)) == []
    assert caplog.text.count(said) == 1


@pytest.mark.usefixtures("gateway")
async def test_a_state_that_somebody_else_has_written_is_written_over(
    target: Mosquitto, settings: Settings, start: StartBridge, caplog: pytest.LogCaptureFixture
) -> None:
    """As the last will of a connection before does, which a broker may find to be lost much later."""
    await start(settings)
    async with view(target) as seen:
        await until(lambda: all_are_ready(seen))
        await seen.send(f"{DEVICE}/$state", "lost", retain=True)
        await until(lambda: seen.heard(f"{DEVICE}/$state")[-2:] == ["lost", "ready"])
    assert "nothing of it arrives" not in caplog.text
