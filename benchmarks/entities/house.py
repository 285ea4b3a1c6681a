"""One Home Assistant with both: our component, and `mqtt` sensors for the same values."""

import asyncio
import contextlib
import json
import logging
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, cast, override
from unittest.mock import patch

from homeassistant import loader
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import recorder as recorder_helper
from homeassistant.setup import async_setup_component
from paho.mqtt.client import MQTTMessage
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from benchmarks.broker import HOST, mosquitto
from benchmarks.clients import vendor_messages
from benchmarks.entities.templates import template
from benchmarks.recording import Recording
from custom_components.smappee_infinity import transports
from custom_components.smappee_infinity._vendor.mqtt_schema.topics import PREFIX
from custom_components.smappee_infinity._vendor.smappee_gateway.commands import Command
from custom_components.smappee_infinity._vendor.smappee_gateway.errors import NotConnectedError
from custom_components.smappee_infinity._vendor.smappee_gateway.mqtt_decoder import MqttMessage
from custom_components.smappee_infinity._vendor.smappee_gateway.mqtt_transport import CAPABILITIES
from custom_components.smappee_infinity._vendor.smappee_gateway.transport import Capabilities
from custom_components.smappee_infinity.const import CONF_UPDATE_INTERVAL, DOMAIN
from custom_components.smappee_infinity.coordinator import SmappeeCoordinator
from custom_components.smappee_infinity.sensor import describe
from simulator import Message

TURNS = 2
"""Turns of the event loop after each message: timers that are due, and what they start."""
PEER = "peer"


class QuickLoop(asyncio.SelectorEventLoop):
    """An event loop whose time can be moved on, so that an hour of timers takes no hour."""

    ahead_s = 0.0

    @override
    def time(self) -> float:
        return super().time() + self.ahead_s


class Line:
    """Stands where the network would be: gives our component its messages at the place where the transport does."""

    greeting: tuple[MqttMessage, ...] = ()
    deliver: Callable[[MqttMessage], None]

    def __init__(self, *_where: object, **_how: object) -> None:
        """The latest one is in use."""
        House.line = self

    @property
    def capabilities(self) -> Capabilities:
        """Those of the real one."""
        return CAPABILITIES

    async def run(self, on_message: Callable[[MqttMessage], None], on_connection: Callable[[str | None], None]) -> None:
        """Greet, and stay."""
        self.deliver = on_message
        on_connection(None)
        for message in self.greeting:
            on_message(message)
        await asyncio.get_running_loop().create_future()

    def focus(self, location: str) -> None:
        """Nobody else is there either."""

    async def send(self, command: Command) -> None:
        """Nobody is there."""
        raise NotConnectedError(str(command))


class House:
    """Home Assistant, our entities and their peers."""

    line: Line

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        """Both are set up."""
        self.hass = hass
        self._entry = entry
        self._peer: Callable[[None, None, MQTTMessage], None] = hass.data["mqtt"].client._async_mqtt_on_message  # noqa: SLF001 - there is no other door

    @property
    def coordinator(self) -> SmappeeCoordinator:
        """Of our component."""
        coordinator: SmappeeCoordinator = self._entry.runtime_data
        return coordinator

    async def ours(self, messages: Iterable[Message]) -> float:
        """Give our component messages, a second apart; returns the CPU seconds that the event loop's thread took."""
        return await self._timed(self.line.deliver, _received(messages))

    async def theirs(self, messages: Iterable[Message]) -> float:
        """Give the `mqtt` integration messages, a second apart; returns CPU seconds as `ours` does."""
        return await self._timed(lambda message: self._peer(None, None, message), vendor_messages(messages))

    async def _timed[Raw](self, take: Callable[[Raw], None], messages: tuple[Raw, ...]) -> float:
        loop = cast("QuickLoop", self.hass.loop)
        start = time.thread_time()
        for message in messages:
            loop.ahead_s += 1.0
            take(message)
            for _ in range(TURNS):
                await asyncio.sleep(0)
        return time.thread_time() - start

    def entities(self) -> Mapping[str, str]:
        """Return our entity of each peer, by the peer's entity."""
        registry, serial = er.async_get(self.hass), self.coordinator.serial
        found = {
            f"sensor.{PEER}_{number}": registry.async_get_entity_id(
                "sensor", DOMAIN, "_".join(part for part in (serial, data.point.key, data.scope.id) if part)
            )
            for number, data in enumerate(self.coordinator.data_points())
        }
        return {peer: ours for peer, ours in found.items() if ours and self.hass.states.get(peer)}


