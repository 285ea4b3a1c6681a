"""What the bridge says by MQTT discovery, taken by a real Home Assistant from a real broker."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiomqtt
import pytest
from homeassistant.components import mqtt
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.mqtt.const import SUPPORTED_COMPONENTS
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    EntityCategory,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from custom_components.smappee_infinity import binary_sensor, sensor, switch
from custom_components.smappee_infinity._vendor.energy_control import points as our_control
from custom_components.smappee_infinity._vendor.mqtt_schema import points as ours
from energy_control.points import CONTROL_POINTS
from mqtt_schema.points import POINTS, Point, Scope, ScopeKind
from openhab_bridge.model import Installation, Node, Property, text_of
from openhab_bridge.settings import DiscoverySettings, Settings
from openhab_bridge.topics import set_topic, status_topic, value_topic
from openhab_bridge.writers.discovery import BIRTH, birth_topic, documents, tree
from openhab_bridge.writers.discovery import classes as words
from tests.custom_components.home_mqtt import set_up_mqtt
from tests.custom_components.sender import connected
from tests.mosquitto import Mosquitto
from tests.openhab_bridge.simulated import NOWHERE, installation
from tests.waiting import until

HOUSES = ("everything", "plus-star", "split-phase")
EACH = Settings(target=NOWHERE, gateways=(), discovery=DiscoverySettings(enabled=True))
PER_DEVICE = replace(EACH, discovery=DiscoverySettings(enabled=True, per_device=True))
BOTH_FORMS = pytest.mark.parametrize("settings", [EACH, PER_DEVICE], ids=["each entity", "per device"])
SHOWN = {"true": "on", "false": "off"}
"""What a text of a plain topic is in Home Assistant, where it is another."""
OF_ITS_OWN = (
    "Executing ",
    "No device components to cleanup for ",
    "Detected code that calls async_forward_entry_setups for integration",
)
"""How Home Assistant's MQTT complains of itself: it empties once more the topic of an entity that was not shown, and
loads a platform while its own set-up still runs. And how asyncio complains of a slow machine."""
RENAMED = "sensor.as_i_call_it"
ROWS: dict[str, ours.Point] = {row.key: row for row in (*ours.POINTS, *our_control.CONTROL_POINTS)}
"""The data points as the component has them, by key."""
BRIDGE_ROWS: dict[str, Point] = {row.key: row for row in (*POINTS, *CONTROL_POINTS)}


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Home Assistant's MQTT reads its configuration file."""
    (Path(hass_tmp_config_dir) / "configuration.yaml").touch()
    return hass_tmp_config_dir


class Bridge:
    """Holds at the broker what the bridge would hold."""

    def __init__(self, client: aiomqtt.Client, house: Installation) -> None:
        self.client = client
        self.house = house
        self.held: dict[str, str] = {}

    async def retain(self, topics: dict[str, str]) -> None:
        for topic, text in topics.items():
            await self.client.publish(topic, text, qos=1, retain=True)

    async def announce(self, settings: Settings) -> None:
        """Publish the payloads; empty what no longer belongs to them first."""
        described = documents(self.house, settings)
        await self.retain(dict.fromkeys(self.held.keys() - described.keys(), ""))
        await self.retain(described)
        self.held = described

    async def show(self, status: str = "online") -> None:
        """Publish all values that are known, and the status."""
        serial = self.house.serial
        known = {value_topic("smappee", serial, item): text for item in items(self.house) if (text := of(item))}
        await self.retain(known)
        await self.tell(status)

    async def tell(self, status: str) -> None:
        await self.retain({status_topic("smappee", self.house.serial): status})


@asynccontextmanager
async def bridge_of(broker: Mosquitto, site: str) -> AsyncIterator[Bridge]:
    async with connected(broker.host, broker.port) as client:
        yield Bridge(client, installation(site))


@pytest.fixture
async def home(hass: HomeAssistant, broker: Mosquitto) -> AsyncIterator[HomeAssistant]:
    """Home Assistant with its MQTT, which is ended before its broker."""
    entry = await set_up_mqtt(hass, broker)
    yield hass
    await hass.config_entries.async_unload(entry.entry_id)


def items(house: Installation) -> list[Property]:
    return [item for node in house.nodes for item in node.properties]


def parts(house: Installation) -> Iterable[tuple[Node, Property]]:
    return ((node, item) for node in house.nodes for item in node.properties)


def of(item: Property) -> str | None:
    return text_of(item.point, item.read())


