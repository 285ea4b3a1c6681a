"""Nonsense of foreign entities, chargers that vanish, lines that get lost: the safe side wins, and it is said."""

from typing import Any

import pytest
from homeassistant.const import STATE_OFF
from homeassistant.core import HomeAssistant, ServiceCall, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity._vendor.energy_control.balancing import shedding
from custom_components.smappee_infinity._vendor.energy_control.balancing.reading import Limit
from custom_components.smappee_infinity.balancing import foreign, repairs
from custom_components.smappee_infinity.balancing.const import CIRCUIT, EV_CHARGER
from custom_components.smappee_infinity.balancing.memory import Clock
from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.balanced import (
    ALLOWED,
    CHARGER,
    CHARGER_ID,
    CURRENT,
    HOUSE_W,
    LAMP,
    MAIN,
    MAIN_ID,
    THE_CHARGER,
    THE_LAMP,
    THE_MAIN_FUSE,
    Declared,
    Recorder,
    add_helpers,
    balanced,
    enable,
    measured,
    shown,
)
from tests.custom_components.conftest import entry_for
from tests.custom_components.running import arrived, set_up
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto
from tests.waiting import until

LIMIT, POWER, STATUS = "sensor.limit", "sensor.charger_power", "sensor.charger_status"
CHARGING_W = {"grid2": 3910, "oven": 3680}


@pytest.fixture
def declared() -> tuple[Declared, ...]:
    return (THE_MAIN_FUSE, THE_CHARGER)


@pytest.fixture
def entry(broker: Mosquitto, declared: tuple[Declared, ...]) -> MockConfigEntry:
    return balanced(entry_for(broker, genius.SERIAL), *declared)


@pytest.fixture
async def home(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> MockConfigEntry:
    gateway.live = genius.powers(0, **{**HOUSE_W, **CHARGING_W})
    await set_up(hass, entry, gateway)
    await measured(entry, gateway, **CHARGING_W)
    return entry


@pytest.mark.parametrize(
    ("value", "unit", "current_a", "power_w"),
    [
        ("16", "A", 16.0, None),
        ("16000", "mA", 16.0, None),
        ("16", None, 16.0, None),
        ("7.4", "kW", None, 7400.0),
        ("7400", "W", None, 7400.0),
        ("0", "A", 0.0, None),
        *((value, "A", None, None) for value in ("nan", "inf", "-1", "1e9", "sixteen", "", "16 A")),
        *((value, "W", None, None) for value in ("nan", "-inf", "-5", "1e12", "many")),
        ("16", "°C", None, None),
        ("16", "kWh", None, None),
    ],
)
def test_only_what_is_surely_a_number_in_a_known_unit_counts(
    value: str, unit: str | None, current_a: float | None, power_w: float | None
) -> None:
    state = State("sensor.x", value, {} if unit is None else {"unit_of_measurement": unit})
    assert (foreign.current_a(state), foreign.power_w(state)) == (current_a, power_w)


@pytest.mark.parametrize("word", ["unavailable", "unknown", ""])
async def test_an_entity_that_says_nothing_is_unknown(hass: HomeAssistant, word: str) -> None:
    hass.states.async_set("switch.x", word)
    assert foreign.state_of(hass, "switch.x") is None
    assert foreign.state_of(hass, "switch.missing") is None


@pytest.mark.parametrize("declared", [((*THE_MAIN_FUSE[:3], {**MAIN, "limit_entity": LIMIT}), THE_CHARGER)])
@pytest.mark.parametrize(
    ("value", "unit", "limit"),
    [
        ("10", "A", Limit(current_a=10)),
        ("4.2", "kW", Limit(power_w=4200)),
        ("unavailable", "A", None),
        ("-3", "kW", None),
        ("10", "°C", None),
    ],
)
async def test_a_limit_from_outside_is_read_in_its_own_unit(
    hass: HomeAssistant, home: MockConfigEntry, value: str, unit: str, limit: Limit | None
) -> None:
    hass.states.async_set(LIMIT, value, {"unit_of_measurement": unit})
    reading = home.runtime_data.balancing.look()
    assert reading.circuits[MAIN_ID].limit == limit


@pytest.mark.usefixtures("hass")
async def test_where_nobody_else_limits_no_earlier_word_stands(home: MockConfigEntry) -> None:
    assert home.runtime_data.balancing.look().circuits[MAIN_ID].limit == Limit()


BY_POWER = {key: value for key, value in CHARGER.items() if key != "load"} | {
    "power_entity": POWER,
    "connected_entity": STATUS,
    "line_2": "L3",
}


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE, (CHARGER_ID, EV_CHARGER, "Left charger", BY_POWER))])
async def test_a_charger_is_measured_by_a_power_entity_where_no_ct_does(
    hass: HomeAssistant, home: MockConfigEntry
) -> None:
    await add_helpers(hass)
    hass.states.async_set(POWER, "4.6", {"unit_of_measurement": "kW"})
    hass.states.async_set(STATUS, "Charging")
    seen = home.runtime_data.balancing.look().chargers[CHARGER_ID]
    assert {line.name: round(current_a, 1) for line, current_a in seen.current_a.items()} == {"L2": 10.0, "L3": 10.0}
    assert (seen.connected, seen.reachable, seen.set_a, seen.allowed) == (True, True, 16, True)
    hass.states.async_set(POWER, "nan", {"unit_of_measurement": "kW"})
    hass.states.async_set(STATUS, "Available")
    hass.states.async_set(CURRENT, "unknown")
    hass.states.async_set(ALLOWED, "unavailable")
    seen = home.runtime_data.balancing.look().chargers[CHARGER_ID]
    assert (dict(seen.current_a), seen.connected, seen.reachable) == ({}, False, False)
    assert (seen.set_a, seen.allowed) == (None, None)


