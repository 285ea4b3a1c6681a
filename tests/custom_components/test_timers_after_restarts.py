"""Timers over reloads and restarts of Home Assistant, with real files; what was chosen for a plug survives them too."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.const import SERVICE_TURN_ON, STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.relays import (
    HEATER,
    INSTALLED,
    LAMP,
    Relays,
    act,
    choose,
    nothing_more_than,
    off_after,
    off_at,
    switch,
    turn_on_for,
)
from tests.custom_components.running import home_assistant_again, interval_passes, set_up
from tests.custom_components.sender import Sender
from tests.waiting import until

LAMP_ON, LAMP_OFF = (str(LAMP), "ON"), (str(LAMP), "OFF")


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Home Assistant keeps what it stores in memory during tests; here it has files."""
    return {}


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    return hass_tmp_config_dir


@pytest.fixture
def stored(hass_config_dir: str, entry: MockConfigEntry) -> Path:
    return Path(hass_config_dir) / ".storage" / f"{DOMAIN}.{entry.entry_id}"


async def set_up_again(second: HomeAssistant, entry: MockConfigEntry, gateway: Sender) -> None:
    """Set up the same entry in the next Home Assistant; the gateway has measured on."""
    again = MockConfigEntry(domain=DOMAIN, entry_id=entry.entry_id, unique_id=entry.unique_id, data=entry.data)
    await gateway.power(elapsed_s=600)
    await set_up(second, again, gateway)


def kept(stored: Path) -> dict[str, dict[str, Any]]:
    """What the file says of the switches for which it says something."""
    switches = json.loads(stored.read_bytes())["data"]["switches"]
    return {key: page for key, page in switches.items() if page}


def let_deadlines_pass(stored: Path) -> None:
    """Make them ten minutes older, as if Home Assistant had been away for long."""
    document = json.loads(stored.read_bytes())
    for page in document["data"]["switches"].values():
        if "off_at" in page:
            page["off_at"] = (dt_util.utcnow() - timedelta(minutes=10)).isoformat()
    stored.write_text(json.dumps(document))


async def test_a_timer_goes_on_after_a_reload(
    hass: HomeAssistant, gateway: Sender, home: Relays, entry: MockConfigEntry
) -> None:
    await turn_on_for(hass, LAMP, 300)
    deadline = off_at(hass, LAMP)
    assert await gateway.living(hass.config_entries.async_reload(entry.entry_id))
    assert off_at(hass, LAMP) == deadline
    await interval_passes(hass, 290)
    await nothing_more_than(hass, home, LAMP_ON)
    await interval_passes(hass, 301)
    await gateway.living(until(lambda: switch(hass, LAMP).state == STATE_OFF))
    assert home.commands == [LAMP_ON, LAMP_OFF]


async def test_a_timer_is_on_disk_before_the_plug_is_on(hass: HomeAssistant, home: Relays, stored: Path) -> None:
    """A power cut may come at any time: what is switched on for a time must not stay on."""
    home.answers = False
    turning_on = asyncio.create_task(turn_on_for(hass, LAMP, 300))
    await until(lambda: home.commands == [LAMP_ON])
    assert kept(stored).keys() == {f"plug_{LAMP}"}
    await home.tell(LAMP, "ON")
    await turning_on


async def test_the_end_of_a_timer_by_a_plain_turn_on_is_on_disk(
    hass: HomeAssistant, home: Relays, stored: Path
) -> None:
    await turn_on_for(hass, LAMP, 300)
    await act(hass, SERVICE_TURN_ON, LAMP)
    assert home.commands == [LAMP_ON, LAMP_ON]
    assert kept(stored) == {}


async def test_a_timer_goes_on_when_home_assistant_restarts(
    hass: HomeAssistant, gateway: Sender, home: Relays, entry: MockConfigEntry
) -> None:
    await turn_on_for(hass, LAMP, 300)
    deadline = off_at(hass, LAMP)
    await hass.async_stop()
    async with home_assistant_again(hass) as second:
        await set_up_again(second, entry, gateway)
        assert (switch(second, LAMP).state, off_at(second, LAMP)) == (STATE_ON, deadline)
        await interval_passes(second, 290)
        await nothing_more_than(second, home, LAMP_ON)
        await interval_passes(second, 301)
        await gateway.living(until(lambda: switch(second, LAMP).state == STATE_OFF))
    assert home.commands == [LAMP_ON, LAMP_OFF]


