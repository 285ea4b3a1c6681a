"""The blueprints in a real Home Assistant: what they do when our entities change."""

import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

BLUEPRINTS = Path(__file__).parents[2] / "blueprints" / "automation" / "smappee_infinity"
TARGET, ALLOWED = "sensor.car_target_current", "binary_sensor.car_charging_allowed"
OVERLOAD, SHED, GRID = "binary_sensor.main_fuse_overloaded", "binary_sensor.boiler_switched_off", "sensor.grid_power"

type Told = list[tuple[str, dict[str, object]]]
type Use = Callable[[str, dict[str, object]], Awaitable[None]]


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    shutil.copytree(BLUEPRINTS, tmp_path / "blueprints" / "automation" / "smappee_infinity")
    return str(tmp_path)


@pytest.fixture
def use(hass: HomeAssistant) -> Use:
    async def use(name: str, inputs: dict[str, object]) -> None:
        blueprint = {"path": f"smappee_infinity/{name}", "input": inputs}
        assert await async_setup_component(hass, "automation", {"automation": {"use_blueprint": blueprint}})
        await hass.async_block_till_done()
        assert [state.state for state in hass.states.async_all("automation")] == ["on"]

    return use


@pytest.fixture
def told(hass: HomeAssistant) -> Told:
    """What the charger, or the phone, was told, in order."""
    told: Told = []

    @callback
    def note(call: ServiceCall) -> None:
        told.append((call.service, dict(call.data)))

    for action in ("set_current", "allow", "pause", "notify"):
        hass.services.async_register("test", action, note)
    return told


async def settle(hass: HomeAssistant, *, seconds: float = 0) -> None:
    await hass.async_block_till_done()
    if seconds:
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
        await hass.async_block_till_done()


def charger() -> dict[str, object]:
    return {
        "target_current": TARGET,
        "charging_allowed": ALLOWED,
        "set_current": [{"action": "test.set_current", "data": {"ampere": "{{ current_a }}"}}],
        "allow": [{"action": "test.allow"}],
        "pause": [{"action": "test.pause"}],
    }


@pytest.fixture
async def charging(hass: HomeAssistant, use: Use) -> None:
    hass.states.async_set(ALLOWED, "on")
    hass.states.async_set(TARGET, "16.0")
    await use("overload_balancing_by_actions.yaml", charger())


@pytest.mark.usefixtures("charging")
async def test_another_target_is_passed_on_as_a_number(hass: HomeAssistant, told: Told) -> None:
    hass.states.async_set(TARGET, "9.5")
    await settle(hass)
    assert told == [("set_current", {"ampere": 9.5})]


@pytest.mark.usefixtures("charging")
async def test_nothing_is_sent_at_the_start_or_while_nothing_is_decided(hass: HomeAssistant, told: Told) -> None:
    hass.states.async_set(TARGET, "unknown")
    hass.states.async_set(ALLOWED, "unavailable")
    hass.states.async_set(TARGET, "unavailable")
    hass.states.async_set(TARGET, "6.0")
    await settle(hass, seconds=60)
    assert told == []


type Turn = tuple[str, str]
EITHER_ORDER = pytest.mark.parametrize("turned", [(TARGET, ALLOWED), (ALLOWED, TARGET)], ids=["current", "allowed"])


@EITHER_ORDER
@pytest.mark.usefixtures("charging")
async def test_a_pause_is_passed_on(hass: HomeAssistant, told: Told, turned: Turn) -> None:
    states = {TARGET: "0.0", ALLOWED: "off"}
    for entity in turned:
        hass.states.async_set(entity, states[entity])
        await settle(hass)
    assert {action for action, _ in told} == {"pause"}


@EITHER_ORDER
async def test_the_current_is_set_before_charging_is_allowed_and_again_after(
    hass: HomeAssistant, use: Use, told: Told, turned: Turn
) -> None:
    hass.states.async_set(TARGET, "0.0")
    hass.states.async_set(ALLOWED, "off")
    await use("overload_balancing_by_actions.yaml", charger())
    states = {TARGET: "8.0", ALLOWED: "on"}
    for entity in turned:
        hass.states.async_set(entity, states[entity])
        await settle(hass)
    await settle(hass, seconds=3)
    last = [action for action, _ in told][-3:]
    assert last == ["set_current", "allow", "set_current"]
    assert {data["ampere"] for action, data in told if action == "set_current"} == {8.0}


def notification() -> dict[str, object]:
    return {
        "notify": [{"action": "test.notify", "data": {"text": "{{ message }}", "about": "{{ title }}"}}],
        "overloads": [OVERLOAD],
        "sheds": [SHED],
        "measurement": [GRID],
    }


@pytest.fixture
async def watching(hass: HomeAssistant, use: Use) -> None:
    hass.states.async_set(OVERLOAD, "off", {"friendly_name": "Main fuse Overloaded"})
    hass.states.async_set(SHED, "off", {"friendly_name": "Boiler Switched off"})
    hass.states.async_set(GRID, "1200", {"friendly_name": "Grid power"})
    await use("overload_notification.yaml", notification())


@pytest.mark.usefixtures("watching")
async def test_an_overload_is_told_when_it_lasts(hass: HomeAssistant, told: Told) -> None:
    hass.states.async_set(OVERLOAD, "on", {"friendly_name": "Main fuse Overloaded"})
    await settle(hass, seconds=20)
    assert told == []
    await settle(hass, seconds=31)
    ((_, data),) = told
    assert data["about"] == "Main fuse Overloaded"
    assert str(data["text"]).startswith("Main fuse Overloaded carries more than its limit")


@pytest.mark.usefixtures("watching")
async def test_a_short_overload_is_not_told(hass: HomeAssistant, told: Told) -> None:
    hass.states.async_set(OVERLOAD, "on")
    await settle(hass, seconds=10)
    hass.states.async_set(OVERLOAD, "off")
    await settle(hass, seconds=60)
    assert told == []


@pytest.mark.usefixtures("watching")
async def test_a_load_that_is_switched_off_is_told_at_once(hass: HomeAssistant, told: Told) -> None:
    hass.states.async_set(SHED, "on", {"friendly_name": "Boiler Switched off"})
    await settle(hass)
    assert [action for action, _ in told] == ["notify"]


@pytest.mark.usefixtures("watching")
async def test_silence_is_told_when_it_lasts(hass: HomeAssistant, told: Told) -> None:
    hass.states.async_set(GRID, "unavailable", {"friendly_name": "Grid power"})
    await settle(hass, seconds=60)
    assert told == []
    await settle(hass, seconds=121)
    ((_, data),) = told
    assert "not measured" in str(data["text"])


@pytest.mark.usefixtures("use")
async def test_every_blueprint_is_valid_and_says_what_version_it_needs(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "automation", {})
    found = await hass.data["automation_blueprints"].async_get_blueprints()
    ours = {name: blueprint for name, blueprint in found.items() if name.startswith("smappee_infinity/")}
    assert {Path(name).name for name in ours} == {path.name for path in BLUEPRINTS.iterdir()}
    assert [blueprint.validate() for blueprint in ours.values()] == [None] * len(ours)
    assert {blueprint.metadata["homeassistant"]["min_version"] for blueprint in ours.values()} == {"2026.10.0"}
