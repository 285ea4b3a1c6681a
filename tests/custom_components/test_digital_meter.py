"""Entities of another integration that tell what the digital meter has registered: they win."""

import logging

import pytest
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import InvalidData
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import CONF_DIGITAL_METER
from tests import genius
from tests.custom_components.choosing import ask, choose, suggested
from tests.custom_components.running import entity_id, interval_passes, set_up, show, state_of
from tests.custom_components.sender import Sender
from tests.custom_components.test_policies import AVERAGE, BILLED, FORECAST, PEAK, live, until_a_quarter_begins

THEIRS = {
    "quarter_average": "sensor.p1_average",
    "month_peak": "sensor.p1_month_peak",
    "billed_peak": "sensor.p1_mean_of_peaks",
}


def tell(hass: HomeAssistant, point: str, value: float | str, unit: str | None = "W") -> None:
    """Let the other integration show a value."""
    attributes = {"device_class": "power", **({"unit_of_measurement": unit} if unit else {})}
    hass.states.async_set(THEIRS[point], str(value), attributes)


async def test_what_they_say_is_shown_in_our_unit_and_followed(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    tell(hass, "quarter_average", 1.234, "kW")
    tell(hass, "month_peak", 4321)
    tell(hass, "billed_peak", 0.0039, "MW")
    await set_up(hass, entry, gateway)
    await choose(hass, gateway, entry, "digital_meter", THEIRS)
    assert [state_of(hass, point) for point in (AVERAGE, PEAK, BILLED)] == ["1234", "4321", "3900"]
    tell(hass, "month_peak", 5000)
    await interval_passes(hass)
    assert state_of(hass, PEAK) == "5000"


async def test_the_forecast_starts_from_their_average(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    await choose(hass, gateway, entry, "digital_meter", THEIRS)
    coordinator = entry.runtime_data
    await until_a_quarter_begins(gateway)
    await live(gateway, 450, 6000)
    await show(hass, coordinator, gateway)
    assert float(state_of(hass, FORECAST)) == pytest.approx(6000, rel=0.01)
    tell(hass, "quarter_average", 1.0, "kW")
    await interval_passes(hass)
    assert state_of(hass, AVERAGE) == "1000"
    assert float(state_of(hass, FORECAST)) == pytest.approx(1000 + 3000, rel=0.01)


@pytest.mark.parametrize(
    "said",
    [(STATE_UNKNOWN, "W"), (STATE_UNAVAILABLE, "W"), ("nan", "W"), ("1000", None), ("1000", "kWh")],
)
async def test_what_they_do_not_say_is_our_own(
    hass: HomeAssistant,
    gateway: Sender,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    said: tuple[str, str | None],
) -> None:
    caplog.set_level(logging.DEBUG, "custom_components.smappee_infinity")
    await set_up(hass, entry, gateway)
    await choose(hass, gateway, entry, "digital_meter", THEIRS)
    await until_a_quarter_begins(gateway)
    await live(gateway, 450, 6000)
    tell(hass, "quarter_average", 1000)
    await show(hass, entry.runtime_data, gateway)
    assert state_of(hass, AVERAGE) == "1000"
    tell(hass, "quarter_average", *said)
    await interval_passes(hass)
    assert state_of(hass, AVERAGE) == "3000"
    tell(hass, "quarter_average", 1100)
    await interval_passes(hass)
    assert state_of(hass, AVERAGE) == "1100"
    silent = f"{THEIRS['quarter_average']} tells no power now"
    assert caplog.text.count(silent) == 2  # before it was there, and now
    assert caplog.text.count(f"{THEIRS['quarter_average']} tells a power again") == 2


async def test_what_is_left_empty_is_no_longer_named(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    for point in THEIRS:
        tell(hass, point, 7000)
    await set_up(hass, entry, gateway)
    await choose(hass, gateway, entry, "digital_meter", THEIRS)
    assert suggested(await ask(hass, entry, "digital_meter")) == THEIRS
    only_peak = {"month_peak": THEIRS["month_peak"]}
    await choose(hass, gateway, entry, "digital_meter", only_peak)
    assert entry.options == {CONF_DIGITAL_METER: only_peak}
    assert [state_of(hass, point) for point in (AVERAGE, PEAK, BILLED)] == [STATE_UNKNOWN, "7000", STATE_UNKNOWN]


async def test_our_own_entities_cannot_be_named(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    ours = entity_id(hass, f"{genius.SERIAL}_month_peak")
    with pytest.raises(InvalidData):
        await ask(hass, entry, "digital_meter", {"month_peak": ours})


async def test_what_others_say_after_the_gateway_is_gone_changes_nothing(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    tell(hass, "month_peak", 4000)
    await set_up(hass, entry, gateway)
    await choose(hass, gateway, entry, "digital_meter", THEIRS)
    policies = entry.runtime_data.policies
    assert await hass.config_entries.async_unload(entry.entry_id)
    tell(hass, "month_peak", 5000)
    await interval_passes(hass)
    assert state_of(hass, PEAK) == STATE_UNAVAILABLE
    assert policies.answers.demand.month_peak_w == 4000
