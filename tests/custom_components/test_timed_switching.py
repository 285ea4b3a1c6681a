"""On for a time: off again at the deadline, once, unless somebody wants it otherwise meanwhile."""

import asyncio
import logging
from datetime import datetime, timedelta

import probatio
import pytest
from homeassistant.const import SERVICE_TURN_OFF, SERVICE_TURN_ON, STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.smappee_infinity._vendor.smappee_gateway import commands
from custom_components.smappee_infinity._vendor.smappee_gateway import gateway as gateway_module
from custom_components.smappee_infinity._vendor.smappee_gateway.commands import Command
from custom_components.smappee_infinity._vendor.smappee_gateway.freshness import Feed
from custom_components.smappee_infinity.const import ACTION_TURN_ON_FOR, DOMAIN
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
    recorded,
    switch,
    turn_on_for,
)
from tests.custom_components.running import interval_passes
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import Mosquitto
from tests.waiting import until

LAMP_ON, LAMP_OFF = (str(LAMP), "ON"), (str(LAMP), "OFF")


@pytest.fixture
def quick_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for echoes that do not come."""
    monkeypatch.setattr(commands, "CONFIRMATION_TIMEOUT_S", 0.5)
    monkeypatch.setattr(gateway_module, "TICK_S", 0.05)


async def minutes_pass(hass: HomeAssistant, relays: Relays, commands: int) -> None:
    """Let minutes pass until so many commands have come."""
    while len(relays.commands) < commands:
        await interval_passes(hass, 61)
        await asyncio.sleep(0.02)


async def test_it_is_switched_off_at_its_deadline_and_not_before(hass: HomeAssistant, home: Relays) -> None:
    before = dt_util.utcnow()
    await turn_on_for(hass, LAMP, 300)
    five_minutes = timedelta(minutes=5)
    assert switch(hass, LAMP).state == STATE_ON
    # The state has no fractions of a second.
    shown = datetime.fromisoformat(off_at(hass, LAMP))
    assert before + five_minutes - timedelta(seconds=1) <= shown <= dt_util.utcnow() + five_minutes
    await interval_passes(hass, 290)
    await nothing_more_than(hass, home, LAMP_ON)
    await interval_passes(hass, 301)
    await until(lambda: switch(hass, LAMP).state == STATE_OFF)
    assert off_at(hass, LAMP) == STATE_UNKNOWN
    await interval_passes(hass, 700)
    await nothing_more_than(hass, home, LAMP_ON, LAMP_OFF)


async def test_a_new_duration_replaces_the_one_before(hass: HomeAssistant, home: Relays) -> None:
    await turn_on_for(hass, LAMP, 60)
    first = off_at(hass, LAMP)
    await turn_on_for(hass, LAMP, 600)
    assert datetime.fromisoformat(off_at(hass, LAMP)) - datetime.fromisoformat(first) >= timedelta(minutes=9)
    await interval_passes(hass, 590)
    await nothing_more_than(hass, home, LAMP_ON, LAMP_ON)
    await interval_passes(hass, 601)
    await until(lambda: switch(hass, LAMP).state == STATE_OFF)
    assert home.commands == [LAMP_ON, LAMP_ON, LAMP_OFF]


async def test_an_off_by_home_assistant_ends_the_timer(hass: HomeAssistant, home: Relays) -> None:
    await turn_on_for(hass, LAMP, 60)
    await act(hass, SERVICE_TURN_OFF, LAMP)
    assert off_at(hass, LAMP) == STATE_UNKNOWN
    await interval_passes(hass, 61)
    await nothing_more_than(hass, home, LAMP_ON, LAMP_OFF)


async def test_an_off_by_somebody_else_ends_the_timer(hass: HomeAssistant, home: Relays) -> None:
    await turn_on_for(hass, LAMP, 60)
    await home.tell(LAMP, "OFF")
    await until(lambda: off_at(hass, LAMP) == STATE_UNKNOWN)
    await home.tell(LAMP, "ON")
    await until(lambda: switch(hass, LAMP).state == STATE_ON)
    await interval_passes(hass, 61)
    await nothing_more_than(hass, home, LAMP_ON)


async def test_a_plain_turn_on_ends_the_timer(hass: HomeAssistant, home: Relays) -> None:
    await turn_on_for(hass, LAMP, 60)
    await act(hass, SERVICE_TURN_ON, LAMP)
    assert off_at(hass, LAMP) == STATE_UNKNOWN
    await interval_passes(hass, 61)
    await nothing_more_than(hass, home, LAMP_ON, LAMP_ON)


async def test_a_deadline_that_comes_while_a_plain_turn_on_waits_for_its_echo_is_no_more(
    hass: HomeAssistant, home: Relays
) -> None:
    await turn_on_for(hass, LAMP, 60)
    home.answers = False
    turning_on = asyncio.create_task(act(hass, SERVICE_TURN_ON, LAMP))
    await until(lambda: home.commands == [LAMP_ON, LAMP_ON])
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    home.answers = True
    await home.tell(LAMP, "ON")
    await turning_on
    await nothing_more_than(hass, home, LAMP_ON, LAMP_ON)


@pytest.mark.usefixtures("quick_failures")
async def test_a_plain_turn_on_that_fails_leaves_the_timer(hass: HomeAssistant, home: Relays) -> None:
    await turn_on_for(hass, LAMP, 60)
    deadline = off_at(hass, LAMP)
    home.answers = False
    with pytest.raises(HomeAssistantError):
        await act(hass, SERVICE_TURN_ON, LAMP)
    assert off_at(hass, LAMP) == deadline
    home.answers = True
    await interval_passes(hass, 61)
    await until(lambda: switch(hass, LAMP).state == STATE_OFF)
    assert home.commands == [LAMP_ON, LAMP_ON, LAMP_OFF]


async def test_an_on_by_somebody_else_leaves_the_timer(hass: HomeAssistant, home: Relays) -> None:
    await turn_on_for(hass, LAMP, 60)
    deadline = off_at(hass, LAMP)
    await home.tell(LAMP, "ON")
    await home.tell(HEATER, "OFF")
    await until(lambda: switch(hass, HEATER).state == STATE_OFF)
    assert off_at(hass, LAMP) == deadline
    await interval_passes(hass, 61)
    await until(lambda: home.commands == [LAMP_ON, LAMP_OFF])


async def test_the_timer_of_a_plug_that_is_gone_is_dropped(hass: HomeAssistant, gateway: Sender, home: Relays) -> None:
    await turn_on_for(hass, LAMP, 60)
    await choose(hass, LAMP, "5_min")
    await gateway.send("homeControlConfig", {**INSTALLED, "smartplugActuators": []}, retain=True)
    await until(lambda: switch(hass, LAMP).state == STATE_UNAVAILABLE)
    await gateway.send("homeControlConfig", INSTALLED, retain=True)
    await until(lambda: switch(hass, LAMP).state == STATE_ON)
    assert (off_at(hass, LAMP), off_after(hass, LAMP).state) == (STATE_UNKNOWN, "off")
    await interval_passes(hass, 61)
    await nothing_more_than(hass, home, LAMP_ON)


@pytest.mark.usefixtures("quick_failures")
async def test_an_off_without_an_echo_is_tried_every_minute_and_said_once(
    hass: HomeAssistant, home: Relays, caplog: pytest.LogCaptureFixture
) -> None:
    await turn_on_for(hass, LAMP, 60)
    home.answers = False
    await interval_passes(hass, 61)
    await until(lambda: "is not off at its time" in caplog.text)
    deadline = off_at(hass, LAMP)
    await interval_passes(hass, 50)
    await nothing_more_than(hass, home, LAMP_ON, LAMP_OFF)
    await minutes_pass(hass, home, 4)
    assert (switch(hass, LAMP).state, off_at(hass, LAMP)) == (STATE_ON, deadline)
    home.answers = True
    await minutes_pass(hass, home, 5)
    await until(lambda: switch(hass, LAMP).state == STATE_OFF)
    await interval_passes(hass, 200)
    await nothing_more_than(hass, home, LAMP_ON, *[LAMP_OFF] * 4)
    assert [record.levelno for record in caplog.records if "Lamp" in record.getMessage()] == [logging.WARNING]


@pytest.mark.usefixtures("quick_failures")
@pytest.mark.parametrize("end", ["echo", "turn_on", "unload"])
async def test_five_failures_are_a_repair_until_it_is_settled(
    hass: HomeAssistant, home: Relays, entry: MockConfigEntry, end: str
) -> None:
    await turn_on_for(hass, LAMP, 60)
    home.answers = False
    repairs = ir.async_get(hass).issues
    failed: list[Command] = []
    failures_at_repair: list[int] = []
    entry.runtime_data.gateway.listen(lambda changes: failed.extend(changes.failed))
    note = callback(lambda _event: failures_at_repair.append(len(failed)))
    hass.bus.async_listen_once(ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED, note)
    await minutes_pass(hass, home, 6)
    await until(lambda: bool(failures_at_repair))
    assert failures_at_repair == [5]
    (repair,) = repairs.values()
    assert repair.translation_key == "left_on"
    assert repair.translation_placeholders == {"name": "Lamp", "serial": genius.SERIAL}
    if end == "echo":
        await home.tell(LAMP, "OFF")
    elif end == "turn_on":
        home.answers = True
        await act(hass, SERVICE_TURN_ON, LAMP)
    else:
        assert await hass.config_entries.async_unload(entry.entry_id)
    await until(lambda: not repairs)


@pytest.mark.usefixtures("quickly_stale")
async def test_a_deadline_without_a_connection_is_carried_out_when_the_gateway_is_back(
    hass: HomeAssistant, broker: Mosquitto, home: Relays, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    await home.gateway.living(turn_on_for(hass, LAMP, 60))
    gateway = entry.runtime_data.gateway
    broker.stop()
    await until(lambda: not gateway.connected and gateway.session.feed is not Feed.FRESH)
    await interval_passes(hass, 61)
    await until(lambda: "is not off at its time" in caplog.text)
    assert home.commands == [LAMP_ON]
    broker.start()
    async with connected(broker.host, broker.port) as client:
        sender = Sender(client)
        sender.second = 100
        async with recorded(broker, sender) as again:
            await sender.introduce()
            await sender.living(until(lambda: switch(hass, LAMP).state == STATE_OFF))
            assert again.commands == [LAMP_OFF]


@pytest.mark.usefixtures("quickly_stale")
async def test_a_gateway_that_is_back_before_the_deadline_is_left_alone(hass: HomeAssistant, home: Relays) -> None:
    await home.gateway.living(turn_on_for(hass, LAMP, 60))
    await until(lambda: switch(hass, LAMP).state == STATE_UNAVAILABLE)
    await home.gateway.living(until(lambda: switch(hass, LAMP).state == STATE_ON))
    await home.gateway.living(nothing_more_than(hass, home, LAMP_ON))


@pytest.mark.usefixtures("quick_failures")
async def test_an_off_that_fails_when_nobody_wants_it_any_more_is_not_tried_again(
    hass: HomeAssistant, home: Relays, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    failed: list[Command] = []
    entry.runtime_data.gateway.listen(lambda changes: failed.extend(changes.failed))
    await turn_on_for(hass, LAMP, 60)
    home.answers = False
    await interval_passes(hass, 61)
    await until(lambda: home.commands == [LAMP_ON, LAMP_OFF])
    home.answers = True
    await act(hass, SERVICE_TURN_ON, LAMP)
    await until(lambda: len(failed) == 1)
    await nothing_more_than(hass, home, LAMP_ON, LAMP_OFF, LAMP_ON)
    await interval_passes(hass, 200)
    await nothing_more_than(hass, home, LAMP_ON, LAMP_OFF, LAMP_ON)
    assert "is not off at its time" not in caplog.text


@pytest.mark.usefixtures("quick_failures")
async def test_a_turn_on_that_is_not_confirmed_keeps_its_deadline_because_it_may_be_on(
    hass: HomeAssistant, home: Relays
) -> None:
    home.answers = False
    with pytest.raises(HomeAssistantError) as failure:
        await turn_on_for(hass, LAMP, 60)
    assert failure.value.translation_key == "not_confirmed"
    assert switch(hass, LAMP).state == STATE_OFF
    assert off_at(hass, LAMP) != STATE_UNKNOWN
    home.answers = True
    await interval_passes(hass, 61)
    await until(lambda: off_at(hass, LAMP) == STATE_UNKNOWN)
    assert home.commands == [LAMP_ON, LAMP_OFF]


async def test_an_earlier_off_that_is_echoed_late_does_not_end_the_new_timer(hass: HomeAssistant, home: Relays) -> None:
    home.answers = False
    turning_on = asyncio.create_task(turn_on_for(hass, LAMP, 60))
    await until(lambda: home.commands == [LAMP_ON])
    await home.tell(LAMP, "OFF")
    await home.tell(LAMP, "ON")
    await turning_on
    assert (switch(hass, LAMP).state, off_at(hass, LAMP) == STATE_UNKNOWN) == (STATE_ON, False)
    await interval_passes(hass, 61)
    await until(lambda: home.commands == [LAMP_ON, LAMP_OFF])


@pytest.mark.parametrize("seconds", [-60, 0, 9.9, 86_401])
async def test_a_duration_that_means_nothing_is_refused(hass: HomeAssistant, home: Relays, seconds: float) -> None:
    with pytest.raises(probatio.Invalid):
        await turn_on_for(hass, LAMP, seconds)
    assert off_at(hass, LAMP) == STATE_UNKNOWN
    await nothing_more_than(hass, home)


async def test_the_action_is_there_before_any_gateway(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.has_service(DOMAIN, ACTION_TURN_ON_FOR)