def unique_id(house: Installation, node: Node, item: Property) -> str:
    return f"smappee-{house.serial}-{node.id}-{item.point.key}"


def registered(hass: HomeAssistant) -> dict[str, er.RegistryEntry]:
    """All entities of MQTT, by unique id."""
    return {item.unique_id: item for item in er.async_get(hass).entities.values() if item.platform == mqtt.DOMAIN}


def devices(hass: HomeAssistant) -> dict[str, dr.DeviceEntry]:
    """All devices of MQTT, by identifier."""
    (entry,) = hass.config_entries.async_entries(mqtt.DOMAIN)
    found = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {identifier: device for device in found for _, identifier in device.identifiers}


def state(hass: HomeAssistant, house: Installation, key: str) -> State:
    """The state of the first entity of a data point."""
    found = next(unique_id(house, node, item) for node, item in parts(house) if item.point.key == key)
    shown = hass.states.get(registered(hass)[found].entity_id)
    assert shown is not None
    return shown


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged as a warning or worse."""
    records = (record for record in caplog.records if record.levelno >= logging.WARNING)
    return [text for record in records if not (text := record.getMessage()).startswith(OF_ITS_OWN)]


async def all_there(hass: HomeAssistant, house: Installation) -> None:
    """Wait until every entity is registered, and those that are shown have a state from the broker."""
    expected = {unique_id(house, node, item) for node, item in parts(house)}
    await until(lambda: registered(hass).keys() == expected)
    shown = [item.entity_id for item in registered(hass).values() if not item.disabled]
    await until(lambda: all(_is_available(hass, entity_id) for entity_id in shown))


def _is_available(hass: HomeAssistant, entity_id: str) -> bool:
    found = hass.states.get(entity_id)
    return found is not None and found.state != STATE_UNAVAILABLE


@BOTH_FORMS
@pytest.mark.parametrize("site", HOUSES)
async def test_every_data_point_of_a_house_is_shown_as_the_component_would(
    home: HomeAssistant, broker: Mosquitto, site: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with bridge_of(broker, site) as bridge:
        house = bridge.house
        await bridge.show()
        await bridge.announce(settings)
        await all_there(home, house)
        expected = {
            unique_id(house, node, item): SHOWN.get(text, text) if (text := of(item)) else STATE_UNKNOWN
            for node, item in parts(house)
            if item.point.enabled
        }
        await until(lambda: values(home) == expected)
        for node, item in parts(house):
            entry = registered(home)[unique_id(house, node, item)]
            assert described(entry) == as_the_component(item)
            assert entry.disabled is not item.point.enabled
        assert STATE_UNKNOWN in expected.values()
        assert complaints(caplog) == []


def values(hass: HomeAssistant) -> dict[str, str | None]:
    entries = {key: item for key, item in registered(hass).items() if not item.disabled}
    found = {key: hass.states.get(item.entity_id) for key, item in entries.items()}
    return {key: shown.state if shown else None for key, shown in found.items()}


def described(entry: er.RegistryEntry) -> tuple[object, ...]:
    """What decides how an entity is shown and counted."""
    return (
        entry.domain,
        entry.original_device_class,
        entry.unit_of_measurement,
        (entry.capabilities or {}).get("state_class"),
        entry.entity_category,
        entry.options["sensor"]["suggested_display_precision"] if _is_number(entry) else None,
    )


def _is_number(entry: er.RegistryEntry) -> bool:
    """Whether it has decimals: those of what is not shown are not noted."""
    return entry.domain == words.SENSOR and not entry.disabled


def as_the_component(item: Property) -> tuple[object, ...]:
    """The same of the component's entity for a data point."""
    kind = words.COMPONENTS[item.point.nature]
    point = ROWS[item.point.key]
    if kind != words.SENSOR:
        of_kind = binary_sensor if kind == words.BINARY_SENSOR else switch
        shown = of_kind.describe(point)
        return (kind, shown.device_class, None, None, shown.entity_category, None)
    number = sensor.describe(point)
    return (
        kind,
        number.device_class,
        number.native_unit_of_measurement,
        number.state_class,
        number.entity_category,
        number.suggested_display_precision if point.enabled else None,
    )


