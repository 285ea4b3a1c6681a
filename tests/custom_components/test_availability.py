"""When values can be trusted, and what the log says of it."""

import logging

import pytest
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import SILENCE_REPAIR_S
from tests import genius
from tests.custom_components.running import arrived, interval_passes, set_up, show, state_of
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import Mosquitto
from tests.waiting import until

POWER = f"{genius.SERIAL}_grid_power"
IMPORT = f"{genius.SERIAL}_grid_import_energy"
OVEN = f"{genius.SERIAL}_load_import_energy_5500000002_0"


@pytest.mark.usefixtures("quickly_stale")
async def test_a_silent_gateway_makes_its_entities_unavailable_until_it_speaks(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await set_up(hass, entry, gateway)
    states = hass.states.async_all("sensor")
    await until(lambda: is_shown_as(hass, STATE_UNAVAILABLE))
    assert {state.state for state in hass.states.async_all("sensor")} == {STATE_UNAVAILABLE}
    assert len(hass.states.async_all("sensor")) == len(states)
    await gateway.power(elapsed_s=5, grid1=1234)
    await until(lambda: is_shown_as(hass, "1234"))
    assert said(caplog) == [
        f"INFO Gateway {genius.SERIAL}: measurements arrive",
        f"WARNING Gateway {genius.SERIAL}: connected, but measurements have stopped",
        f"INFO Gateway {genius.SERIAL}: measurements arrive",
    ]


@pytest.mark.usefixtures("quickly_stale")
async def test_a_gateway_that_stays_silent_is_a_repair_until_it_speaks(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    repairs = ir.async_get(hass).issues
    await until(lambda: is_shown_as(hass, STATE_UNAVAILABLE))
    await interval_passes(hass, SILENCE_REPAIR_S - 1)
    assert not repairs
    await interval_passes(hass, SILENCE_REPAIR_S + 1)
    assert [issue.translation_key for issue in repairs.values()] == ["no_data"]
    await gateway.power(elapsed_s=5)
    await until(lambda: not repairs)


@pytest.mark.usefixtures("quickly_stale")
async def test_a_gateway_that_speaks_in_time_is_no_repair(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    await until(lambda: is_shown_as(hass, STATE_UNAVAILABLE))
    await gateway.power(elapsed_s=5, grid1=7)
    await until(lambda: is_shown_as(hass, "7"))
    await interval_passes(hass, SILENCE_REPAIR_S + 1)
    assert not ir.async_get(hass).issues


@pytest.mark.usefixtures("quickly_stale")
async def test_a_measurement_that_is_sent_again_and_again_is_silence(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    await gateway.during(until(lambda: is_shown_as(hass, STATE_UNAVAILABLE)))


async def test_a_broker_that_restarts(
    hass: HomeAssistant, broker: Mosquitto, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with connected(broker.host, broker.port) as client:
        gateway = Sender(client)
        await gateway.introduce()
        coordinator = await set_up(hass, entry, gateway)
        await gateway.power(elapsed_s=10, grid1=3600)
        await show(hass, coordinator, gateway)
    assert (state_of(hass, IMPORT), state_of(hass, OVEN)) == ("0.01", "10.0")
    broker.stop()
    await until(lambda: is_shown_as(hass, STATE_UNAVAILABLE))
    broker.start()
    async with connected(broker.host, broker.port) as client:
        gateway = Sender(client)
        gateway.second = 100
        await gateway.power(imported=36_720_000, grid1=1000)
        await gateway.during(arrived(coordinator, gateway))
        await interval_passes(hass)
    assert state_of(hass, POWER) == "1000"
    # While the broker was away, each CT counted 0.2 kWh: three of them are the grid's.
    assert (state_of(hass, IMPORT), state_of(hass, OVEN)) == ("0.61", "10.2")
    assert said(caplog) == [
        f"INFO Gateway {genius.SERIAL}: measurements arrive",
        f"WARNING Gateway {genius.SERIAL}: connection lost (Disconnected during message iteration)",
        f"INFO Gateway {genius.SERIAL}: measurements arrive",
    ]


def is_shown_as(hass: HomeAssistant, state: str) -> bool:
    return state_of(hass, POWER) == state


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the component logged of its connection, with the level."""
    return [
        f"{record.levelname} {record.getMessage()}"
        for record in caplog.records
        if record.name.startswith("custom_components.smappee_infinity.") and record.levelno >= logging.INFO
    ]
