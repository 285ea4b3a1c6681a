"""The guard in a real Home Assistant: nothing before it may, everything at once, and a last word to chargers."""

from collections.abc import Callable
from copy import replace
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity._vendor.energy_control.balancing import controller
from custom_components.smappee_infinity.balancing import declared, runtime
from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.balanced import (
    ALLOWED,
    CHARGER_ID,
    CURRENT,
    HOUSE_W,
    LAMP,
    THE_CHARGER,
    THE_LAMP,
    THE_MAIN_FUSE,
    Recorder,
    add_helpers,
    balanced,
    call,
    enable,
    entity_of,
    measured,
    shown,
)
from tests.custom_components.conftest import entry_for
from tests.custom_components.running import interval_passes, set_up
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto
from tests.waiting import until

CHARGING_W = {"grid2": 3910, "oven": 3680}
"""The charger draws 16 A, and the house 1 A on each line."""
OVERLOAD_W = {"grid2": 8280, "oven": 3680}
"""36 A on L2 where 23.75 A may flow: the car must come down to 6 A, or less."""
FALLBACK = [(CURRENT, "set_value", 6.0)]


@pytest.fixture
def entry(broker: Mosquitto) -> MockConfigEntry:
    return balanced(entry_for(broker, genius.SERIAL), THE_MAIN_FUSE, THE_CHARGER, THE_LAMP)


@pytest.fixture
async def recorder(hass: HomeAssistant) -> Recorder:
    await add_helpers(hass)
    return Recorder(hass)


@pytest.fixture
async def home(hass: HomeAssistant, gateway: Sender, recorder: Recorder, entry: MockConfigEntry) -> Recorder:
    """The car charges with 16 A, and nobody has enabled anything yet."""
    gateway.live = genius.powers(0, **{**HOUSE_W, **CHARGING_W})
    await set_up(hass, entry, gateway)
    await measured(entry, gateway, **CHARGING_W)
    return recorder


@pytest.fixture
async def guarded(hass: HomeAssistant, gateway: Sender, home: Recorder, entry: MockConfigEntry) -> Recorder:
    """The same, with control enabled."""
    await enable(hass)
    await measured(entry, gateway, **CHARGING_W)
    home.taken()
    return home


async def test_nothing_is_commanded_before_control_is_enabled_but_all_is_explained(
    hass: HomeAssistant, gateway: Sender, home: Recorder, entry: MockConfigEntry
) -> None:
    await measured(entry, gateway, **OVERLOAD_W)
    await measured(entry, gateway, **OVERLOAD_W)
    assert home.taken() == []
    assert shown(hass, "switch", "control_enabled").state == STATE_OFF
    assert shown(hass, "binary_sensor", "overloaded_main").state == STATE_ON
    assert float(shown(hass, "sensor", "headroom_main_L2").state) == pytest.approx(23.75 - 36, abs=0.1)
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state in {"circuit_limit", "no_room"}


async def test_an_overload_is_answered_in_the_handling_of_the_message_that_shows_it(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry
) -> None:
    seen: list[str] = []

    def look(_changes: object) -> None:
        state = hass.states.get(CURRENT)
        seen.append("" if state is None else state.state)

    stop = entry.runtime_data.gateway.listen(look)  # it is told of the same message, after the balancing
    await measured(entry, gateway, grid2=5980, oven=3680)
    stop()
    assert seen[0] == "13.0"  # 26 A flow, 23.75 A may: the car has 16 A and gives 3 A back
    assert guarded.taken() == [(CURRENT, "set_value", 13.0)]
    assert shown(hass, "sensor", f"target_current_{CHARGER_ID}").state == "13.0"
    reason = shown(hass, "sensor", f"charger_reason_{CHARGER_ID}")
    assert (reason.state, reason.attributes["limited_by"]) == ("circuit_limit", "Main fuse")


async def test_a_load_is_shed_for_an_overload_that_nothing_else_ends(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry
) -> None:
    await gateway.living(until(lambda: _is_off(hass, LAMP)), **{**HOUSE_W, **CHARGING_W, "grid1": 6900})
    assert guarded.taken() == [(LAMP, "turn_off", None)]
    await measured(entry, gateway, grid1=4600, **CHARGING_W)
    assert shown(hass, "binary_sensor", "load_shed_lamp").state == STATE_ON
    assert shown(hass, "sensor", "load_reason_lamp").state == "shed"


async def test_what_was_switched_off_is_known_after_a_crash(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    gateway: Sender,
    guarded: Recorder,  # noqa: ARG001 - control is enabled
    entry: MockConfigEntry,
) -> None:
    await gateway.living(until(lambda: _is_off(hass, LAMP)), **{**HOUSE_W, **CHARGING_W, "grid1": 6900})
    await until(lambda: _is_known_as_shed(hass_storage, entry))


def _is_known_as_shed(storage: dict[str, Any], entry: MockConfigEntry) -> bool:
    stored = storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["balancing"]["state"]
    return bool(stored["loads"].get("lamp", {}).get("shed"))


def _is_off(hass: HomeAssistant, entity_id: str) -> bool:
    state = hass.states.get(entity_id)
    return state is not None and state.state == STATE_OFF


async def unload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert await hass.config_entries.async_unload(entry.entry_id)


