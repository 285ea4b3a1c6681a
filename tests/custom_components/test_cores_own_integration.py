"""Home Assistant's own `smappee` integration, unchanged, takes the simulated gateway for a real one."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_address

import aiomqtt
import pytest
from homeassistant.config_entries import SOURCE_ZEROCONF, ConfigEntry, ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID, SERVICE_TURN_ON, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.entity_component import async_update_entity
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.setup import async_setup_component

from custom_components.smappee_infinity.const import CORE_DOMAIN
from simulator import Gateway, House
from simulator.endpoint import Endpoint
from simulator.runner import run
from simulator.sites.site import Role
from simulator.sites.table import SITES
from simulator.sites.topology import L1
from tests.mosquitto import Mosquitto
from tests.waiting import WAIT_S, until

vendor = pytest.importorskip("pysmappee.mqtt", reason="Home Assistant's own integration needs pysmappee")

HOME = SITES["home"]
SERIAL = HOME.identity.serial_number
PREFIX = f"sensor.smappee_{SERIAL}_local"
SWITCH = f"switch.smappee_{SERIAL}_local_comfort_plug_towel_heater"


@pytest.fixture
def resolved(broker: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``smappee<serial>.local`` be the broker, as mDNS would."""
    resolve = socket.getaddrinfo

    def to_broker(host: str, *arguments: object, **named: object) -> object:
        return resolve(broker.host if host == f"smappee{SERIAL}.local" else host, *arguments, **named)  # type: ignore[arg-type] # as told

    monkeypatch.setattr(socket, "getaddrinfo", to_broker)
    monkeypatch.setitem(vendor.config["MQTT"]["local"], "port", broker.port)


@pytest.fixture
async def simulated(broker: Mosquitto, resolved: None) -> AsyncIterator[Gateway]:  # noqa: ARG001 - before it starts
    gateway = Gateway(House(HOME, seed=1, start=datetime(2026, 6, 21, 10, tzinfo=UTC)), seed=1)
    running = asyncio.create_task(run(gateway, Endpoint(broker.host, broker.port)))
    yield gateway
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def entry(hass: HomeAssistant, simulated: Gateway) -> AsyncIterator[ConfigEntry]:  # noqa: ARG001 - it must answer
    """Its flow for a gateway that mDNS has announced, to the end."""
    assert await async_setup_component(hass, CORE_DOMAIN, {})
    announced = ZeroconfServiceInfo(
        ip_address=ip_address("127.0.0.1"),
        ip_addresses=[ip_address("127.0.0.1")],
        hostname=f"Smappee{SERIAL}.local.",
        name=f"Smappee{SERIAL}._ssh._tcp.local.",
        port=22,
        properties={},
        type="_ssh._tcp.local.",
    )
    flows = hass.config_entries.flow
    form = await flows.async_init(CORE_DOMAIN, context={"source": SOURCE_ZEROCONF}, data=announced)
    assert form["step_id"] == "zeroconf_confirm"
    result = await flows.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    entry = result["result"]
    client = entry.runtime_data.smappee.smappee_api
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)
    # It leaves its thread behind.
    await hass.async_add_executor_job(client.stop)


async def updated(hass: HomeAssistant, entity_id: str) -> str:
    """Let it poll, and return the state."""
    await async_update_entity(hass, entity_id)
    state = hass.states.get(entity_id)
    assert state is not None, entity_id
    return state.state


@pytest.mark.filterwarnings("ignore:Callback API version 1 is deprecated")  # the vendor's client
async def test_it_sets_up_the_gateway_and_shows_what_it_measures(
    hass: HomeAssistant, simulated: Gateway, entry: ConfigEntry
) -> None:
    assert entry.state is ConfigEntryState.LOADED
    (location,) = entry.runtime_data.smappee.service_locations.values()
    assert location.device_model == "Smappee Genius"
    assert location.phase_type == simulated.house.site.topology.phase_type
    loads = {ct.name for ct in HOME.transformers if ct.role is Role.LOAD}
    names = {measurement.name for measurement in location.measurements.values()}
    assert names == {"Grid", "Solar", *loads}
    await until(lambda: bool(location.phase_voltages))
    volts = [float(await updated(hass, f"{PREFIX}_phase_voltages_{phase}")) for phase in "abc"]
    assert volts == pytest.approx([230] * 3, rel=0.05)


@pytest.mark.filterwarnings("ignore:Callback API version 1 is deprecated")  # the vendor's client
@pytest.mark.usefixtures("entry")
async def test_its_switch_is_obeyed_and_echoed(hass: HomeAssistant, broker: Mosquitto, simulated: Gateway) -> None:
    assert await updated(hass, SWITCH) == STATE_OFF
    said: list[tuple[str, str]] = []
    async with aiomqtt.Client(broker.host, broker.port) as listener:
        await listener.subscribe(simulated.topic("plug/2/+"))
        await hass.services.async_call("switch", SERVICE_TURN_ON, {ATTR_ENTITY_ID: SWITCH}, blocking=True)
        async with asyncio.timeout(WAIT_S):
            while said[-2:] != [("setstate", "ON"), ("state", "ON")]:
                message = await anext(listener.messages)
                assert isinstance(message.payload, bytes)
                said.append((message.topic.value.split("/")[-1], json.loads(message.payload)["value"]))
    heater = simulated.house.circuits["Towel heater"]
    await until(lambda: abs(heater.currents_a[L1]) > 2)
    assert await updated(hass, SWITCH) == STATE_ON
