"""Relays of Output modules: declared, tried under their owner's eyes, and only then switched."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import (
    ATTR_ASSUMED_STATE,
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity._vendor.smappee_gateway import commands
from custom_components.smappee_infinity.const import ACTION_TURN_ON_FOR, ATTR_DURATION, DOMAIN
from custom_components.smappee_infinity.declared import OUTPUT_MODULE
from tests import genius
from tests.custom_components.output_module import FORM, TRIED, UNTRIED, FakeModule, listening
from tests.custom_components.running import interval_passes, set_up
from tests.custom_components.sender import Sender
from tests.custom_components.subentries import add, answer, change, with_subentries
from tests.modules import BOILER, OUTPUT, TOWELS
from tests.mosquitto import Mosquitto
from tests.waiting import until


@pytest.fixture
async def module(broker: Mosquitto, gateway: Sender) -> AsyncIterator[FakeModule]:
    """Both relays off, known before Home Assistant comes."""
    async with listening(broker, gateway) as module:
        await module.tell("OFF_OFF")
        yield module


@pytest.fixture
async def tried(hass: HomeAssistant, gateway: Sender, module: FakeModule, entry: MockConfigEntry) -> MockConfigEntry:
    """A module that has passed its trial."""
    entry = with_subentries(entry, (OUTPUT_MODULE, TRIED))
    await set_up(hass, entry, gateway)
    await until(lambda: shown(hass, BOILER).state == STATE_OFF)
    assert not module.commands
    return entry


@pytest.fixture
async def untried(hass: HomeAssistant, gateway: Sender, module: FakeModule, entry: MockConfigEntry) -> MockConfigEntry:
    """A module that nobody has tried."""
    entry = with_subentries(entry, (OUTPUT_MODULE, UNTRIED))
    coordinator = await set_up(hass, entry, gateway)
    await until(lambda: coordinator.session.readings.relays[BOILER].on is False)
    assert not module.commands
    return entry


def entity_id(hass: HomeAssistant, relay: str, domain: str = "switch", suffix: str = "") -> str | None:
    return er.async_get(hass).async_get_entity_id(domain, DOMAIN, f"{genius.SERIAL}_relay_{relay}{suffix}")


def shown(hass: HomeAssistant, relay: str) -> State:
    found = entity_id(hass, relay)
    assert found is not None
    state = hass.states.get(found)
    assert state is not None
    return state


async def act(hass: HomeAssistant, action: str, relay: str) -> None:
    await hass.services.async_call("switch", action, {ATTR_ENTITY_ID: shown(hass, relay).entity_id}, blocking=True)


async def test_a_declared_module_is_not_switched_before_its_trial(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    result = await answer(hass, gateway, await add(hass, entry, OUTPUT_MODULE), FORM)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert (subentry.title, subentry.unique_id, dict(subentry.data)) == ("Cellar", OUTPUT, UNTRIED)
    await until(lambda: entry.runtime_data.session.readings.relays[BOILER].on is False)
    assert entity_id(hass, BOILER) is None
    assert not module.commands


async def test_a_module_that_speaks_is_offered(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await until(lambda: bool(coordinator.decoder.seen_modules))
    form = await add(hass, entry, OUTPUT_MODULE)
    assert form["data_schema"] is not None
    (field,) = (value for name, value in form["data_schema"].schema.items() if name == "id")
    assert field.config["options"] == [OUTPUT]
    assert not module.commands


async def trial(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> SubentryFlowResult:
    """Begin a trial."""
    menu = await change(hass, entry)
    assert menu["type"] is FlowResultType.MENU
    form = await answer(hass, gateway, menu, {"next_step_id": "trial"})
    assert form["description_placeholders"] == {"relays": "Boiler, Towels"}
    return form


async def test_a_trial_switches_each_relay_there_and_back(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, untried: MockConfigEntry
) -> None:
    flow = await trial(hass, gateway, untried)
    flow = await answer(hass, gateway, flow, {"ready": True})
    steps = (("on", "Boiler"), ("off", "Boiler"), ("on", "Towels"), ("off", "Towels"))
    for number, (step, name) in enumerate(steps):
        assert flow["step_id"] == f"switch_{step}"
        assert len(module.commands) == number
        flow = await answer(hass, gateway, flow, {})
        assert flow["step_id"] == f"seen_{step}"
        assert flow["description_placeholders"] == {"name": name, "serial": genius.SERIAL}
        assert len(module.commands) == number + 1
        flow = await answer(hass, gateway, flow, {"seen": "yes"})
    assert module.commands == ["ON_OFF", "OFF_OFF", "OFF_ON", "OFF_OFF"]
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "trial_passed")
    await until(lambda: entity_id(hass, BOILER) is not None and shown(hass, TOWELS).state == STATE_OFF)
    await act(hass, SERVICE_TURN_ON, TOWELS)
    assert shown(hass, TOWELS).state == STATE_ON


async def test_a_trial_does_not_begin_before_its_owner_is_ready(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, untried: MockConfigEntry
) -> None:
    flow = await answer(hass, gateway, await trial(hass, gateway, untried), {"ready": False})
    assert (flow["step_id"], flow["errors"]) == ("trial", {"base": "not_ready"})
    assert not module.commands


async def test_a_relay_that_did_something_else_is_put_back_and_stays_untried(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, untried: MockConfigEntry
) -> None:
    flow = await answer(hass, gateway, await trial(hass, gateway, untried), {"ready": True})
    flow = await answer(hass, gateway, await answer(hass, gateway, flow, {}), {"seen": "no"})
    assert (flow["type"], flow["reason"]) == (FlowResultType.ABORT, "trial_failed")
    assert flow["description_placeholders"] == {"relay": "Boiler"}
    assert module.commands == ["ON_OFF", "OFF_OFF"]
    assert entity_id(hass, BOILER) is None


async def test_a_trial_without_an_answer_can_be_tried_again(
    hass: HomeAssistant,
    gateway: Sender,
    module: FakeModule,
    untried: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commands, "CONFIRMATION_TIMEOUT_S", 0.5)
    module.answers = False
    flow = await answer(hass, gateway, await trial(hass, gateway, untried), {"ready": True})
    flow = await answer(hass, gateway, flow, {})
    assert (flow["step_id"], flow["errors"]) == ("switch_on", {"base": "not_confirmed"})
    module.answers = True
    flow = await answer(hass, gateway, flow, {})
    assert flow["step_id"] == "seen_on"
    assert module.commands == ["ON_OFF", "ON_OFF"]


async def test_new_names_keep_a_trial_and_new_words_do_not(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, tried: MockConfigEntry
) -> None:
    async def edit(**fields: object) -> dict[str, Any]:
        form = await answer(hass, gateway, await change(hass, tried), {"next_step_id": "edit"})
        result = await answer(hass, gateway, form, {**FORM, **fields})
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
        (subentry,) = tried.subentries.values()
        return dict(subentry.data)

    assert await edit(name="Attic", relay_1="Heater") == {**TRIED, "name": "Attic", "relays": ["Heater", "Towels"]}
    assert shown(hass, BOILER).name == "Attic Heater"
    assert (await edit(dialect="plug"))["tried"] is False
    assert shown(hass, BOILER).state == STATE_UNAVAILABLE
    assert not module.commands


async def test_a_relay_is_assumed_until_its_module_answers(
    hass: HomeAssistant, module: FakeModule, tried: MockConfigEntry
) -> None:
    assert shown(hass, BOILER).attributes[ATTR_ASSUMED_STATE] is True
    await act(hass, SERVICE_TURN_ON, BOILER)
    assert (shown(hass, BOILER).state, shown(hass, TOWELS).state) == (STATE_ON, STATE_OFF)
    assert ATTR_ASSUMED_STATE not in shown(hass, BOILER).attributes
    assert module.commands == ["ON_OFF"]
    assert tried.runtime_data.gateway.available


async def test_without_an_echo_the_old_state_stays_and_the_user_is_told(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, tried: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "CONFIRMATION_TIMEOUT_S", 0.5)
    module.answers = False
    with pytest.raises(HomeAssistantError, match="has not confirmed the command for Boiler"):
        await gateway.during(act(hass, SERVICE_TURN_ON, BOILER))
    assert shown(hass, BOILER).state == STATE_OFF
    with pytest.raises(HomeAssistantError, match="the state of the other relay of its module is not known"):
        await act(hass, SERVICE_TURN_ON, TOWELS)
    assert module.commands == ["ON_OFF"]
    assert tried.runtime_data.gateway.available


async def test_what_somebody_else_switches_is_shown(
    hass: HomeAssistant, module: FakeModule, tried: MockConfigEntry
) -> None:
    await module.tell("OFF_ON")
    await until(lambda: shown(hass, TOWELS).state == STATE_ON)
    await module.tell("SOMETHING")
    await until(lambda: bool(tried.runtime_data.decoder.unreadable))
    assert shown(hass, TOWELS).state == STATE_ON
    assert not module.commands


async def test_off_takes_the_power_from_what_hangs_on_the_nc_contact(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, entry: MockConfigEntry
) -> None:
    await set_up(hass, with_subentries(entry, (OUTPUT_MODULE, {**TRIED, "normally_closed": [1]})), gateway)
    await until(lambda: shown(hass, BOILER).state == STATE_ON)
    await act(hass, SERVICE_TURN_OFF, BOILER)
    assert module.commands == ["ON_OFF"]
    assert shown(hass, BOILER).state == STATE_OFF


async def test_relays_that_act_as_one_bear_the_name_of_their_module(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, entry: MockConfigEntry
) -> None:
    await set_up(hass, with_subentries(entry, (OUTPUT_MODULE, {**TRIED, "combined": True, "relays": []})), gateway)
    await until(lambda: shown(hass, BOILER).state == STATE_OFF)
    assert shown(hass, BOILER).name == "Cellar"
    await act(hass, SERVICE_TURN_ON, BOILER)
    assert module.commands == ["ON_ON"]


async def test_a_relay_goes_off_again_after_a_reload(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, tried: MockConfigEntry
) -> None:
    data = {ATTR_ENTITY_ID: shown(hass, BOILER).entity_id, ATTR_DURATION: {"seconds": 10}}
    await hass.services.async_call(DOMAIN, ACTION_TURN_ON_FOR, data, blocking=True)
    timer = hass.states.get(entity_id(hass, BOILER, "sensor", "_switches_off_at") or "")
    assert timer is not None
    assert timer.name == "Cellar Boiler switches off at"
    assert timer.state != STATE_UNKNOWN
    await gateway.living(hass.config_entries.async_reload(tried.entry_id))
    await until(lambda: shown(hass, BOILER).state == STATE_ON)
    assert module.commands == ["ON_OFF"]
    await interval_passes(hass, 11)
    await until(lambda: shown(hass, BOILER).state == STATE_OFF)
    assert module.commands == ["ON_OFF", "OFF_OFF"]


async def test_a_removed_module_takes_its_devices_and_entities_along(
    hass: HomeAssistant, gateway: Sender, module: FakeModule, tried: MockConfigEntry
) -> None:
    (subentry_id,) = tried.subentries
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier(
        (DOMAIN, f"{genius.SERIAL}_module_{OUTPUT}"), config_entry_id=tried.entry_id
    )
    assert device is not None
    assert (device.name, device.model, device.config_subentry_id) == ("Cellar", "Output module", subentry_id)
    hass.config_entries.async_remove_subentry(tried, subentry_id)
    await gateway.living(hass.async_block_till_done())
    assert entity_id(hass, BOILER) is None
    assert registry.async_get(device.id) is None
    assert not module.commands