NOBODY_KNOWS = {**BY_POWER, "line_1": "unknown", "phases_entity": "select.phases"}
NOBODY_KNOWS.pop("line_2")


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE, (CHARGER_ID, EV_CHARGER, "Left charger", NOBODY_KNOWS))])
@pytest.mark.parametrize(("phases", "currents"), [("3", {"L1": 5.0, "L2": 5.0, "L3": 5.0}), ("1", {})])
async def test_a_power_is_on_no_line_where_nobody_knows_on_which(
    hass: HomeAssistant, home: MockConfigEntry, phases: str, currents: dict[str, float]
) -> None:
    hass.states.async_set(POWER, "3450", {"unit_of_measurement": "W"})
    hass.states.async_set("select.phases", phases)
    seen = home.runtime_data.balancing.look().chargers[CHARGER_ID]
    assert {line.name: round(current_a, 1) for line, current_a in seen.current_a.items()} == currents
    assert not home.runtime_data.balancing.settings.chargers[0].shows_lines


SUB = ("garage", CIRCUIT, "Garage", {**MAIN, "parent": MAIN_ID, "loads": ["5500000001_3", "5500000002_1"]})


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE, SUB, THE_CHARGER)])
async def test_currents_have_the_sign_of_their_power_and_a_missing_ct_leaves_its_line_out(
    gateway: Sender, home: MockConfigEntry
) -> None:
    """A sub-circuit with the roof and the heat pump: what the roof gives is taken off."""
    await measured(home, gateway, grid1=-2300, roof=2300, pump1=460, pump2=690)
    seen = home.runtime_data.balancing.look().circuits
    by_name = {id_: {line.name: current_a for line, current_a in seen[id_].current_a.items()} for id_ in seen}
    assert by_name == {MAIN_ID: {"L1": -10.0, "L2": 1.0, "L3": 1.0}, "garage": {"L1": -8.0, "L2": 3.0}}
    assert (seen[MAIN_ID].power_w, seen["garage"].power_w) == (-1840, -1150)
    channels = genius.channels(**{**HOUSE_W, "roof": 2300, "pump2": 690})
    channels[3] = genius.channel(3, "nonsense")
    await gateway.measure(channels)
    await arrived(home.runtime_data, gateway)
    seen = home.runtime_data.balancing.look().circuits
    assert ({line.name for line in seen["garage"].current_a}, seen["garage"].power_w) == ({"L2"}, None)


