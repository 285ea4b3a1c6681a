"""A real Home Assistant, a real Mosquitto, and a gateway that says what a test wants."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_socket
from homeassistant.const import CONF_HOST, CONF_PORT, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

# Before the test plugin's own package of this name is looked up: Home Assistant then finds the component in ours.
from custom_components.smappee_infinity import config_flow, coordinator, discovered
from custom_components.smappee_infinity._vendor.smappee_gateway import mqtt_transport, probe
from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.relays import HEATER, INSTALLED, LAMP, Relays, recorded, switch
from tests.custom_components.running import set_up
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import Mosquitto
from tests.waiting import until

NOBODY = "127.0.0.2"
"""An address of this machine at which no broker listens."""


@pytest.fixture(autouse=True)
def our_component(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load it. What must outlive Home Assistant, or come before it, is asked for first."""
    for earlier in ("broker", "recorder_mock"):
        if earlier in request.fixturenames:
            request.getfixturevalue(earlier)
    request.getfixturevalue("enable_custom_integrations")


@pytest.fixture
def open_network(socket_enabled: None) -> None:  # noqa: ARG001 - the test plugin closes it
    pytest_socket.socket_allow_hosts([Mosquitto.host, NOBODY], allow_unix_socket=True)


@pytest.fixture
def broker(open_network: None, mosquitto: Mosquitto) -> Mosquitto:  # noqa: ARG001 - before it starts
    return mosquitto


@pytest.fixture
async def gateway(hass: HomeAssistant, broker: Mosquitto) -> AsyncIterator[Sender]:  # noqa: ARG001 - outlives it
    """A gateway with the house of `tests.genius`, known to the broker."""
    async with connected(broker.host, broker.port) as client:
        sender = Sender(client)
        await sender.introduce()
        yield sender


@pytest.fixture
def entry(broker: Mosquitto) -> MockConfigEntry:
    return entry_for(broker, genius.SERIAL)


@pytest.fixture
async def relays(broker: Mosquitto, gateway: Sender) -> AsyncIterator[Relays]:
    """Lamp off, heater on; both known before Home Assistant comes."""
    async with recorded(broker, gateway) as relays:
        await gateway.send("homeControlConfig", INSTALLED, retain=True)
        await relays.tell(LAMP, "OFF")
        await relays.tell(HEATER, "ON")
        yield relays


@pytest.fixture
async def home(hass: HomeAssistant, gateway: Sender, relays: Relays, entry: MockConfigEntry) -> Relays:
    await set_up(hass, entry, gateway)
    await until(lambda: STATE_UNKNOWN not in {switch(hass, LAMP).state, switch(hass, HEATER).state})
    return relays


@pytest.fixture
def quick_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for gateways that are not there."""
    monkeypatch.setattr(config_flow, "PROBE_TIMEOUT_S", 1.5)
    monkeypatch.setattr(discovered, "PROBE_TIMEOUT_S", 1.5)
    monkeypatch.setattr(config_flow, "QUICK_S", 0.1)
    monkeypatch.setattr(config_flow, "SHOWN_S", 0.1)
    monkeypatch.setattr(probe, "SETTLE_S", 0.3)


@pytest.fixture
def quick_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for the first measurement; long enough for a broker to answer."""
    monkeypatch.setattr(coordinator, "READY_TIMEOUT_S", 1.5)


@pytest.fixture
def quickly_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lose trust after a second and a half of silence."""
    monkeypatch.setattr(mqtt_transport, "CAPABILITIES", replace(mqtt_transport.CAPABILITIES, stale_after_s=1.5))


def entry_for(broker: Mosquitto, serial: str) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        title=f"Smappee Genius {serial}",
        unique_id=serial,
        data={CONF_HOST: broker.host, CONF_PORT: broker.port},
    )
