"""How often an entity may change: once per interval, and only when there is something new to show."""

import pytest
from homeassistant.components.homeassistant import SERVICE_UPDATE_ENTITY
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, EventStateReportedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event, async_track_state_report_event
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import CONF_UPDATE_INTERVAL
from tests import genius
from tests.custom_components.running import arrived, entity_id, interval_passes, set_up, show, state_of
from tests.custom_components.sender import Sender
from tests.waiting import until

G = genius.SERIAL
POWER = f"{G}_grid_power"


class Writes:
    """What is written to the state machine for one entity, whether it differs from before or not."""

    def __init__(self, hass: HomeAssistant, unique_id: str) -> None:
        self.states: list[str] = []
        watched = entity_id(hass, unique_id)
        async_track_state_change_event(hass, watched, self._write)
        async_track_state_report_event(hass, watched, self._write)

    @callback
    def _write(self, event: Event[EventStateChangedData] | Event[EventStateReportedData]) -> None:
        state = event.data["new_state"]
        assert state
        self.states.append(state.state)


async def test_many_measurements_are_written_once_per_interval(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.power(grid1=1)
    await show(hass, coordinator, gateway)
    hass.config_entries.async_update_entry(entry, options={CONF_UPDATE_INTERVAL: 60})
    await gateway.power(grid1=2)
    await arrived(coordinator, gateway)
    await interval_passes(hass)
    writes = Writes(hass, POWER)
    for power in range(10, 20):
        await gateway.power(grid1=power)
    await arrived(coordinator, gateway)
    await interval_passes(hass, 30)
    assert writes.states == []
    await interval_passes(hass, 60)
    assert writes.states == ["19"]


async def test_every_five_seconds_unless_the_user_wants_otherwise(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    options = hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    flow = await options.async_configure(menu["flow_id"], {"next_step_id": "settings"})
    assert flow["data_schema"]
    assert flow["data_schema"]({}) == {CONF_UPDATE_INTERVAL: 5}
    writes = Writes(hass, POWER)
    for power in (1, 2, 3):
        await gateway.power(grid1=power)
        await arrived(coordinator, gateway)
        await interval_passes(hass, 5)
    assert writes.states == ["1", "2", "3"]


async def test_what_does_not_differ_is_not_written(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.power(grid1=500, oven=30)
    await show(hass, coordinator, gateway)
    power, energy = Writes(hass, POWER), Writes(hass, f"{G}_grid_import_energy")
    voltage, oven = Writes(hass, f"{G}_voltage_L1"), Writes(hass, f"{G}_load_power_5500000002_0")
    for seconds in (10, 10):
        await gateway.power(elapsed_s=seconds, grid1=500, oven=31)
        await show(hass, coordinator, gateway)
    assert (power.states, voltage.states, oven.states) == ([], [], ["31"])
    assert len(energy.states) == 2


@pytest.mark.usefixtures("quickly_stale")
async def test_silence_is_shown_at_once(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    hass.config_entries.async_update_entry(entry, options={CONF_UPDATE_INTERVAL: 60})
    await interval_passes(hass, 5)
    await until(lambda: state_of(hass, POWER) == STATE_UNAVAILABLE)
    await gateway.power(elapsed_s=5, grid1=7)
    await until(lambda: state_of(hass, POWER) == "7")


async def test_a_new_ct_is_shown_at_once(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    coordinator = await set_up(hass, entry, gateway)
    hass.config_entries.async_update_entry(entry, options={CONF_UPDATE_INTERVAL: 60})
    await gateway.power(grid1=1)
    await show(hass, coordinator, gateway)
    await gateway.install([*genius.HOUSE, genius.Ct(7, "Sauna", hub="5500000003", input=0)])
    await until(lambda: "5500000003_0" in coordinator.session.site.load_by_id)
    await hass.async_block_till_done()
    assert hass.states.get("sensor.sauna_power") is not None


async def test_after_a_quiet_interval_the_next_value_is_shown_at_once(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.power(grid1=1)
    await show(hass, coordinator, gateway)
    await interval_passes(hass)
    await gateway.power(grid1=2)
    await arrived(coordinator, gateway)
    assert state_of(hass, POWER) == "2"


async def test_another_interval_needs_no_reload(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    coordinator = await set_up(hass, entry, gateway)
    writes = Writes(hass, POWER)
    hass.config_entries.async_update_entry(entry, options={CONF_UPDATE_INTERVAL: 60})
    await gateway.power(grid1=1)
    await show(hass, coordinator, gateway)
    await gateway.power(grid1=2)
    await arrived(coordinator, gateway)
    await interval_passes(hass, 30)
    hass.config_entries.async_update_entry(entry, options={CONF_UPDATE_INTERVAL: 1})
    await interval_passes(hass, 60)
    await gateway.power(grid1=3)
    await arrived(coordinator, gateway)
    await interval_passes(hass, 1)
    assert writes.states == ["1", "2", "3"]
    assert entry.runtime_data is coordinator


async def test_a_user_who_asks_for_an_update_gets_it_at_once(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    assert await async_setup_component(hass, "homeassistant", {})
    hass.config_entries.async_update_entry(entry, options={CONF_UPDATE_INTERVAL: 60})
    await gateway.power(grid1=1)
    await show(hass, coordinator, gateway)
    await gateway.power(grid1=2)
    await arrived(coordinator, gateway)
    target = {"entity_id": entity_id(hass, POWER)}
    await hass.services.async_call("homeassistant", SERVICE_UPDATE_ENTITY, target, blocking=True)
    assert state_of(hass, POWER) == "2"
