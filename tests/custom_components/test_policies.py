"""What the policies say of a gateway's measurements: demand and shares, kept over restarts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.running import set_up, show, state_of
from tests.custom_components.sender import Sender

QUARTER_S = 900
AVERAGE, FORECAST, PEAK, BILLED = (
    f"{genius.SERIAL}_{key}" for key in ("quarter_average", "quarter_forecast", "month_peak", "billed_peak")
)


async def live(gateway: Sender, seconds: int, power: int) -> None:
    """Measure every ten seconds."""
    for _ in range(seconds // 10):
        await gateway.power(elapsed_s=10, grid1=power)


async def until_a_quarter_begins(gateway: Sender) -> None:
    at_s = int(genius.START_MS / 1000 + gateway.second)
    await gateway.power(elapsed_s=QUARTER_S - at_s % QUARTER_S - 20, grid1=0)
    await live(gateway, 20, 0)


async def test_the_demand_of_a_quarter(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    coordinator = await set_up(hass, entry, gateway)
    assert [state_of(hass, point) for point in (AVERAGE, FORECAST, PEAK, BILLED)] == [STATE_UNKNOWN] * 4
    await until_a_quarter_begins(gateway)
    await live(gateway, 450, 6000)
    await show(hass, coordinator, gateway)
    assert state_of(hass, AVERAGE) == "3000"
    assert float(state_of(hass, FORECAST)) == pytest.approx(6000, rel=0.01)
    assert state_of(hass, PEAK) == STATE_UNKNOWN
    await live(gateway, 450, 2000)
    await show(hass, coordinator, gateway)
    assert [state_of(hass, point) for point in (AVERAGE, PEAK, BILLED)] == ["0", "4000", "4000"]


async def test_a_quarter_goes_on_over_a_reload(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    await until_a_quarter_begins(gateway)
    await live(gateway, 450, 6000)
    await hass.config_entries.async_unload(entry.entry_id)
    gateway.second += 10
    gateway.live = genius.powers(gateway.second, grid1=6000)
    await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    coordinator = entry.runtime_data
    await live(gateway, 440, 6000)
    await show(hass, coordinator, gateway)
    assert state_of(hass, PEAK) == "6000"


async def test_the_shares_of_today(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    coordinator = await set_up(hass, entry, gateway)
    for _ in range(6):
        await gateway.power(elapsed_s=10, grid1=-1000, roof=4000)
    await show(hass, coordinator, gateway)
    assert state_of(hass, f"{genius.SERIAL}_self_consumption") == "75"
    assert state_of(hass, f"{genius.SERIAL}_self_sufficiency") == "100"


async def test_a_house_without_a_grid_ct_has_no_demand(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await gateway.install([genius.Ct(4, "Oven", hub="5500000002")])
    await set_up(hass, entry, gateway)
    names = [state.entity_id for state in hass.states.async_all("sensor")]
    assert not [name for name in names if "quarter" in name or "today" in name]


async def test_totals_that_an_earlier_version_stored_go_on(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    key = f"{DOMAIN}.{entry.entry_id}"
    measured_at = datetime(2021, 1, 1, tzinfo=UTC).timestamp()
    totals = {"import_j": 7_200_000.0, "export_j": 0.0, "solar_j": None, "house_j": None, "approximated": False}
    session = {"clock": 5.0, "measured_at": measured_at, "site_energy": {"totals": totals}}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": session}
    await set_up(hass, entry, gateway)
    assert float(state_of(hass, f"{genius.SERIAL}_grid_import_energy")) == pytest.approx(2.0, abs=0.01)