@BOTH_FORMS
async def test_devices_stand_below_the_gateway(home: HomeAssistant, broker: Mosquitto, settings: Settings) -> None:
    async with bridge_of(broker, "everything") as bridge:
        serial = bridge.house.serial
        await bridge.announce(settings)
        expected = {f"smappee-{serial}", f"smappee-{serial}-cts"} | {
            f"smappee-{serial}-{node.id}"
            for node in bridge.house.nodes
            if node.scope.kind not in {ScopeKind.SITE, ScopeKind.PHASE, ScopeKind.LINES, ScopeKind.CHANNEL}
        }
        await until(lambda: registered(home).keys() == {unique_id(bridge.house, *part) for part in parts(bridge.house)})
        found = devices(home)
        assert found.keys() == expected
        gateway = found.pop(f"smappee-{serial}")
        assert (gateway.manufacturer, gateway.model, gateway.sw_version) == ("Smappee", "Genius", bridge.house.firmware)
        assert gateway.via_device_id is None
        assert {device.via_device_id for device in found.values()} == {gateway.id}


async def test_values_that_nobody_can_trust_are_unavailable_until_they_can_be(
    home: HomeAssistant, broker: Mosquitto
) -> None:
    async with bridge_of(broker, "plus-star") as bridge:
        house = bridge.house
        await bridge.show()
        await bridge.announce(EACH)
        await all_there(home, house)
        await bridge.tell("offline")
        await until(lambda: set(values(home).values()) == {STATE_UNAVAILABLE})
        await bridge.tell("online")
        await all_there(home, house)