async def test_a_charger_whose_entities_are_gone_is_said_to_be_unreachable(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    recorder = Recorder(hass)
    await enable(hass)
    await measured(home, gateway, grid2=8280, oven=3680)
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == "unreachable"
    assert recorder.taken() == []


async def test_an_action_that_fails_is_logged_once_shown_and_tried_again(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[Any] = []

    async def refuse(call: ServiceCall) -> None:
        calls.append(call.data["value"])
        raise HomeAssistantError("the charger is asleep")

    await add_helpers(hass)
    hass.services.async_register("input_number", "set_value", refuse)
    await enable(hass)
    await measured(home, gateway, grid2=5980, oven=3680)
    await measured(home, gateway, grid2=6440, oven=3680)
    await until(lambda: len(calls) > 1)
    reason = shown(hass, "sensor", f"charger_reason_{CHARGER_ID}")
    assert reason.attributes["failure"] == "the charger is asleep"
    assert caplog.text.count("does not take commands: the charger is asleep") == 1
    assert home.runtime_data.gateway.failures == 0


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show repairs at once."""
    monkeypatch.setattr(repairs, "REPAIR_AFTER_S", 0.0)
    monkeypatch.setattr(repairs, "LOST_AFTER_S", 0.0)


def shown_repairs(hass: HomeAssistant) -> dict[str, dict[str, str] | None]:
    issues = ir.async_get(hass).issues.values()
    return {str(issue.translation_key): issue.translation_placeholders for issue in issues if issue.domain == DOMAIN}


@pytest.mark.usefixtures("impatient")
async def test_a_charger_that_stays_away_is_a_repair_until_it_is_back(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    await measured(home, gateway, **CHARGING_W)
    assert shown_repairs(hass) == {}
    await enable(hass)
    await measured(home, gateway, **CHARGING_W)
    assert shown_repairs(hass) == {"charger_disobeys": {"name": "Left charger", "serial": genius.SERIAL}}
    await add_helpers(hass)
    await measured(home, gateway, **CHARGING_W)
    assert shown_repairs(hass) == {}


LAMP_DISOBEYS = {"load_disobeys": {"name": "Lamp", "serial": genius.SERIAL}}


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE, THE_LAMP)])
@pytest.mark.usefixtures("impatient")
async def test_a_load_that_stays_on_is_a_repair_until_it_goes_off(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[ServiceCall] = []
    monkeypatch.setattr(shedding, "RESPONSE_S", 0.0)
    await add_helpers(hass)
    hass.services.async_register("input_boolean", "turn_off", tried.append)
    await enable(hass)
    await gateway.living(until(lambda: bool(tried)), **{**HOUSE_W, "grid1": 6900})
    await measured(home, gateway, grid1=6900)
    assert shown(hass, "sensor", "load_reason_lamp").state == "not_obeying"
    assert shown(hass, "binary_sensor", "load_shed_lamp").state == STATE_OFF
    assert shown_repairs(hass) == LAMP_DISOBEYS
    hass.states.async_set(LAMP, STATE_OFF)
    await measured(home, gateway, grid1=4600)
    assert shown(hass, "sensor", "load_reason_lamp").state == "shed"
    assert shown_repairs(hass) == {}


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE, THE_LAMP)])
@pytest.mark.usefixtures("impatient")
async def test_a_load_whose_switch_is_gone_is_a_repair_until_it_is_back(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    await enable(hass)
    await measured(home, gateway)
    assert shown_repairs(hass) == LAMP_DISOBEYS
    await add_helpers(hass)
    await measured(home, gateway)
    assert shown_repairs(hass) == {}


@pytest.mark.usefixtures("impatient")
async def test_a_line_that_gets_lost_is_a_repair_until_it_is_back(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    await add_helpers(hass)
    await enable(hass)
    channels = genius.channels(**HOUSE_W)
    channels[1] = genius.channel(1, "nonsense")
    await gateway.measure(channels)
    await arrived(home.runtime_data, gateway)
    assert shown_repairs(hass) == {"line_lost": {"lines": "L2", "serial": genius.SERIAL}}
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == "stale"
    assert shown(hass, "sensor", "headroom_main_L2").state == "unknown"
    await measured(home, gateway, **CHARGING_W)
    assert shown_repairs(hass) == {}


@pytest.mark.usefixtures("impatient")
async def test_too_much_export_is_a_repair_and_sheds_nothing(
    hass: HomeAssistant, gateway: Sender, home: MockConfigEntry
) -> None:
    await add_helpers(hass)
    await enable(hass)
    recorder = Recorder(hass)
    await measured(home, gateway, grid1=-6900, **CHARGING_W)
    assert shown_repairs(hass) == {"export_overload": {"name": "Main fuse", "serial": genius.SERIAL}}
    assert recorder.taken() == []
    assert await hass.config_entries.async_unload(home.entry_id)
    assert shown_repairs(hass) == {}


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE,)])
@pytest.mark.usefixtures("home")
async def test_a_fuse_alone_is_no_fault(hass: HomeAssistant) -> None:
    assert shown_repairs(hass) == {}


@pytest.mark.parametrize(
    ("wall_s", "latest", "begins_at"),
    [(1000.0, 900.0, 1000.0), (0.0, 900.0, 900.0)],
    ids=["usual", "a host that does not know the time yet"],
)
def test_the_clock_only_grows_over_restarts(wall_s: float, latest: float, begins_at: float) -> None:
    clock = Clock(5.0, wall_s, latest)
    assert (clock.at(5.0), clock.at(7.5)) == (begins_at, begins_at + 2.5)


@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE, ("other", CIRCUIT, "Other fuse", MAIN), THE_CHARGER)])
@pytest.mark.usefixtures("home")
async def test_settings_that_contradict_are_a_repair(hass: HomeAssistant) -> None:
    placeholders = shown_repairs(hass)["settings_contradict"]
    assert placeholders is not None
    assert placeholders["problems"].startswith("- Other fuse: this is a second main fuse")
