"""Steps that most tests share: set up an entry, let the update interval pass, look at entities."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from homeassistant import loader
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_test_home_assistant,
)

from custom_components.smappee_infinity.const import CONF_UPDATE_INTERVAL, DOMAIN
from custom_components.smappee_infinity.coordinator import SmappeeCoordinator
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import Mosquitto
from tests.waiting import until


async def set_up(hass: HomeAssistant, entry: MockConfigEntry, gateway: Sender) -> SmappeeCoordinator:
    """Set up an entry while its gateway measures; returns its coordinator."""
    entry.add_to_hass(hass)
    assert await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    await hass.async_block_till_done()
    coordinator = entry.runtime_data
    assert isinstance(coordinator, SmappeeCoordinator)
    return coordinator


@asynccontextmanager
async def home_assistant_again(hass: HomeAssistant) -> AsyncIterator[HomeAssistant]:
    """Start a second Home Assistant with the files of the first."""
    async with async_test_home_assistant(config_dir=hass.config.config_dir) as second:
        second.data.pop(loader.DATA_CUSTOM_COMPONENTS)
        try:
            yield second
        finally:
            await second.async_stop(force=True)


async def arrived(coordinator: SmappeeCoordinator, gateway: Sender) -> None:
    """Wait until the latest measurement has been taken."""
    sent_at = gateway.live["utcTimeStamp"]
    assert isinstance(sent_at, int)
    await until(lambda: coordinator.session.memory.measured_at == sent_at / 1000)


async def interval_passes(hass: HomeAssistant, seconds: float = 6) -> None:
    """Let the timers of so many seconds come now."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done()


async def show(hass: HomeAssistant, coordinator: SmappeeCoordinator, gateway: Sender) -> None:
    """Wait until the entities show the latest measurement, whatever their interval is."""
    await arrived(coordinator, gateway)
    await interval_passes(hass, coordinator.config_entry.options.get(CONF_UPDATE_INTERVAL, 5) + 1)


def entity_id(hass: HomeAssistant, unique_id: str) -> str:
    found = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, unique_id)
    assert found is not None, unique_id
    return found


def state_of(hass: HomeAssistant, unique_id: str) -> str:
    """The state of an entity by its unique id."""
    state = hass.states.get(entity_id(hass, unique_id))
    assert state is not None, unique_id
    return state.state


async def returned(coordinator: SmappeeCoordinator, broker: Mosquitto, gateway: Sender) -> None:
    """Let the gateway come back to its broker and measure, until that is seen."""
    async with connected(broker.host, broker.port) as client:
        again = Sender(client)
        again.second = gateway.second + 60
        await again.introduce()
        await again.living(until(lambda: coordinator.gateway.available))
