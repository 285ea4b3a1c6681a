"""Subentries: made beforehand, or through their flows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigSubentryData, SubentryFlowResult
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from tests.custom_components.sender import Sender


def with_subentries(
    entry: MockConfigEntry, *declared: tuple[str, Mapping[str, Any]], entry_id: str | None = None
) -> MockConfigEntry:
    """The same entry, to which its owner has added `(kind, table)`."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=entry.title,
        unique_id=entry.unique_id,
        data=dict(entry.data),
        entry_id=entry_id,
        subentries_data=[
            ConfigSubentryData(
                data=MappingProxyType(dict(table)),
                subentry_type=kind,
                title=str(table.get("name", table["id"])),
                unique_id=str(table["id"]),
            )
            for kind, table in declared
        ],
    )


async def add(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> SubentryFlowResult:
    """Begin to add a subentry."""
    return await hass.config_entries.subentries.async_init((entry.entry_id, kind), context={"source": SOURCE_USER})


async def change(hass: HomeAssistant, entry: MockConfigEntry) -> SubentryFlowResult:
    """Begin to change the only subentry."""
    (subentry_id,) = entry.subentries
    flow: SubentryFlowResult = await entry.start_subentry_reconfigure_flow(hass, subentry_id)
    return flow


async def answer(
    hass: HomeAssistant, gateway: Sender, flow: SubentryFlowResult, given: dict[str, Any]
) -> SubentryFlowResult:
    """Answer a form, while the gateway measures on: the entry may be set up anew."""
    steps = hass.config_entries.subentries
    result: SubentryFlowResult = await gateway.living(steps.async_configure(flow["flow_id"], given))
    await gateway.living(hass.async_block_till_done())
    return result
