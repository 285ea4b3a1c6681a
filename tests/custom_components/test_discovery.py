"""Gateways that announce themselves: new ones, moved ones, ignored ones, and those that Home Assistant knows too."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from homeassistant.components.zeroconf.discovery import ZeroconfDiscovery
from homeassistant.config_entries import SOURCE_IGNORE, SOURCE_ZEROCONF, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import discovery_flow
from homeassistant.loader import async_get_zeroconf
from pytest_homeassistant_custom_component.common import MockConfigEntry
from zeroconf import ServiceInfo
from zeroconf.asyncio import AsyncServiceInfo

from custom_components.smappee_infinity import config_flow
from custom_components.smappee_infinity.const import CORE_DOMAIN, DOMAIN
from tests import genius
from tests.custom_components.conftest import NOBODY
from tests.custom_components.flows import address, discover, start_by_hand, submit
from tests.custom_components.running import set_up
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import Mosquitto
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("quick_probe")


class MosquittoElsewhere(Mosquitto):
    """A second broker of the house, at another address."""

    host = NOBODY


@pytest.fixture
def elsewhere(
    open_network: None,  # noqa: ARG001 - before it starts
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Mosquitto]:
    """A broker with the port at which gateways are looked for."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    broker = MosquittoElsewhere(folder)
    broker.start()
    monkeypatch.setattr(config_flow, "DEFAULT_PORT", broker.port)
    yield broker
    broker.stop()


@pytest.fixture
async def moved(hass: HomeAssistant, elsewhere: Mosquitto) -> AsyncIterator[Sender]:  # noqa: ARG001 - outlives it
    """The gateway at its new address."""
    async with connected(elsewhere.host, elsewhere.port) as client:
        sender = Sender(client)
        await sender.introduce()
        yield sender


@pytest.fixture
def port_of_gateways(monkeypatch: pytest.MonkeyPatch, broker: Mosquitto) -> None:
    """What is announced has no MQTT port: every gateway uses the same, and here that of the broker."""
    monkeypatch.setattr(config_flow, "DEFAULT_PORT", broker.port)


