"""The select "Switch off after": every plain turn-on by Home Assistant becomes one for a time."""

from datetime import datetime, timedelta

import pytest
from homeassistant.const import (
    SERVICE_TOGGLE,
    SERVICE_TURN_ON,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    EntityCategory,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from custom_components.smappee_infinity.select import DURATIONS
from tests.custom_components.relays import (
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
from tests.custom_components.running import interval_passes
from tests.waiting import until

LAMP_ON, LAMP_OFF = (str(LAMP), "ON"), (str(LAMP), "OFF")


async def test_nobody_has_chosen_at_first(hass: HomeAssistant, home: Relays) -> None:
    select = off_after(hass, LAMP)
    assert (select.state, select.attributes["options"]) == ("off", list(DURATIONS))
    registered = er.async_get(hass).async_get(select.entity_id)
    assert registered is not None
    assert registered.entity_category is EntityCategory.CONFIG
    await act(hass, SERVICE_TURN_ON, LAMP)
    assert off_at(hass, LAMP) == STATE_UNKNOWN
    assert home.commands == [LAMP_ON]


@pytest.mark.parametrize("action", [SERVICE_TURN_ON, SERVICE_TOGGLE])
@pytest.mark.parametrize(("option", "seconds"), [("5_min", 300), ("15_min", 900), ("30_min", 1800), ("60_min", 3600)])
async def test_a_plain_turn_on_lasts_as_long_as_is_chosen(
    hass: HomeAssistant, home: Relays, action: str, option: str, seconds: int
) -> None:
    await choose(hass, LAMP, option)
    assert (off_after(hass, LAMP).state, home.commands) == (option, [])
    await act(hass, action, LAMP)
    await interval_passes(hass, seconds - 10)
    await nothing_more_than(hass, home, LAMP_ON)
    await interval_passes(hass, seconds + 1)
    await until(lambda: switch(hass, LAMP).state == STATE_OFF)
    assert home.commands == [LAMP_ON, LAMP_OFF]


async def test_a_duration_that_is_named_goes_before_the_one_that_is_chosen(hass: HomeAssistant, home: Relays) -> None:
    await choose(hass, LAMP, "5_min")
    await turn_on_for(hass, LAMP, 1800)
    assert datetime.fromisoformat(off_at(hass, LAMP)) - dt_util.utcnow() > timedelta(minutes=29)
    assert home.commands == [LAMP_ON]


async def test_what_others_switch_on_stays_on(hass: HomeAssistant, home: Relays) -> None:
    await choose(hass, LAMP, "5_min")
    await home.tell(LAMP, "ON")
    await until(lambda: switch(hass, LAMP).state == STATE_ON)
    assert off_at(hass, LAMP) == STATE_UNKNOWN
    await interval_passes(hass, 3601)
    await nothing_more_than(hass, home)


async def test_a_timer_that_runs_goes_on_when_another_time_is_chosen(hass: HomeAssistant, home: Relays) -> None:
    await turn_on_for(hass, LAMP, 60)
    deadline = off_at(hass, LAMP)
    await choose(hass, LAMP, "60_min")
    await choose(hass, LAMP, "off")
    assert off_at(hass, LAMP) == deadline
    assert home.commands == [LAMP_ON]


@pytest.mark.usefixtures("quickly_stale")
async def test_choice_and_deadline_are_known_while_the_gateway_is_silent(hass: HomeAssistant, home: Relays) -> None:
    await home.gateway.living(turn_on_for(hass, LAMP, 60))
    await until(lambda: switch(hass, LAMP).state == STATE_UNAVAILABLE)
    await choose(hass, LAMP, "5_min")
    assert off_after(hass, LAMP).state == "5_min"
    assert off_at(hass, LAMP) not in {STATE_UNAVAILABLE, STATE_UNKNOWN}
    assert home.commands == [LAMP_ON]
