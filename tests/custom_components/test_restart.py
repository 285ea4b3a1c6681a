"""Totals over reloads and restarts, with real files; damaged files; what remains of an entry that is removed."""

import json
from pathlib import Path
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.conftest import entry_for
from tests.custom_components.running import arrived, home_assistant_again, interval_passes, set_up, show, state_of
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto

G = genius.SERIAL
IMPORT, SOLAR, HOUSE = f"{G}_grid_import_energy", f"{G}_solar_energy", f"{G}_house_energy"
OVEN, PUMP = f"{G}_load_import_energy_5500000002_0", f"{G}_load_import_energy_5500000002_1"
TOTALS = (IMPORT, SOLAR, HOUSE, OVEN, PUMP)


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Home Assistant keeps what it stores in memory during tests; here it has files."""
    return {}


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    return hass_tmp_config_dir


@pytest.fixture
def stored(hass_config_dir: str, entry: MockConfigEntry) -> Path:
    """The file with the totals."""
    return Path(hass_config_dir) / ".storage" / f"{DOMAIN}.{entry.entry_id}"


async def test_totals_continue_over_a_reload(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await used_for_a_while(hass, gateway, entry)
    before = totals(hass)
    assert before == (0.02, 0.01, 0.03, 10.0, 20.0)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await gateway.power(elapsed_s=1, grid1=3600, roof=3600)
    await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    assert entry.state is ConfigEntryState.LOADED
    assert all(after >= earlier for after, earlier in zip(totals(hass), before, strict=True))
    assert totals(hass) == (0.021, 0.011, 0.032, 10.0, 20.0)


async def test_what_was_counted_while_the_entry_was_unloaded_is_filled_in(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await used_for_a_while(hass, gateway, entry)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await gateway.power(elapsed_s=600, imported=37_080_000)
    await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    await interval_passes(hass)
    # 0.3 kWh in each CT: three of the grid, one of the roof, and two of the heat pump.
    assert totals(hass) == (0.92, 0.31, 1.23, 10.3, 20.6)


async def test_totals_continue_when_home_assistant_restarts(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, broker: Mosquitto
) -> None:
    await used_for_a_while(hass, gateway, entry)
    await hass.async_stop()
    await gateway.power(elapsed_s=600, imported=37_080_000)
    async with home_assistant_again(hass) as second:
        again = MockConfigEntry(
            domain=DOMAIN, entry_id=entry.entry_id, unique_id=entry.unique_id, data=entry_for(broker, G).data
        )
        await set_up(second, again, gateway)
        assert totals(second) == (0.92, 0.31, 1.23, 10.3, 20.6)


async def test_a_gateway_that_counts_from_zero_after_a_restart_turns_no_total_back(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await used_for_a_while(hass, gateway, entry)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await gateway.send("config", genius.config(boot_ms=genius.BOOT_MS + 900_000), retain=True)
    await gateway.power(elapsed_s=600, imported=360_000)
    await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    await interval_passes(hass)
    assert totals(hass) == (0.32, 0.11, 0.43, 10.1, 20.2)


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\xff garbage",
        b"[]",
        b"{}",
        b'{"key": "k"}',
        b'{"version": 1, "minor_version": 1, "key": "k", "data": {"clock": "yesterday"}}',
        b'{"version": 1, "minor_version": 1, "key": "k", "data": 7}',
        b'{"version": 99, "minor_version": 1, "key": "k", "data": {}}',
    ],
    ids=["no JSON", "a list", "nothing", "no version", "wrong types", "a number", "from the future"],
)
async def test_a_damaged_file_costs_the_totals_not_the_start(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, stored: Path, content: bytes
) -> None:
    damage(stored, content)
    await used_for_a_while(hass, gateway, entry)
    assert totals(hass) == (0.02, 0.01, 0.03, 10.0, 20.0)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert stored_import_j(stored) == 72_000


async def test_lost_totals_are_named_in_the_log_but_not_at_the_first_start(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, stored: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await set_up(hass, entry, gateway)
    assert "unreadable" not in caplog.text
    assert await hass.config_entries.async_unload(entry.entry_id)
    damage(stored, b"[]")
    await gateway.power()
    await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    assert caplog.text.count("The stored energy totals are unreadable and start again") == 1


async def test_totals_are_written_now_and_then(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, stored: Path
) -> None:
    await used_for_a_while(hass, gateway, entry)
    assert stored_import_j(stored) is None
    await interval_passes(hass, 301)
    assert stored_import_j(stored) == 72_000


async def test_a_removed_entry_leaves_no_file(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, stored: Path
) -> None:
    await used_for_a_while(hass, gateway, entry)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert stored_import_j(stored) == 72_000
    await hass.config_entries.async_remove(entry.entry_id)
    assert stored_import_j(stored) is None


async def test_an_entry_that_is_removed_while_it_runs_leaves_no_file(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, stored: Path
) -> None:
    await used_for_a_while(hass, gateway, entry)
    await gateway.power()
    await arrived(entry.runtime_data, gateway)
    await hass.config_entries.async_remove(entry.entry_id)
    for seconds in (6, 301):
        await interval_passes(hass, seconds)
    assert stored_import_j(stored) is None


async def used_for_a_while(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    """Twenty seconds of 3.6 kW from the grid, ten of them with as much from the roof."""
    coordinator = await set_up(hass, entry, gateway)
    await gateway.power(elapsed_s=10, grid1=3600, roof=3600)
    await gateway.power(elapsed_s=10, grid1=3600)
    await show(hass, coordinator, gateway)


def stored_import_j(stored: Path) -> float | None:
    """The grid import in the file; None when there is no file."""
    if not stored.exists():
        return None
    total: float = json.loads(stored.read_bytes())["data"]["session"]["site_energy"]["totals"]["import_j"]
    return total


def damage(stored: Path, content: bytes) -> None:
    stored.parent.mkdir(exist_ok=True)
    stored.write_bytes(content)


def totals(hass: HomeAssistant) -> tuple[float, ...]:
    return tuple(float(state_of(hass, unique_id)) for unique_id in TOTALS)
