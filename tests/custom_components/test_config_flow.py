"""Adding a gateway by hand, and what goes wrong on the way."""

import pytest
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity.connection_form import CONF_SECURITY
from custom_components.smappee_infinity.const import CONF_UPDATE_INTERVAL, DOMAIN
from tests import genius
from tests.custom_components.conftest import NOBODY, entry_for
from tests.custom_components.flows import address, start_by_hand, submit
from tests.custom_components.running import set_up
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("quick_probe")

NEIGHBOUR = "5010099999"
NEIGHBOURS_LOCATION = "77777777-2222-3333-4444-555555555555"


async def test_a_gateway_is_added(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> None:
    flow = await start_by_hand(hass)
    result = await gateway.during(submit(hass, flow, address(broker)))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == f"Smappee Genius {genius.SERIAL}"
    assert result["data"] == address(broker)
    assert result["result"].unique_id == genius.SERIAL
    assert result["result"].state is ConfigEntryState.LOADED


async def test_spaces_around_the_host_do_not_matter(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> None:
    flow = await start_by_hand(hass)
    answer = {CONF_HOST: f" {broker.host} ", CONF_PORT: broker.port}
    result = await gateway.during(submit(hass, flow, answer))
    assert result["data"] == address(broker)


async def test_a_browser_is_told_what_the_form_begins_with(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, "config", {})
    client = await hass_client()
    response = await client.post("/api/config/config_entries/flow", json={"handler": DOMAIN})
    fields = {field["name"]: field for field in (await response.json())["data_schema"]}
    assert list(fields) == ["host", "port", CONF_SECURITY]
    security = fields[CONF_SECURITY]
    assert (security["type"], security["expanded"], "default" in security) == ("expandable", False, False)
    defaults = {field["name"]: field.get("default") for field in security["schema"]}
    assert defaults == {"username": None, "password": None, "ssl": False, "verify_ssl": True, "certificate": None}


async def test_nobody_at_the_address(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> None:
    flow = await start_by_hand(hass)
    result = await submit(hass, flow, address(broker) | {CONF_HOST: NOBODY})
    assert result["errors"] == {"base": "cannot_connect"}
    placeholders = result["description_placeholders"]
    assert placeholders
    assert placeholders["host"] == NOBODY
    assert "refused" in placeholders["reason"]
    await _second_try(hass, flow, broker, gateway)


async def test_nobody_at_the_port(hass: HomeAssistant, broker: Mosquitto) -> None:
    broker.stop()
    flow = await start_by_hand(hass)
    result = await submit(hass, flow, address(broker))
    assert result["errors"] == {"base": "cannot_connect"}


async def test_a_broker_that_is_no_smappee(hass: HomeAssistant, broker: Mosquitto) -> None:
    flow = await start_by_hand(hass)
    result = await submit(hass, flow, address(broker))
    assert result["errors"] == {"base": "not_a_smappee"}


async def test_a_gateway_that_measures_nothing(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> None:
    flow = await start_by_hand(hass)
    result = await submit(hass, flow, address(broker))
    assert result["errors"] == {"base": "no_data"}
    await _second_try(hass, flow, broker, gateway)


async def test_of_two_gateways_on_one_broker_one_is_chosen(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    neighbour = await _neighbour(gateway)
    flow = await start_by_hand(hass)
    result = await gateway.during(submit(hass, flow, address(broker)), neighbour)
    assert result["step_id"] == "gateway"
    result = await gateway.during(submit(hass, flow, {"gateway": NEIGHBOUR}), neighbour)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == NEIGHBOUR


async def test_a_gateway_that_is_set_up_is_not_offered_again(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    neighbour = await _neighbour(gateway)
    entry_for(broker, genius.SERIAL).add_to_hass(hass)
    flow = await start_by_hand(hass)
    result = await gateway.during(submit(hass, flow, address(broker)), neighbour)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id == NEIGHBOUR


async def test_adding_a_gateway_again_saves_its_new_address(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={CONF_HOST: NOBODY, CONF_PORT: 1883})
    flow = await start_by_hand(hass)
    result = await gateway.during(submit(hass, flow, address(broker)))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert entry.data == address(broker)


async def test_an_address_can_be_changed(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={CONF_HOST: NOBODY, CONF_PORT: broker.port})
    flow = await entry.start_reconfigure_flow(hass)
    assert flow["step_id"] == "new_address"
    result = await gateway.during(submit(hass, flow, address(broker)))
    await gateway.during(hass.async_block_till_done())
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == address(broker)
    assert entry.state is ConfigEntryState.LOADED


async def test_a_gateway_at_work_is_set_up_anew_once_when_its_address_is_changed(
    hass: HomeAssistant,
    broker: Mosquitto,
    gateway: Sender,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await set_up(hass, entry, gateway)
    states: list[ConfigEntryState] = []

    @callback
    def changed(_change: ConfigEntryChange, changed_entry: ConfigEntry) -> None:
        states.append(changed_entry.state)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed)
    answer = {CONF_HOST: "localhost", CONF_PORT: broker.port}
    result = await gateway.during(submit(hass, await entry.start_reconfigure_flow(hass), answer))
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == answer
    await gateway.living(hass.async_block_till_done())
    await gateway.living(until(lambda: entry.state is ConfigEntryState.LOADED))
    assert states.count(ConfigEntryState.SETUP_IN_PROGRESS) == 1
    assert "update listener" not in caplog.text


async def test_an_address_is_not_changed_to_that_of_another_gateway(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    entry = entry_for(broker, NEIGHBOUR)
    entry.add_to_hass(hass)
    flow = await entry.start_reconfigure_flow(hass)
    result = await gateway.during(submit(hass, flow, address(broker)))
    assert result["errors"] == {"base": "wrong_gateway"}
    placeholders = result["description_placeholders"]
    assert placeholders
    assert (placeholders["serial"], placeholders["found"]) == (NEIGHBOUR, genius.SERIAL)


async def test_the_update_interval_is_an_option(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    manager = hass.config_entries.options
    menu = await manager.async_init(entry.entry_id)
    flow = await manager.async_configure(menu["flow_id"], {"next_step_id": "settings"})
    with pytest.raises(InvalidData):
        await manager.async_configure(flow["flow_id"], {CONF_UPDATE_INTERVAL: 61})
    result = await manager.async_configure(flow["flow_id"], {CONF_UPDATE_INTERVAL: 30})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {CONF_UPDATE_INTERVAL: 30}


async def _second_try(hass: HomeAssistant, flow: ConfigFlowResult, broker: Mosquitto, gateway: Sender) -> None:
    """An error does not end a flow."""
    result = await gateway.during(submit(hass, flow, address(broker)))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def _neighbour(gateway: Sender) -> Sender:
    neighbour = Sender(gateway.client, NEIGHBOUR, NEIGHBOURS_LOCATION)
    await neighbour.introduce()
    return neighbour
