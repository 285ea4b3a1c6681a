"""A gateway by way of Home Assistant's own MQTT: discovered, chosen, measured, switched, lost and found again."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from homeassistant.components import mqtt
from homeassistant.components.mqtt import client as mqtt_client
from homeassistant.config_entries import SOURCE_MQTT, ConfigEntryState, ConfigFlowResult
from homeassistant.const import SERVICE_TURN_ON, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity._vendor.smappee_gateway.errors import CannotConnectError, NotConnectedError
from custom_components.smappee_infinity._vendor.smappee_gateway.mqtt_decoder import MqttMessage
from custom_components.smappee_infinity._vendor.smappee_gateway.mqtt_transport import MqttTransport
from custom_components.smappee_infinity.capture import Capture
from custom_components.smappee_infinity.const import CORE_DOMAIN, DOMAIN
from custom_components.smappee_infinity.ha_mqtt_transport import HaMqttTransport
from custom_components.smappee_infinity.transports import BY_HOME_ASSISTANT
from smappee_gateway.capture import read
from tests import genius
from tests.custom_components.conftest import NOBODY
from tests.custom_components.flows import address, discover, submit
from tests.custom_components.home_mqtt import entry_by_mqtt, set_up_mqtt
from tests.custom_components.relays import LAMP, Relays, act, switch
from tests.custom_components.running import returned, set_up, show, state_of
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import Mosquitto
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("quick_probe", "quick_set_up")

KINDS = {"config", "channelConfigV2", "realtime"}
"""What the gateway sends; the broker remembers the first two."""
GRID_POWER = f"{genius.SERIAL}_grid_power"


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Home Assistant's MQTT reads its configuration file."""
    (Path(hass_tmp_config_dir) / "configuration.yaml").touch()
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def quick_return(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for a lost broker more often than Home Assistant does."""
    monkeypatch.setattr(mqtt_client, "RECONNECT_INTERVAL_SECONDS", 0.2)


@pytest.fixture(autouse=True)
async def ended(hass: HomeAssistant) -> AsyncIterator[None]:
    """End Home Assistant's MQTT after a test: it may still wait for the moment to subscribe."""
    yield
    for entry in hass.config_entries.async_loaded_entries(mqtt.DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
async def home_mqtt(hass: HomeAssistant, broker: Mosquitto) -> MockConfigEntry:
    return await set_up_mqtt(hass, broker)


@pytest.fixture
def by_mqtt() -> MockConfigEntry:
    return entry_by_mqtt()


async def discovered(hass: HomeAssistant) -> ConfigFlowResult:
    """Wait until Home Assistant's MQTT has offered a gateway."""
    manager = hass.config_entries.flow
    await until(lambda: bool(manager.async_progress_by_handler(DOMAIN)))
    (flow,) = manager.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_MQTT
    return await manager.async_configure(flow["flow_id"])


async def menu(hass: HomeAssistant, result: ConfigFlowResult, choice: str) -> ConfigFlowResult:
    assert result["type"] is FlowResultType.MENU
    assert choice in result["menu_options"]
    return await hass.config_entries.flow.async_configure(result["flow_id"], {"next_step_id": choice})


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": "user"})


async def published(hass: HomeAssistant, topic: str, payload: str) -> ConfigFlowResult:
    """Let Home Assistant's MQTT discover a message."""
    info = MqttServiceInfo(
        topic=topic,
        payload=payload,
        qos=0,
        retain=True,
        subscribed_topic="servicelocation/+/config",
        timestamp=0.0,
    )
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_MQTT}, data=info)


def subscriptions(hass: HomeAssistant) -> list[str]:
    """Ours, at Home Assistant's client."""
    topics = [subscription.topic for subscription in hass.data[mqtt.DATA_MQTT].client.subscriptions]
    return [topic for topic in topics if topic == "servicelocation/+/#"]