async def test_a_deadline_that_passed_meanwhile_is_carried_out_once(
    hass: HomeAssistant, gateway: Sender, home: Relays, entry: MockConfigEntry, stored: Path
) -> None:
    await turn_on_for(hass, LAMP, 300)
    await hass.async_stop()
    let_deadlines_pass(stored)
    async with home_assistant_again(hass) as second:
        await set_up_again(second, entry, gateway)
        await gateway.living(until(lambda: switch(second, LAMP).state == STATE_OFF))
        assert off_at(second, LAMP) == STATE_UNKNOWN
        await interval_passes(second, 200)
        await nothing_more_than(second, home, LAMP_ON, LAMP_OFF)


async def test_a_plug_that_was_switched_off_meanwhile_is_left_alone(
    hass: HomeAssistant, gateway: Sender, home: Relays, entry: MockConfigEntry, stored: Path
) -> None:
    await turn_on_for(hass, LAMP, 300)
    await hass.async_stop()
    let_deadlines_pass(stored)
    await home.tell(LAMP, "OFF")
    async with home_assistant_again(hass) as second:
        await set_up_again(second, entry, gateway)
        assert off_at(second, LAMP) == STATE_UNKNOWN
        await interval_passes(second, 301)
        await nothing_more_than(second, home, LAMP_ON)


async def test_the_timer_of_a_plug_that_has_gone_meanwhile_is_dropped(
    hass: HomeAssistant, gateway: Sender, home: Relays, entry: MockConfigEntry, stored: Path
) -> None:
    await turn_on_for(hass, LAMP, 300)
    await hass.async_stop()
    let_deadlines_pass(stored)
    await gateway.send("homeControlConfig", {**INSTALLED, "smartplugActuators": []}, retain=True)
    async with home_assistant_again(hass) as second:
        await set_up_again(second, entry, gateway)
        await gateway.send("homeControlConfig", INSTALLED, retain=True)
        await gateway.living(until(lambda: second.states.is_state("switch.lamp", STATE_ON)))
        await interval_passes(second, 301)
        await nothing_more_than(second, home, LAMP_ON)


async def test_a_list_of_plugs_that_comes_late_drops_no_timer(
    hass: HomeAssistant, gateway: Sender, home: Relays, entry: MockConfigEntry, stored: Path
) -> None:
    await turn_on_for(hass, LAMP, 300)
    await hass.async_stop()
    let_deadlines_pass(stored)
    await gateway.send("homeControlConfig", genius.home_control(), retain=True)
    async with home_assistant_again(hass) as second:
        await set_up_again(second, entry, gateway)
        assert home.commands == [LAMP_ON]
        await gateway.send("homeControlConfig", INSTALLED, retain=True)
        await gateway.living(until(lambda: second.states.is_state("switch.lamp", STATE_OFF)))
    assert home.commands == [LAMP_ON, LAMP_OFF]


async def test_a_choice_survives_and_switches_nothing_by_itself(
    hass: HomeAssistant, gateway: Sender, home: Relays, entry: MockConfigEntry, stored: Path
) -> None:
    await choose(hass, LAMP, "15_min")
    assert kept(stored) == {f"plug_{LAMP}": {"off_after_s": 900}}
    await hass.async_stop()
    async with home_assistant_again(hass) as second:
        await set_up_again(second, entry, gateway)
        assert (off_after(second, LAMP).state, off_after(second, HEATER).state) == ("15_min", "off")
        assert home.commands == []
        await act(second, SERVICE_TURN_ON, LAMP)
        await interval_passes(second, 901)
        await gateway.living(until(lambda: switch(second, LAMP).state == STATE_OFF))
    assert home.commands == [LAMP_ON, LAMP_OFF]
