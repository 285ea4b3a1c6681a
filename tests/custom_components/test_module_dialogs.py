"""The dialogs in which modules are declared: what they refuse, in which words, and when they open."""

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.declared import OUTPUT_MODULE
from tests.custom_components.output_module import FORM, TRIED, UNTRIED
from tests.custom_components.running import set_up
from tests.custom_components.sender import Sender
from tests.custom_components.subentries import add, answer, change, with_subentries
from tests.modules import OUTPUT
from tests.waiting import until


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"id": "a/b"}, "• Cellar, Identifier: must be what stands in the topic"),
        ({"name": "  "}, "• Name: must be a text"),
        ({"relay_2": "x" * 201}, "Cellar, Name of relay 2: must be a text"),
        (
            {"override": {"override": {"state_topic": "plug/+/state"}}},
            "• Cellar, Other topics and words, state_topic: must be a topic",
        ),
        ({"override": {"override": ["state_topic"]}}, "• Cellar, Other topics and words: must be a table"),
    ],
)
async def test_what_cannot_work_is_told_and_can_be_corrected(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, fields: dict[str, object], problem: str
) -> None:
    await set_up(hass, entry, gateway)
    flow = await answer(hass, gateway, await add(hass, entry, OUTPUT_MODULE), {**FORM, **fields})
    assert flow["errors"] == {"base": "not_declarable"}
    assert flow["description_placeholders"] is not None
    assert problem in flow["description_placeholders"]["problems"]
    assert (await answer(hass, gateway, flow, FORM))["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "• Cellar, Identificatie: moet zijn wat in de topic staat: letters, cijfers en . _ -, ten hoogste 40;"),
        ("fr", "• Cellar, Identifiant: doit être ce qui figure dans le sujet : lettres, chiffres et . _ -, 40 au plus"),
        ("de", "• Cellar, Kennung: muss sein, was im Topic steht: Buchstaben, Ziffern und . _ -, höchstens 40;"),
        ("es", "• Cellar, Identifier: must be what stands in the topic: letters, digits and . _ -, at most 40;"),
    ],
)
async def test_it_is_told_in_the_language_of_the_house(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, language: str, told: str
) -> None:
    hass.config.language = language
    await set_up(hass, entry, gateway)
    flow = await answer(hass, gateway, await add(hass, entry, OUTPUT_MODULE), {**FORM, "id": "a/b"})
    assert flow["description_placeholders"] is not None
    assert flow["description_placeholders"]["problems"].startswith(told)


async def test_two_modules_need_two_identifiers(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    entry = with_subentries(entry, (OUTPUT_MODULE, UNTRIED))
    await set_up(hass, entry, gateway)
    flow = await answer(hass, gateway, await add(hass, entry, OUTPUT_MODULE), FORM)
    assert flow["errors"] == {"base": "not_declarable"}
    assert flow["description_placeholders"] is not None
    said = flow["description_placeholders"]["problems"].splitlines()
    assert said[0] == f"• two modules have the identifier {OUTPUT}"


async def test_a_gateway_has_at_most_ten_modules(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    ten = [(OUTPUT_MODULE, {**UNTRIED, "id": str(number)}) for number in range(10)]
    entry = with_subentries(entry, *ten)
    await set_up(hass, entry, gateway)
    result = await add(hass, entry, OUTPUT_MODULE)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "too_many_modules")


async def test_modules_cannot_be_declared_while_the_gateway_is_away(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    await hass.config_entries.async_unload(entry.entry_id)
    result = await add(hass, entry, OUTPUT_MODULE)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_loaded")


async def test_a_dialog_waits_while_what_the_former_one_saved_is_set_up(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    """Nobody is sent away for being quick."""
    await set_up(hass, entry, gateway)
    flow = await add(hass, entry, OUTPUT_MODULE)
    await hass.config_entries.subentries.async_configure(flow["flow_id"], FORM)
    await until(lambda: entry.state is ConfigEntryState.SETUP_IN_PROGRESS)
    reconfigured = await change(hass, entry)
    steps = hass.config_entries.subentries
    trial = await gateway.living(steps.async_configure(reconfigured["flow_id"], {"next_step_id": "trial"}))
    assert (trial["type"], trial["step_id"]) == (FlowResultType.FORM, "trial")
    await gateway.living(hass.async_block_till_done())


async def test_declarations_that_this_version_cannot_take_stop_the_set_up_with_a_reason(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    entry = with_subentries(entry, (OUTPUT_MODULE, {**TRIED, "dialect": "telepathy"}))
    entry.add_to_hass(hass)
    assert not await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    assert entry.error_reason_translation_key == "not_declarable"
    placeholders = entry.error_reason_translation_placeholders
    assert placeholders == {"problems": "• Cellar, Dialect: must be one of: outputmodule, plug, not 'telepathy'"}