async def disable(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_remove(entry.entry_id)


async def stop(hass: HomeAssistant, _entry: MockConfigEntry) -> None:
    await hass.async_stop(force=True)


async def disarm(hass: HomeAssistant, _entry: MockConfigEntry) -> None:
    await call(hass, "switch.turn_off", entity_of(hass, "switch", "control_enabled"))


@pytest.mark.parametrize("end", [unload, disable, remove, stop, disarm])
async def test_a_charger_is_left_with_its_fallback_current(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry, end: Callable[..., object]
) -> None:
    ending = end(hass, entry)
    assert hasattr(ending, "__await__")
    await ending
    assert guarded.taken() == FALLBACK
    assert (state := hass.states.get(CURRENT)) is not None
    assert state.state == "6.0"
    await gateway.power(elapsed_s=1, **{**HOUSE_W, **OVERLOAD_W})
    assert guarded.taken() == []


@pytest.mark.parametrize("end", [unload, disarm])
async def test_who_was_never_enabled_says_no_last_word(
    hass: HomeAssistant, home: Recorder, entry: MockConfigEntry, end: Callable[..., object]
) -> None:
    ending = end(hass, entry)
    assert hasattr(ending, "__await__")
    await ending
    assert home.taken() == []


async def starts(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    """Set up the entry again: the gateway has measured once since, and repeats that."""
    gateway.second += 1
    gateway.live = genius.powers(gateway.second, **{**HOUSE_W, **CHARGING_W})
    assert await gateway.during(hass.config_entries.async_setup(entry.entry_id))


async def test_nothing_is_commanded_after_a_start_before_a_new_measurement(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry
) -> None:
    await unload(hass, entry)
    assert guarded.taken() == FALLBACK
    await starts(hass, gateway, entry)
    assert shown(hass, "switch", "control_enabled").state == STATE_ON
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == "waiting"
    await gateway.repeat()
    await gateway.send(
        "homeControlConfig", genius.home_control((1, "Lamp")), retain=True
    )  # tells, and measures nothing
    await until(lambda: bool(entry.runtime_data.session.site.plugs))
    assert guarded.taken() == []
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == "waiting"
    await measured(entry, gateway, **CHARGING_W)
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state != "waiting"


async def test_a_charger_that_its_user_switches_off_while_nobody_watches_stays_off(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry
) -> None:
    await unload(hass, entry)
    await call(hass, "input_boolean.turn_off", ALLOWED)
    guarded.taken()
    await starts(hass, gateway, entry)
    await measured(entry, gateway, oven=0)
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == "stopped"
    assert (ALLOWED, "turn_on", None) not in guarded.taken()


async def test_a_charger_that_is_paused_on_the_way_out_is_not_taken_for_switched_off_by_its_user(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry
) -> None:
    balancing = entry.runtime_data.balancing
    (charger,) = balancing.settings.chargers
    balancing.settings = replace(balancing.settings, chargers=(replace(charger, fallback_a=0.0),))
    await unload(hass, entry)
    assert guarded.taken() == [(ALLOWED, "turn_off", None)]
    await starts(hass, gateway, entry)
    await measured(entry, gateway, oven=0)
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == "raising"


async def test_what_users_have_chosen_survives_a_restart(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry
) -> None:
    await call(hass, "select.select_option", entity_of(hass, "select", f"charger_mode_{CHARGER_ID}"), option="stop")
    await call(hass, "number.set_value", entity_of(hass, "number", f"maximum_current_{CHARGER_ID}"), value=11)
    await unload(hass, entry)
    await starts(hass, gateway, entry)
    assert shown(hass, "select", f"charger_mode_{CHARGER_ID}").state == "stop"
    assert shown(hass, "number", f"maximum_current_{CHARGER_ID}").state == "11.0"
    assert shown(hass, "switch", "control_enabled").state == STATE_ON
    guarded.taken()
    await measured(entry, gateway, **CHARGING_W)
    assert (ALLOWED, "turn_off", None) in guarded.taken()


async def test_a_wish_is_obeyed(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry
) -> None:
    await call(hass, "number.set_value", entity_of(hass, "number", f"maximum_current_{CHARGER_ID}"), value=10)
    await measured(entry, gateway, **CHARGING_W)
    assert guarded.taken() == [(CURRENT, "set_value", 10.0)]
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == "user_limit"


async def test_a_charger_that_is_left_alone_is_not_touched(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry
) -> None:
    await call(hass, "select.select_option", entity_of(hass, "select", f"charger_mode_{CHARGER_ID}"), option="off")
    await measured(entry, gateway, **OVERLOAD_W)
    assert [action for action in guarded.taken() if action[0] != LAMP] == []
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == "uncontrolled"


@pytest.mark.usefixtures("quickly_stale", "short_grace")
async def test_without_measurements_a_charger_falls_back(hass: HomeAssistant, guarded: Recorder) -> None:
    async def passes() -> None:
        while not guarded.actions:
            await interval_passes(hass, 1)

    await passes()
    assert guarded.taken() == FALLBACK
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == "fallback"


async def test_a_fault_of_our_own_is_as_good_as_no_program(
    hass: HomeAssistant, gateway: Sender, guarded: Recorder, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(controller, "step", fails)
        await measured(entry, gateway, **OVERLOAD_W)
        await hass.async_block_till_done()
    await measured(entry, gateway, **OVERLOAD_W)
    assert guarded.taken() == FALLBACK
    assert caplog.text.count("The load balancing stops after a fault of this program") == 1
    assert shown(hass, "sensor", f"charger_reason_{CHARGER_ID}").state == STATE_UNAVAILABLE
    caplog.clear()  # the test plugin takes what was logged for a fault of the test


@pytest.fixture
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fall back after little more than a second of silence."""
    monkeypatch.setattr(declared, "STALE_GRACE_S", 1.0)
    monkeypatch.setattr(runtime, "SILENT_AFTER_S", 0.5)
