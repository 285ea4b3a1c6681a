"""CTs that come, go, are renamed or renumbered while Home Assistant runs."""

from dataclasses import replace

import pytest
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.running import entity_id, set_up, show, state_of
from tests.custom_components.sender import Sender
from tests.waiting import until

G = genius.SERIAL
OVEN_KEY, SAUNA_KEY = "5500000002_0", "5500000003_0"
OVEN, SAUNA = f"{G}_load_power_{OVEN_KEY}", f"{G}_load_power_{SAUNA_KEY}"
SAUNA_CT = genius.Ct(7, "Sauna", hub="5500000003", input=0)
WITHOUT_OVEN = [ct for ct in genius.HOUSE if ct.name != "Oven"]


async def test_a_new_ct_becomes_a_device_with_entities(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.install([*genius.HOUSE, SAUNA_CT])
    await until(lambda: device(hass, SAUNA_KEY) is not None)
    await gateway.measure([genius.channel(7, 6000, 3_600_000)])
    await show(hass, coordinator, gateway)
    await gateway.measure([genius.channel(7, 6000, 3_600_000)])
    await show(hass, coordinator, gateway)
    assert state_of(hass, SAUNA) == "6000"
    assert state_of(hass, f"{G}_load_import_energy_{SAUNA_KEY}") == "1.0"
    sauna = device(hass, SAUNA_KEY)
    assert sauna
    assert sauna.name == "Sauna"
    assert sauna.via_device_id is not None
    assert entry.runtime_data is coordinator


async def test_a_ct_that_is_gone_is_unavailable_and_the_others_go_on(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.install(WITHOUT_OVEN)
    await until(lambda: state_of(hass, OVEN) == STATE_UNAVAILABLE)
    await gateway.power(grid1=99)
    await show(hass, coordinator, gateway)
    assert state_of(hass, OVEN) == STATE_UNAVAILABLE
    assert state_of(hass, f"{G}_channel_current_{OVEN_KEY}") == STATE_UNAVAILABLE
    assert state_of(hass, f"{G}_grid_power") == "99"


async def test_a_ct_that_returns_goes_on(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.install(WITHOUT_OVEN)
    await until(lambda: state_of(hass, OVEN) == STATE_UNAVAILABLE)
    await gateway.install(genius.HOUSE)
    await until(lambda: state_of(hass, OVEN) != STATE_UNAVAILABLE)
    await gateway.power(oven=2000)
    await show(hass, coordinator, gateway)
    assert state_of(hass, OVEN) == "2000"
    assert "does not generate unique IDs" not in caplog.text


async def test_only_what_is_gone_can_be_deleted(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    assert not await may_delete(hass, OVEN_KEY)
    assert not await may_delete(hass, None)
    await gateway.install(WITHOUT_OVEN)
    await until(lambda: state_of(hass, OVEN) == STATE_UNAVAILABLE)
    assert await may_delete(hass, OVEN_KEY)
    assert not await may_delete(hass, "5500000002_1")


async def test_nothing_can_be_deleted_while_it_is_not_known_what_is_gone(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    await hass.config_entries.async_unload(entry.entry_id)
    assert not await may_delete(hass, OVEN_KEY)


async def test_a_deleted_ct_that_returns_is_shown_again(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.install(WITHOUT_OVEN)
    await until(lambda: state_of(hass, OVEN) == STATE_UNAVAILABLE)
    assert await may_delete(hass, OVEN_KEY)
    oven = device(hass, OVEN_KEY)
    assert oven
    dr.async_get(hass).async_remove_device(oven.id)
    await hass.async_block_till_done()
    assert er.async_get(hass).async_get_entity_id("sensor", DOMAIN, OVEN) is None
    await gateway.install(genius.HOUSE)
    await until(lambda: device(hass, OVEN_KEY) is not None)
    await gateway.power(oven=2000)
    await show(hass, coordinator, gateway)
    assert state_of(hass, OVEN) == "2000"
    assert er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{G}_load_export_energy_{OVEN_KEY}")
    assert "does not generate unique IDs" not in caplog.text


async def test_a_ct_that_joins_another_load_moves_to_its_device(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    current = entity_id(hass, f"{G}_channel_current_{OVEN_KEY}")
    joined = [replace(ct, name="Heat pump") if ct.name == "Oven" else ct for ct in genius.HOUSE]
    await gateway.install(joined)
    await gateway.living(until(lambda: entry.runtime_data is not coordinator))
    await gateway.living(hass.async_block_till_done())
    entity = er.async_get(hass).async_get(current)
    heat_pump = device(hass, OVEN_KEY)
    assert entity
    assert heat_pump
    assert (entity.device_id, entity.original_name) == (heat_pump.id, "Current 1")
    assert heat_pump.name == "Heat pump"


async def test_a_renamed_load_renames_its_device_and_keeps_its_entities(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    before = entity_id(hass, OVEN)
    await gateway.install(renamed("Oven", "Bakery"))
    await until(lambda: name(hass, OVEN_KEY) == "Bakery")
    assert entity_id(hass, OVEN) == before


async def test_a_name_given_by_the_user_wins(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    oven = device(hass, OVEN_KEY)
    assert oven
    dr.async_get(hass).async_update_device(oven.id, name_by_user="Pizza oven")
    await gateway.install(renamed("Oven", "Bakery"))
    await until(lambda: name(hass, OVEN_KEY) == "Bakery")
    oven = device(hass, OVEN_KEY)
    assert oven
    assert oven.name_by_user == "Pizza oven"


async def test_renumbered_cts_keep_their_entities(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    """The number of the live messages belongs to the gateway, the place where a CT is plugged in to its entities."""
    coordinator = await set_up(hass, entry, gateway)
    unique_ids = {item.unique_id for item in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)}
    await gateway.measure(numbered(100))
    await show(hass, coordinator, gateway)
    turned_round = [replace(ct, index=len(genius.HOUSE) - 1 - ct.index) for ct in genius.HOUSE]
    await gateway.install(turned_round)
    await until(lambda: coordinator.session.site.channels[0].index != 0)
    await gateway.measure(numbered(200))
    await show(hass, coordinator, gateway)
    assert state_of(hass, OVEN) == "202"
    assert state_of(hass, f"{G}_solar_power") == "203"
    assert state_of(hass, f"{G}_grid_power") == str(204 + 205 + 206)
    now = {item.unique_id for item in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)}
    assert now == unique_ids


async def test_new_firmware_is_shown(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    await gateway.send("config", {**genius.config(), "firmwareVersion": "V5.0.0"}, retain=True)
    await until(lambda: (hub := device(hass, None)) is not None and hub.sw_version == "V5.0.0")


def renamed(old: str, new: str) -> list[genius.Ct]:
    return [replace(ct, name=new) if ct.name == old else ct for ct in genius.HOUSE]


def numbered(first: int) -> list[dict[str, object]]:
    """Channel powers that tell their number."""
    return [genius.channel(index, first + index, 36_000_000) for index in range(len(genius.HOUSE))]


def device(hass: HomeAssistant, key: str | None) -> dr.DeviceEntry | None:
    """The device of a load, or of the gateway."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    identifier = (DOMAIN, G if key is None else f"{G}_{key}")
    return dr.async_get(hass).async_get_device_by_identifier(identifier, config_entry_id=entry.entry_id)


def name(hass: HomeAssistant, key: str) -> str | None:
    found = device(hass, key)
    return found.name if found else None


async def may_delete(hass: HomeAssistant, key: str | None) -> bool:
    """Ask as Home Assistant does when the user deletes a device."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    found = device(hass, key)
    assert found
    component = hass.data["components"][DOMAIN]
    allowed: bool = await component.async_remove_config_entry_device(hass, entry, found)
    return allowed