@pytest.mark.parametrize("key", ["grid_power", "plug", "contact"])
async def test_a_value_that_is_known_no_more_becomes_unknown(
    home: HomeAssistant, broker: Mosquitto, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with bridge_of(broker, "everything") as bridge:
        house = bridge.house
        item = next(item for item in items(house) if item.point.key == key)
        topic = value_topic("smappee", house.serial, item)
        await bridge.show()
        await bridge.retain({topic: "17" if key == "grid_power" else "true"})
        await bridge.announce(EACH)
        await all_there(home, house)
        await until(lambda: state(home, house, key).state in {"17", "on"})
        await bridge.retain({topic: ""})
        await until(lambda: state(home, house, key).state == STATE_UNKNOWN)
        assert complaints(caplog) == []


@BOTH_FORMS
async def test_a_switch_sends_one_command_that_nobody_keeps(
    home: HomeAssistant, broker: Mosquitto, settings: Settings
) -> None:
    async with bridge_of(broker, "everything") as bridge, connected(broker.host, broker.port) as listener:
        house = bridge.house
        relay = next(item for item in items(house) if item.point.key == "relay")
        await listener.subscribe("smappee/+/+/+/+/set")
        await bridge.show()
        await bridge.announce(settings)
        await until(lambda: relay_is_known(home, house))
        before = state(home, house, "relay")
        for action in (SERVICE_TURN_ON, SERVICE_TURN_OFF):
            await home.services.async_call("switch", action, {ATTR_ENTITY_ID: before.entity_id}, blocking=True)
        topic = set_topic("smappee", house.serial, relay)
        await mqtt.async_publish(home, "smappee/a/b/c/d/set", "end")
        assert await until_end(listener) == [(topic, b"true", False), (topic, b"false", False)]
        assert state(home, house, "relay") == before
    async with connected(broker.host, broker.port) as later:
        await later.subscribe("smappee/+/+/+/+/set")
        await later.publish("smappee/a/b/c/d/set", "end", qos=1)
        assert await until_end(later) == []


def relay_is_known(hass: HomeAssistant, house: Installation) -> bool:
    found = next(unique_id(house, node, item) for node, item in parts(house) if item.point.key == "relay")
    return values(hass).get(found) == "off"


async def until_end(client: aiomqtt.Client) -> list[tuple[str, bytes, bool]]:
    """What arrives before the message that a test ends with: topic, payload, retained."""
    found = []
    async with asyncio.timeout(20):
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            if message.payload == b"end":
                break
            found.append((message.topic.value, message.payload, message.retain))
    return found


@BOTH_FORMS
async def test_what_is_emptied_is_gone_with_its_devices(
    home: HomeAssistant, broker: Mosquitto, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with bridge_of(broker, "everything") as bridge:
        await bridge.show()
        await bridge.announce(settings)
        await all_there(home, bridge.house)
        await bridge.retain(dict.fromkeys(bridge.held, ""))
        await until(lambda: registered(home) == {} and devices(home) == {})
        assert complaints(caplog) == []


@BOTH_FORMS
async def test_a_ct_that_is_no_longer_there_leaves_and_all_others_stay(
    home: HomeAssistant, broker: Mosquitto, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with bridge_of(broker, "everything") as bridge:
        house = bridge.house
        await bridge.show()
        await bridge.announce(settings)
        await all_there(home, house)
        before = {key: item.entity_id for key, item in registered(home).items()}
        lost = next(node for node in house.nodes if node.scope.kind is ScopeKind.CHANNEL)
        gone = {unique_id(house, lost, item) for item in lost.properties}
        bridge.house = replace(house, nodes=tuple(node for node in house.nodes if node is not lost))
        await bridge.announce(settings)
        await all_there(home, bridge.house)
        assert {key: item.entity_id for key, item in registered(home).items()} == {
            key: entity_id for key, entity_id in before.items() if key not in gone
        }
        assert complaints(caplog) == []


@pytest.mark.parametrize(("first", "second"), [(EACH, PER_DEVICE), (PER_DEVICE, EACH)], ids=["to devices", "back"])
async def test_the_other_form_takes_over_without_doubles(
    home: HomeAssistant, broker: Mosquitto, first: Settings, second: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with bridge_of(broker, "plus-star") as bridge:
        house = bridge.house
        await bridge.show()
        await bridge.announce(first)
        await all_there(home, house)
        mine = er.async_get(home).async_update_entity(state(home, house, "grid_power").entity_id, new_entity_id=RENAMED)
        await bridge.announce(second)
        shown = [item for item in items(house) if item.point.enabled]
        await until(lambda: len(sources(home)) == len(shown) and set(sources(home)) <= bridge.held.keys())
        await all_there(home, house)
        ids = [item.entity_id for item in registered(home).values()]
        assert len(set(ids)) == len(ids)
        assert not any(entity_id.endswith("_2") for entity_id in ids)
        assert registered(home)[mine.unique_id].entity_id == RENAMED
        assert complaints(caplog) == []


def sources(hass: HomeAssistant) -> list[str]:
    """For each entity that is shown, the topic of the payload that it is now made of."""
    found = hass.data[mqtt.DATA_MQTT].debug_info_entities
    return [info["discovery_data"]["discovery_topic"] for info in found.values() if info["discovery_data"]]


async def test_a_home_assistant_that_starts_later_is_told_everything(hass: HomeAssistant, broker: Mosquitto) -> None:
    async with bridge_of(broker, "plus-star") as bridge, connected(broker.host, broker.port) as listener:
        await bridge.show()
        await bridge.announce(EACH)
        await listener.subscribe(birth_topic(EACH))
        entry = await set_up_mqtt(hass, broker)
        async with asyncio.timeout(20):
            birth = await anext(aiter(listener.messages))
        assert birth.payload == BIRTH.encode()
        await all_there(hass, bridge.house)
        await bridge.retain(bridge.held)
        await bridge.tell("offline")
        await until(lambda: set(values(hass).values()) == {STATE_UNAVAILABLE})
        assert len(registered(hass)) == len(items(bridge.house))
        await hass.config_entries.async_unload(entry.entry_id)


@BOTH_FORMS
async def test_the_tree_of_a_gateway_has_all_it_has_announced(broker: Mosquitto, settings: Settings) -> None:
    async with bridge_of(broker, "plus-star") as bridge, connected(broker.host, broker.port) as later:
        await bridge.announce(settings)
        await later.subscribe(tree(settings, bridge.house.serial))
        async with asyncio.timeout(20):
            found = {(await anext(aiter(later.messages))).topic.value for _ in bridge.held}
        assert found == set(bridge.held)


def test_all_words_are_home_assistants() -> None:
    assert set(words.SENSOR_CLASSES.values()) <= {one.value for one in SensorDeviceClass}
    assert set(words.BINARY_SENSOR_CLASSES.values()) <= {one.value for one in BinarySensorDeviceClass}
    assert set(words.STATE_CLASSES.values()) <= {one.value for one in SensorStateClass}
    assert set(words.CATEGORIES.values()) <= {one.value for one in EntityCategory}
    assert set(words.COMPONENTS.values()) <= set(SUPPORTED_COMPONENTS)


@pytest.mark.parametrize("key", sorted(ROWS))
def test_the_words_are_those_of_the_component(key: str) -> None:
    point = BRIDGE_ROWS[key]
    kind, device_class, *_ = as_the_component(Property(point, Scope(point.scope), lambda: None))
    assert (words.COMPONENTS[point.nature], words.device_class(point)) == (kind, device_class)
