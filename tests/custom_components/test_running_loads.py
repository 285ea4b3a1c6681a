"""When a load shows that it is running, and how the user says otherwise."""

import pytest
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import ATTR_DEVICE_CLASS, STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import CONF_RUNNING, DOMAIN
from custom_components.smappee_infinity.coordinator import SmappeeCoordinator
from tests import genius
from tests.custom_components.choosing import ask, choose, suggested
from tests.custom_components.running import set_up, show
from tests.custom_components.sender import Sender
from tests.waiting import until

G = genius.SERIAL
OVEN, PUMP = "5500000002_0", "5500000002_1"
USUAL = {"threshold": 10, "on_delay": 10, "off_delay": 180}


def running(hass: HomeAssistant, load: str = OVEN) -> State:
    found = er.async_get(hass).async_get_entity_id("binary_sensor", DOMAIN, f"{G}_load_running_{load}")
    assert found
    state = hass.states.get(found)
    assert state
    return state


async def live(
    hass: HomeAssistant, coordinator: SmappeeCoordinator, gateway: Sender, seconds: int, **power: int
) -> None:
    """Measure every ten seconds, then let the entities show it."""
    for _ in range(seconds // 10):
        await gateway.power(elapsed_s=10, **power)
    await show(hass, coordinator, gateway)


async def test_a_load_runs_until_it_has_rested_for_three_minutes(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    assert running(hass).state == STATE_UNKNOWN
    assert running(hass).attributes[ATTR_DEVICE_CLASS] == BinarySensorDeviceClass.RUNNING
    await live(hass, coordinator, gateway, 30, oven=2000)
    assert running(hass).state == STATE_ON
    await live(hass, coordinator, gateway, 180, oven=3)
    assert running(hass).state == STATE_ON
    await live(hass, coordinator, gateway, 10, oven=3)
    assert running(hass).state == STATE_OFF


async def test_a_load_of_several_cts_has_their_sum(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await live(hass, coordinator, gateway, 30, pump1=6, pump2=6)
    assert running(hass, PUMP).state == STATE_ON


async def test_a_load_that_is_added_later_runs_too(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.install([*genius.HOUSE, genius.Ct(7, "Sauna", hub="5500000002", input=3)])
    await until(lambda: "5500000002_3" in coordinator.session.site.load_by_id)
    for _ in range(3):
        await gateway.measure([*genius.channels(), genius.channel(7, 6000)], elapsed_s=10)
    await show(hass, coordinator, gateway)
    assert running(hass, "5500000002_3").state == STATE_ON


async def test_only_what_uses_energy_runs(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    ids = [state.entity_id for state in hass.states.async_all("binary_sensor")]
    assert sorted(ids) == ["binary_sensor.heat_pump_running", "binary_sensor.oven_running"]


async def test_a_ct_that_is_missing_is_unknown_and_not_off(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await live(hass, coordinator, gateway, 200, oven=3, pump1=1000)
    await gateway.measure(genius.channels(pump1=1000)[:-1])
    await show(hass, coordinator, gateway)
    assert (running(hass, PUMP).state, running(hass, OVEN).state) == (STATE_UNKNOWN, STATE_OFF)


@pytest.mark.usefixtures("quickly_stale")
async def test_a_silent_gateway_makes_it_unavailable(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await live(hass, coordinator, gateway, 30, oven=2000)
    await until(lambda: running(hass).state == STATE_UNAVAILABLE)


async def test_its_timer_goes_on_over_a_reload(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await live(hass, coordinator, gateway, 30, oven=2000)
    await live(hass, coordinator, gateway, 180, oven=3)
    assert await hass.config_entries.async_unload(entry.entry_id)
    gateway.second += 10
    gateway.live = genius.powers(gateway.second, oven=3)
    assert await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    assert running(hass).state == STATE_OFF


async def test_the_user_sets_the_values_of_one_load(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    form = await ask(hass, entry, "running", {"load": OVEN})
    assert suggested(form) == USUAL
    assert form["description_placeholders"] == {"load": "Oven"}
    values = {"threshold": 500, "on_delay": 0, "off_delay": 20}
    await choose(hass, gateway, entry, "running", {"load": OVEN}, values)
    assert entry.options[CONF_RUNNING] == {OVEN: values}
    assert suggested(await ask(hass, entry, "running", {"load": OVEN})) == values
    await live(hass, entry.runtime_data, gateway, 30, oven=400, pump1=400)
    assert (running(hass, OVEN).state, running(hass, PUMP).state) == (STATE_OFF, STATE_ON)


async def test_the_usual_values_need_not_be_kept(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await set_up(hass, entry, gateway)
    await choose(hass, gateway, entry, "running", {"load": OVEN}, {**USUAL, "threshold": 500})
    await choose(hass, gateway, entry, "running", {"load": OVEN}, USUAL)
    assert entry.options[CONF_RUNNING] == {}
