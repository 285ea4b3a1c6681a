"""Goes through the options as a user does."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.custom_components.sender import Sender
from tests.waiting import until

type Answer = dict[str, Any]


async def ask(hass: HomeAssistant, entry: MockConfigEntry, step: str, *answers: Answer) -> ConfigFlowResult:
    """Choose a step in the menu and give answers, one to each form; returns what comes then."""
    options = hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    result = await options.async_configure(menu["flow_id"], {"next_step_id": step})
    for answer in answers:
        assert result["type"] is FlowResultType.FORM
        result = await options.async_configure(result["flow_id"], answer)
    return result


async def choose(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, step: str, *answers: Answer) -> None:
    """Answer all forms of a step with something new, and wait until the entry is set up anew."""
    before = entry.runtime_data
    result = await gateway.living(ask(hass, entry, step, *answers))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await gateway.living(until(lambda: entry.runtime_data is not before))
    await gateway.living(hass.async_block_till_done())


def suggested(form: ConfigFlowResult) -> Answer:
    """What the fields of a form show at first."""
    assert form["data_schema"]
    shown = {}
    for field in form["data_schema"].schema:
        suggestion = (field.description or {}).get("suggested_value")
        shown[str(field)] = field.default() if suggestion is None and callable(field.default) else suggestion
    return shown