@pytest.mark.usefixtures("port_of_gateways")
async def test_a_gateway_that_announces_itself_is_added(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    form = await discover(hass, broker.host)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "zeroconf_confirm"
    placeholders = form["description_placeholders"]
    assert placeholders
    assert (placeholders["serial"], placeholders["host"]) == (genius.SERIAL, broker.host)
    result = await gateway.during(submit(hass, form, {}))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == address(broker)
    assert result["result"].unique_id == genius.SERIAL


async def test_a_discovered_gateway_is_named_in_the_list_before_it_is_added(hass: HomeAssistant) -> None:
    await discover(hass, NOBODY)
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["title_placeholders"] == {"name": f"Smappee Genius ({genius.SERIAL})"}


@pytest.mark.usefixtures("port_of_gateways")
async def test_a_discovered_gateway_that_does_not_answer_can_be_tried_again(
    hass: HomeAssistant, broker: Mosquitto
) -> None:
    form = await discover(hass, broker.host)
    broker.stop()
    result = await submit(hass, form, {})
    assert result["step_id"] == "zeroconf_confirm"
    assert result["errors"] == {"base": "cannot_connect"}


@pytest.mark.usefixtures("port_of_gateways")
async def test_a_discovered_gateway_is_not_taken_for_the_one_that_answers(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    form = await discover(hass, broker.host, "Smappee5010099999")
    result = await gateway.during(submit(hass, form, {}))
    assert result["errors"] == {"base": "wrong_gateway"}


@pytest.mark.parametrize("name", ["workstation", "Smappee", "Smappee50x", "MySmappee5010012345"])
async def test_what_is_no_smappee_is_left_alone(hass: HomeAssistant, name: str) -> None:
    result = await discover(hass, NOBODY, name)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_a_smappee"


async def test_one_announcement_is_offered_once(hass: HomeAssistant) -> None:
    await discover(hass, NOBODY)
    result = await discover(hass, NOBODY)
    assert result["reason"] == "already_in_progress"
    assert len(hass.config_entries.flow.async_progress_by_handler(DOMAIN)) == 1


async def test_a_discovered_gateway_can_be_added_by_hand_and_is_then_no_longer_offered(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    await discover(hass, broker.host)
    result = await gateway.during(submit(hass, await start_by_hand(hass), address(broker)))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []


async def test_an_ignored_gateway_stays_ignored(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> None:
    ignored = MockConfigEntry(domain=DOMAIN, unique_id=genius.SERIAL, source=SOURCE_IGNORE, data={})
    ignored.add_to_hass(hass)
    result = await gateway.during(discover(hass, broker.host))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert ignored.data == {}


async def test_an_ignored_gateway_can_be_added_by_hand(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> None:
    MockConfigEntry(domain=DOMAIN, unique_id=genius.SERIAL, source=SOURCE_IGNORE, data={}).add_to_hass(hass)
    result = await gateway.during(submit(hass, await start_by_hand(hass), address(broker)))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert [entry.data for entry in hass.config_entries.async_entries(DOMAIN)] == [address(broker)]


async def test_a_gateway_that_has_moved_is_followed(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, elsewhere: Mosquitto, moved: Sender
) -> None:
    before = await set_up(hass, entry, gateway)
    await moved.power(elapsed_s=60)
    result = await moved.during(discover(hass, elsewhere.host))  # and the gateway is silent at the saved address
    assert result["reason"] == "already_configured"
    assert entry.data == address(elsewhere)
    await moved.during(until(lambda: entry.state is ConfigEntryState.LOADED and entry.runtime_data is not before))
    assert entry.runtime_data.gateway.available


async def test_a_gateway_that_still_sends_to_the_users_broker_is_not_followed(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, elsewhere: Mosquitto, moved: Sender
) -> None:
    before, address_before = await set_up(hass, entry, gateway), dict(entry.data)
    result = await gateway.during(discover(hass, elsewhere.host), moved)
    assert result["reason"] == "already_configured"
    assert entry.data == address_before
    assert entry.runtime_data is before


@pytest.mark.usefixtures("quick_set_up")
async def test_a_gateway_whose_broker_asks_for_a_password_now_is_not_followed(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry, elsewhere: Mosquitto, moved: Sender
) -> None:
    """It may still send there: its user is asked already."""
    broker.ask_for_a_password()
    broker.restart()
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    result = await moved.during(discover(hass, elsewhere.host))
    assert result["reason"] == "already_configured"
    assert entry.data == address(broker)


async def test_an_address_at_which_the_gateway_does_not_answer_is_not_saved(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    result = await discover(hass, NOBODY)  # and the gateway is silent at the saved address
    assert result["reason"] == "already_configured"
    assert entry.data == address(broker)


async def test_an_announcement_from_the_saved_address_changes_nothing(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, entry: MockConfigEntry
) -> None:
    before = await set_up(hass, entry, gateway)
    result = await discover(hass, broker.host)
    assert result["reason"] == "already_configured"
    assert entry.data == address(broker)
    assert entry.runtime_data is before


async def test_a_gateway_that_home_assistant_has_already_is_offered_with_a_warning(hass: HomeAssistant) -> None:
    MockConfigEntry(domain=CORE_DOMAIN, unique_id=genius.SERIAL).add_to_hass(hass)
    form = await discover(hass, NOBODY)
    assert form["step_id"] == "zeroconf_confirm_beside_core"


async def test_what_the_user_has_told_home_assistant_to_ignore_is_no_reason_to_warn(hass: HomeAssistant) -> None:
    MockConfigEntry(domain=CORE_DOMAIN, unique_id=genius.SERIAL, source=SOURCE_IGNORE).add_to_hass(hass)
    form = await discover(hass, NOBODY)
    assert form["step_id"] == "zeroconf_confirm"


async def test_another_gateway_of_home_assistants_own_integration_is_no_reason_to_warn(hass: HomeAssistant) -> None:
    MockConfigEntry(domain=CORE_DOMAIN, unique_id="5010099999").add_to_hass(hass)
    form = await discover(hass, NOBODY)
    assert form["step_id"] == "zeroconf_confirm"


@pytest.mark.usefixtures("port_of_gateways")
async def test_home_assistants_own_offer_beside_ours_is_named_and_does_not_hinder(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    pytest.importorskip("pysmappee", reason="Home Assistant's own integration needs pysmappee")
    ours = await discover(hass, broker.host)
    assert ours["step_id"] == "zeroconf_confirm"
    cores = await discover(hass, broker.host, domain=CORE_DOMAIN)
    assert cores["step_id"] == "zeroconf_confirm"
    ours = await hass.config_entries.flow.async_configure(ours["flow_id"])
    assert ours["step_id"] == "zeroconf_confirm_beside_core"
    result = await gateway.during(submit(hass, ours, {}))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("name", "is_offered"),
    [
        ("Smappee5010001234", True),
        ("Smappee2010001234", True),
        ("Smappee5110001234", False),
        ("raspberrypi", False),
    ],
)
async def test_home_assistant_recognises_what_a_gateway_announces(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, name: str, *, is_offered: bool
) -> None:
    """With Home Assistant's own matching of manifests to services."""
    offered = []
    monkeypatch.setattr(
        discovery_flow,
        "async_create_flow",
        lambda _hass, domain, context, _data, **_: offered.append((domain, context)),
    )
    service_type = "_ssh._tcp.local."
    service = AsyncServiceInfo(service_type, f"{name}.{service_type}", 22, parsed_addresses=["192.0.2.7"])
    service.server = f"{name}.local."
    matching = ZeroconfDiscovery(hass, None, await async_get_zeroconf(hass), {}, {}, _home_assistant())  # type: ignore[arg-type] # a part
    matching._async_process_service_update(service, service_type, service.name)  # noqa: SLF001 - the step before I/O
    ours = [context["source"] for domain, context in offered if domain == DOMAIN]
    assert ours == ([SOURCE_ZEROCONF] if is_offered else [])


def _home_assistant() -> ServiceInfo:
    """What Home Assistant announces of itself."""
    return ServiceInfo("_home-assistant._tcp.local.", "Home._home-assistant._tcp.local.", 8123)