async def test_a_gateway_that_introduced_itself_before_is_offered_and_added(
    hass: HomeAssistant, gateway: Sender, broker: Mosquitto
) -> None:
    await set_up_mqtt(hass, broker)
    form = await discovered(hass)
    assert form["step_id"] == "mqtt_confirm"
    placeholders = form["description_placeholders"]
    assert placeholders
    assert (placeholders["serial"], placeholders["host"]) == (genius.SERIAL, broker.host)
    result = await gateway.during(submit(hass, form, {}))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"Smappee Genius {genius.SERIAL}"
    assert result["data"] == BY_HOME_ASSISTANT
    assert result["result"].unique_id == genius.SERIAL
    assert result["result"].state is ConfigEntryState.LOADED


@pytest.mark.usefixtures("home_mqtt")
async def test_a_silent_gateway_is_not_added(hass: HomeAssistant, gateway: Sender) -> None:
    form = await submit(hass, await discovered(hass), {})
    assert (form["step_id"], form["errors"]) == ("mqtt_confirm", {"base": "no_data"})
    result = await gateway.during(submit(hass, form, {}))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("home_mqtt", "gateway")
async def test_one_gateway_is_offered_once_whoever_finds_it(hass: HomeAssistant) -> None:
    await discovered(hass)
    result = await discover(hass, NOBODY)
    assert result["reason"] == "already_in_progress"
    again = await published(hass, genius.topic("config"), json.dumps(genius.config()))
    assert again["reason"] == "already_in_progress"


@pytest.mark.usefixtures("broker")
async def test_what_mdns_has_offered_is_not_offered_again(hass: HomeAssistant) -> None:
    assert (await discover(hass, NOBODY))["type"] is FlowResultType.FORM
    result = await published(hass, genius.topic("config"), json.dumps(genius.config()))
    assert result["reason"] == "already_in_progress"


async def test_a_gateway_that_is_set_up_is_not_offered(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    before = await set_up(hass, entry, gateway)
    data = dict(entry.data)
    result = await published(hass, genius.topic("config"), json.dumps(genius.config()))
    assert result["reason"] == "already_configured"
    assert entry.data == data
    assert entry.runtime_data is before


async def test_home_assistants_own_integration_is_named_when_it_has_the_gateway(hass: HomeAssistant) -> None:
    MockConfigEntry(domain=CORE_DOMAIN, unique_id=genius.SERIAL).add_to_hass(hass)
    form = await published(hass, genius.topic("config"), json.dumps(genius.config()))
    assert form["step_id"] == "mqtt_confirm_beside_core"


@pytest.mark.parametrize("payload", ["", "nonsense", "{}", '{"serialNumber": 5}', "[]"])
async def test_what_is_no_gateway_is_left_alone(hass: HomeAssistant, payload: str) -> None:
    result = await published(hass, genius.topic("config"), payload)
    assert result["reason"] == "not_a_smappee"


@pytest.mark.usefixtures("home_mqtt")
async def test_it_can_be_chosen_by_hand(hass: HomeAssistant, gateway: Sender) -> None:
    form = await menu(hass, await start(hass), "home_assistant_mqtt")
    result = await gateway.during(submit(hass, form, {}))
    assert result["data"] == BY_HOME_ASSISTANT
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []


async def test_an_address_can_be_chosen_instead(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, home_mqtt: MockConfigEntry
) -> None:
    form = await menu(hass, await start(hass), "address")
    result = await gateway.during(submit(hass, form, address(broker)))
    assert result["data"] == address(broker)
    await hass.config_entries.async_unload(home_mqtt.entry_id)
    assert (await start(hass))["step_id"] == "address"


async def test_a_broker_without_a_gateway_is_named(
    hass: HomeAssistant, broker: Mosquitto, home_mqtt: MockConfigEntry
) -> None:
    form = await submit(hass, await menu(hass, await start(hass), "home_assistant_mqtt"), {})
    assert (form["step_id"], form["errors"]) == ("home_assistant_mqtt", {"base": "not_a_smappee"})
    placeholders = form["description_placeholders"]
    assert placeholders
    assert (placeholders["host"], placeholders["port"]) == (broker.host, str(broker.port))
    await hass.config_entries.async_unload(home_mqtt.entry_id)
    form = await submit(hass, form, {})
    assert form["errors"] == {"base": "mqtt_not_connected"}


@pytest.mark.usefixtures("home_mqtt")
async def test_messages_keep_their_retain_flag_and_quality_of_service(hass: HomeAssistant, gateway: Sender) -> None:
    config = MqttMessage(genius.topic("config"), genius.encode(genius.config()), retained=True, qos=1)
    transport = HaMqttTransport(hass)
    async with asyncio.timeout(20), transport.messages() as messages:
        retained = {(await anext(messages)).topic: True, (await anext(messages)).topic: True}
        assert config.topic in retained
        for qos in (0, 1):
            await gateway.client.publish(genius.topic("x"), b"\xff", qos=qos)
            assert await anext(messages) == MqttMessage(genius.topic("x"), b"\xff", retained=False, qos=qos)
    async with asyncio.timeout(20), transport.messages() as messages:
        again = [await anext(messages), await anext(messages)]
    assert config in again


async def test_measurements_are_shown(
    hass: HomeAssistant, gateway: Sender, home_mqtt: MockConfigEntry, by_mqtt: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, by_mqtt, gateway)
    await gateway.power(grid1=432)
    await show(hass, coordinator, gateway)
    assert state_of(hass, GRID_POWER) == "432"
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), by_mqtt.entry_id)
    assert {device.configuration_url for device in devices} == {None}
    assert home_mqtt.state is ConfigEntryState.LOADED