@contextlib.asynccontextmanager
async def house(recording: Recording, *, every_entity: bool, database: str | None = None) -> AsyncIterator[House]:
    """Set both up. `every_entity`: all are enabled, and every message is shown; else as a user gets it.

    `database`: the file in which the recorder keeps what they show; None = no recorder.
    """
    logging.getLogger("homeassistant").setLevel(logging.CRITICAL)  # it warns of custom components, and of its end
    Line.greeting = _received((*recording.documents, *recording.settling))
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = stack.enter_context(mosquitto(folder))
        stack.enter_context(patch.object(transports, "MqttTransport", Line))
        hass = await stack.enter_async_context(async_test_home_assistant(config_dir=str(folder)))
        hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
        if database:
            recorder_helper.async_initialize_recorder(hass)
            await _need(async_setup_component(hass, "recorder", {"recorder": {"db_url": f"sqlite:///{database}"}}))
        entry = await _our_entry(hass, recording, every_entity=every_entity)
        sensors = list(_sensors(hass, entry.runtime_data, f"{PREFIX}/{_location(recording)}/realtime"))
        await _peers(hass, folder, sensors, port)
        yield House(hass, entry)
        await hass.async_stop(force=True)


async def _need(set_up: Awaitable[bool]) -> None:
    """Wait for a set-up; raises RuntimeError when it fails."""
    if not await set_up:
        raise RuntimeError("Home Assistant does not set it up; its log says why")


async def _our_entry(hass: HomeAssistant, recording: Recording, *, every_entity: bool) -> MockConfigEntry:
    options = {CONF_UPDATE_INTERVAL: 0} if every_entity else {}
    entry = MockConfigEntry(
        domain=DOMAIN, unique_id=recording.serial, data={"host": "127.0.0.1", "port": 1883}, options=options
    )
    entry.add_to_hass(hass)
    await _need(hass.config_entries.async_setup(entry.entry_id))
    await hass.async_block_till_done()
    if every_entity:
        registry = er.async_get(hass)
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
            registry.async_update_entity(entity.entity_id, disabled_by=None)
        Line.greeting = (*Line.greeting, *_received(recording.seconds[:1]))
        await _need(hass.config_entries.async_reload(entry.entry_id))
        await hass.async_block_till_done()
    return entry


async def _peers(hass: HomeAssistant, folder: Path, sensors: list[dict[str, Any]], port: int) -> None:
    """Configure `mqtt` sensors as a user would, in configuration.yaml (JSON is YAML, too)."""
    configuration = {"mqtt": [{"sensor": sensors}]}
    (folder / "configuration.yaml").write_text(json.dumps(configuration))
    data = {"broker": HOST, "port": port, "discovery": False}
    entry = MockConfigEntry(domain="mqtt", data=data, version=2, minor_version=1)
    entry.add_to_hass(hass)
    await _need(async_setup_component(hass, "mqtt", configuration))
    await hass.async_block_till_done()


def _sensors(hass: HomeAssistant, coordinator: SmappeeCoordinator, topic: str) -> Iterable[dict[str, Any]]:
    registry = er.async_get(hass)
    for number, data in enumerate(coordinator.data_points()):
        unique_id = "_".join(part for part in (coordinator.serial, data.point.key, data.scope.id) if part)
        ours = registry.async_get_entity_id("sensor", DOMAIN, unique_id)
        value_template = template(coordinator.session.site, data.point, data.scope)
        if ours is None or value_template is None or hass.states.get(ours) is None:
            continue
        description = describe(data.point)
        yield {
            "name": f"{PEER} {number}",
            "unique_id": f"{PEER}_{number}",
            "state_topic": topic,
            "value_template": value_template,
            "device_class": description.device_class,
            "state_class": description.state_class,
            "unit_of_measurement": description.native_unit_of_measurement,
        }


def _received(messages: Iterable[Message]) -> tuple[MqttMessage, ...]:
    """Return messages as the component's copy of our transport gives them."""
    return tuple(MqttMessage(message.topic, message.payload, message.retain) for message in messages)


def _location(recording: Recording) -> str:
    return recording.documents[0].topic.split("/")[1]
