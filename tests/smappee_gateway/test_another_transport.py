"""A gateway that is polled over HTTP in another form: the session is not shaped by MQTT.

The older gateways answer `instantaneous` with milliwatts as decimal strings, and tell no energies, no time and no
names (protocol facts §2.4); which CT is what comes from `emeterConfiguration` (§2.6).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web

from mqtt_schema.accessors import grid_power, house_power, load_import_energy, solar_power
from mqtt_schema.model import Channel, Identity
from mqtt_schema.quantities import Role, Topology
from smappee_gateway.commands import Command
from smappee_gateway.errors import CannotConnectError, NotConnectedError
from smappee_gateway.freshness import Feed as State
from smappee_gateway.gateway import Gateway
from smappee_gateway.session import Session
from smappee_gateway.transport import Capabilities, OnConnection
from smappee_gateway.updates import IdentityUpdate, ReadingsUpdate, SiteUpdate, TopologyUpdate
from tests.waiting import until

SERIAL = "1100012345"
INTERVAL_S = 0.05
ROLES_BY_CONFIGURATION = {"17": (Role.GRID, Role.SOLAR), "4": (Role.GRID, Role.GRID, Role.GRID)}


@dataclass(frozen=True)
class PolledChannel:
    """What this interface tells of a channel."""

    power_w: float
    import_j: float | None = None
    export_j: float | None = None
    current_a: float | None = None
    apparent_va: float | None = None
    power_factor_percent: float | None = None


class HttpDecoder:
    """Reads the lists of keys and values."""

    def decode(self, raw: bytes) -> list[SiteUpdate]:
        values: Mapping[str, str] = {item["key"]: item["value"] for item in json.loads(raw)}
        configuration = values.get("emeterConfiguration")
        return [self._readings(values)] if configuration is None else self._installation(configuration)

    def _installation(self, configuration: str) -> list[SiteUpdate]:
        channels = tuple(
            Channel(index=index, key=f"phase{index}", name=role.value, role=role)
            for index, role in enumerate(ROLES_BY_CONFIGURATION[configuration])
        )
        return [
            IdentityUpdate(identity=Identity(serial=SERIAL, location=SERIAL)),
            TopologyUpdate(location=SERIAL, topology=Topology.UNKNOWN, channels=channels),
        ]

    def _readings(self, values: Mapping[str, str]) -> ReadingsUpdate:
        powers = {int(key[5]): value for key, value in values.items() if key.endswith("ActivePower")}
        channels = {index: PolledChannel(power_w=int(value) / 1000) for index, value in powers.items()}
        return ReadingsUpdate(location=SERIAL, measured_at=None, channels=channels, voltage_v={})


class PollingTransport:
    """Asks again and again; cannot switch anything."""

    capabilities = Capabilities(commands=False, push=False, expected_interval_s=INTERVAL_S, stale_after_s=1.0)

    def __init__(self, url: str) -> None:
        self._url = url

    async def run(self, on_message: Callable[[bytes], None], on_connection: OnConnection) -> None:
        async with aiohttp.ClientSession() as client:
            while True:
                try:
                    for question in ("configPublic", "instantaneous"):
                        async with client.post(f"{self._url}/gateway/apipublic/{question}", data="load") as reply:
                            on_message(await reply.read())
                    on_connection(None)
                except aiohttp.ClientError as error:
                    on_connection(CannotConnectError(str(error)))
                await asyncio.sleep(INTERVAL_S)

    def focus(self, location: str) -> None:
        """Whoever is asked answers for itself alone."""

    async def send(self, command: Command) -> None:
        raise NotConnectedError(f"this interface cannot carry out {command}")


class Portal:
    """The web server of an old gateway."""

    def __init__(self) -> None:
        self.milliwatts = {"phase0ActivePower": "847047", "phase1ActivePower": "1200000"}

    async def answer(self, request: web.Request) -> web.Response:
        if request.match_info["question"] == "configPublic":
            return _keys_and_values({"emeterConfiguration": "17"})
        return _keys_and_values({"meterReaderRestart": "1", "phase0Cosfi": "83", **self.milliwatts})


def _keys_and_values(values: Mapping[str, str]) -> web.Response:
    return web.json_response([{"value": value, "key": key} for key, value in values.items()])


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
async def runner(portal: Portal) -> AsyncIterator[web.AppRunner]:
    application = web.Application()
    application.router.add_post("/gateway/apipublic/{question}", portal.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner
    await runner.cleanup()


@pytest.fixture
async def gateway(runner: web.AppRunner) -> AsyncIterator[Gateway[bytes]]:
    host, port = runner.addresses[0][:2]
    transport = PollingTransport(f"http://{host}:{port}")
    session = Session(SERIAL, transport.capabilities.stale_after_s)
    gateway = Gateway[bytes](session, transport, HttpDecoder())
    running = asyncio.create_task(gateway.run())
    await gateway.wait_ready(20)
    yield gateway
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_same_session_gives_the_same_answers(gateway: Gateway[bytes], portal: Portal) -> None:
    site, readings = gateway.session.site, gateway.session.readings
    assert site.identity is not None
    assert site.identity.model == "Solar"
    assert grid_power(site, readings, "") == 847.047
    assert solar_power(site, readings, "") == 1200
    assert house_power(site, readings, "") == 2047.047
    portal.milliwatts["phase0ActivePower"] = "-500000"
    await until(lambda: grid_power(site, readings, "") == -500)
    await until(lambda: (readings.site_energy.export_j or 0) > 0)
    assert load_import_energy(site, readings, "phase1") is None


async def test_a_reply_without_a_channel_makes_its_sum_unknown(gateway: Gateway[bytes], portal: Portal) -> None:
    site, readings = gateway.session.site, gateway.session.readings
    del portal.milliwatts["phase1ActivePower"]
    await until(lambda: solar_power(site, readings, "") is None)
    assert house_power(site, readings, "") is None
    assert grid_power(site, readings, "") == 847.047


async def test_a_portal_that_goes_away_is_noticed(gateway: Gateway[bytes], runner: web.AppRunner) -> None:
    await runner.cleanup()
    await until(lambda: not gateway.connected)
    await until(lambda: gateway.session.feed is State.STALE)