@pytest.mark.usefixtures("home_mqtt")
async def test_a_plug_is_switched_and_confirmed(
    hass: HomeAssistant, gateway: Sender, relays: Relays, by_mqtt: MockConfigEntry
) -> None:
    await set_up(hass, by_mqtt, gateway)
    await until(lambda: switch(hass, LAMP).state != STATE_UNKNOWN)
    assert relays.commands == []
    await act(hass, SERVICE_TURN_ON, LAMP)
    assert switch(hass, LAMP).state == STATE_ON
    assert relays.commands == [(str(LAMP), "ON")]


@pytest.mark.usefixtures("home_mqtt")
async def test_a_lost_broker_makes_it_unavailable_until_it_returns(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, relays: Relays, by_mqtt: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, by_mqtt, gateway)
    await until(lambda: switch(hass, LAMP).state != STATE_UNKNOWN)
    broker.stop()
    await until(lambda: not coordinator.gateway.connected)
    assert state_of(hass, GRID_POWER) == STATE_UNAVAILABLE
    with pytest.raises(NotConnectedError):
        await coordinator.gateway.switch_plug(str(LAMP), on=True)
    broker.start()
    await returned(coordinator, broker, gateway)
    assert relays.commands == []


async def test_home_assistants_mqtt_may_be_set_up_anew(
    hass: HomeAssistant, gateway: Sender, home_mqtt: MockConfigEntry, by_mqtt: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, by_mqtt, gateway)
    assert await hass.config_entries.async_unload(home_mqtt.entry_id)
    await until(lambda: not coordinator.gateway.connected)
    assert isinstance(coordinator.gateway.what_is_missing(), CannotConnectError)
    assert await hass.config_entries.async_setup(home_mqtt.entry_id)
    await gateway.living(until(lambda: coordinator.gateway.available))
    await gateway.during(hass.config_entries.async_reload(by_mqtt.entry_id))
    assert by_mqtt.state is ConfigEntryState.LOADED
    assert by_mqtt.runtime_data is not coordinator
    heard = coordinator.decoder.messages
    await gateway.power(grid1=5)
    await show(hass, by_mqtt.runtime_data, gateway)
    assert state_of(hass, GRID_POWER) == "5"
    assert coordinator.decoder.messages == heard


async def test_a_set_up_without_home_assistants_mqtt_is_tried_again(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, by_mqtt: MockConfigEntry
) -> None:
    by_mqtt.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(by_mqtt.entry_id)
    assert by_mqtt.error_reason_translation_key == "mqtt_not_connected"
    await set_up_mqtt(hass, broker)
    await gateway.during(hass.config_entries.async_reload(by_mqtt.entry_id))
    assert by_mqtt.state is ConfigEntryState.LOADED


