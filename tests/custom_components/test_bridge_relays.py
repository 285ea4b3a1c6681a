"""A relay that Home Assistant has by the bridge's discovery moves the load of a simulated house."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from homeassistant.components import mqtt
from homeassistant.const import ATTR_ENTITY_ID, SERVICE_TURN_OFF, SERVICE_TURN_ON, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from openhab_bridge.bridge import Bridge
from openhab_bridge.settings import DiscoverySettings, GatewaySettings, Settings
from smappee_gateway.broker import Broker
from tests import modules
from tests.custom_components.home_mqtt import set_up_mqtt
from tests.custom_components.simulated_relays import EVERY_RELAY, MODULE, SERIAL, Relay, Simulated, living
from tests.mosquitto import Mosquitto
from tests.waiting import until


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Home Assistant's MQTT reads its configuration file."""
    (Path(hass_tmp_config_dir) / "configuration.yaml").touch()
    return hass_tmp_config_dir


@pytest.fixture
async def bridged(
    hass: HomeAssistant,
    broker: Mosquitto,
    tmp_path: Path,
) -> AsyncIterator[Simulated]:
    """The house, and a bridge that publishes it at the gateway's own broker, where Home Assistant's MQTT is, too."""
    declared = modules.output(dialect="outputmodule", combined=False, normally_closed=[], override={}) | {"id": MODULE}
    place = Broker(broker.host, broker.port)
    gateway = GatewaySettings(broker=place, serial=SERIAL, modules=modules.declared(declared))
    bridge = Bridge(
        Settings(target=place, gateways=(gateway,), discovery=DiscoverySettings(enabled=True)), tmp_path / "state"
    )
    async with living(broker) as house:
        running = asyncio.create_task(bridge.run())
        entry = await set_up_mqtt(hass, broker)
        yield house
        await hass.config_entries.async_unload(entry.entry_id)
        bridge.stop()
        await running


@EVERY_RELAY
async def test_it_is_discovered_switched_and_answered(hass: HomeAssistant, bridged: Simulated, relay: Relay) -> None:
    registry = er.async_get(hass)
    kind, _, part = relay.key.partition("_")
    unique_id = f"smappee-{SERIAL}-{kind}-{part.replace('_', '-')}-{kind}"

    def entity_id() -> str:
        return registry.async_get_entity_id("switch", mqtt.DOMAIN, unique_id) or "switch.none"

    def shows(state: str) -> bool:
        found = hass.states.get(entity_id())
        return found is not None and found.state == state

    await until(lambda: shows(STATE_ON if relay.begins else STATE_OFF))
    assert bridged.commands == []
    expected = []
    for on in (not relay.begins, relay.begins):
        action = SERVICE_TURN_ON if on else SERVICE_TURN_OFF
        await hass.services.async_call("switch", action, {ATTR_ENTITY_ID: entity_id()}, blocking=True)
        await until(partial(shows, STATE_ON if on else STATE_OFF))
        assert await bridged.power(relay) == pytest.approx(relay.watts if on else 0.0, rel=0.35)
        expected.append((relay.topic, relay.on if on else relay.off))
        await until(lambda: len(bridged.commands) == len(expected))  # the recorder is a client of its own
        assert bridged.commands == expected