@pytest.mark.usefixtures("home_mqtt")
async def test_two_gateways_are_told_apart(hass: HomeAssistant, gateway: Sender, by_mqtt: MockConfigEntry) -> None:
    neighbour = Sender(gateway.client, "5010099999", "77777777-2222-3333-4444-555555555555")
    await neighbour.introduce()
    ours, theirs = await set_up(hass, by_mqtt, gateway), await set_up(hass, entry_by_mqtt("5010099999"), neighbour)
    await gateway.power(grid1=111)
    await neighbour.power(grid1=222)
    await show(hass, ours, gateway)
    await show(hass, theirs, neighbour)
    assert [state_of(hass, f"{serial}_grid_power") for serial in (genius.SERIAL, "5010099999")] == ["111", "222"]
    assert await hass.config_entries.async_unload(by_mqtt.entry_id)
    await neighbour.power(grid1=333)
    await show(hass, theirs, neighbour)
    assert state_of(hass, "5010099999_grid_power") == "333"
    assert len(subscriptions(hass)) == 1
    assert await hass.config_entries.async_unload(theirs.config_entry.entry_id)
    assert subscriptions(hass) == []


@pytest.mark.usefixtures("home_mqtt")
async def test_an_entry_can_change_from_one_way_to_the_other_and_back(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    form = await menu(hass, await entry.start_reconfigure_flow(hass), "home_assistant_mqtt")
    result = await gateway.during(submit(hass, form, {}))
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == BY_HOME_ASSISTANT
    await gateway.living(until(lambda: isinstance(entry.runtime_data.gateway.transport, HaMqttTransport)))
    await gateway.living(until(lambda: entry.state is ConfigEntryState.LOADED))
    form = await menu(hass, await entry.start_reconfigure_flow(hass), "new_address")
    await gateway.during(submit(hass, form, address(broker)))
    assert entry.data == address(broker)
    await gateway.living(until(lambda: isinstance(entry.runtime_data.gateway.transport, MqttTransport)))
    await gateway.living(until(lambda: entry.state is ConfigEntryState.LOADED))


@pytest.mark.usefixtures("home_mqtt")
async def test_an_announcement_by_mdns_does_not_change_the_way(
    hass: HomeAssistant, gateway: Sender, by_mqtt: MockConfigEntry
) -> None:
    await set_up(hass, by_mqtt, gateway)
    result = await discover(hass, NOBODY)
    assert result["reason"] == "already_configured"
    assert by_mqtt.data == BY_HOME_ASSISTANT


@pytest.mark.usefixtures("home_mqtt")
async def test_diagnostics_do_not_name_the_broker(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    broker: Mosquitto,
    gateway: Sender,
    by_mqtt: MockConfigEntry,
) -> None:
    await set_up(hass, by_mqtt, gateway)
    document = await get_diagnostics_for_config_entry(hass, hass_client, by_mqtt)
    part = document["entry"]
    assert isinstance(part, dict)
    assert part["data"] == BY_HOME_ASSISTANT
    assert broker.host not in json.dumps(document)


async def test_a_client_that_is_still_connecting_is_waited_for(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, by_mqtt: MockConfigEntry, home_mqtt: MockConfigEntry
) -> None:
    broker.stop()
    await until(lambda: not mqtt.is_connected(hass))
    assert home_mqtt.state is ConfigEntryState.LOADED
    by_mqtt.add_to_hass(hass)
    setting_up = asyncio.create_task(hass.config_entries.async_setup(by_mqtt.entry_id))
    await asyncio.sleep(0.1)
    broker.start()
    async with connected(broker.host, broker.port) as client:
        again = Sender(client)
        await again.introduce()
        await again.living(setting_up)
    assert by_mqtt.state is ConfigEntryState.LOADED
    assert gateway.second == 0


@pytest.mark.usefixtures("home_mqtt")
async def test_a_recording_has_what_the_broker_remembers(
    hass: HomeAssistant, gateway: Sender, by_mqtt: MockConfigEntry
) -> None:
    await set_up(hass, by_mqtt, gateway)
    recording = Capture(hass, by_mqtt)
    await recording.start()
    await gateway.during(until(lambda: len(recording.recorder.topics) == len(KINDS)))
    await recording.stop()
    _, messages = read(recording.content().splitlines(keepends=True))
    assert {message.topic.rpartition("/")[2] for message in messages} == KINDS
