"""Home Assistant's own MQTT, connected to the broker of a test."""

from homeassistant.components import mqtt
from homeassistant.const import CONF_PORT, CONF_PROTOCOL
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.const import DOMAIN
from custom_components.smappee_infinity.transports import BY_HOME_ASSISTANT
from tests import genius
from tests.mosquitto import Mosquitto
from tests.waiting import until


async def set_up_mqtt(hass: HomeAssistant, broker: Mosquitto) -> MockConfigEntry:
    """Set it up as its config flow does, and wait until it is connected."""
    entry = MockConfigEntry(
        domain=mqtt.DOMAIN,
        title=broker.host,
        data={mqtt.CONF_BROKER: broker.host, CONF_PORT: broker.port, CONF_PROTOCOL: "5"},
        options={"discovery": True, mqtt.CONF_DISCOVERY_PREFIX: "homeassistant"},
        version=mqtt.CONFIG_ENTRY_VERSION,
        minor_version=mqtt.CONFIG_ENTRY_MINOR_VERSION,
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: mqtt.is_connected(hass))
    return entry


def entry_by_mqtt(serial: str = genius.SERIAL) -> MockConfigEntry:
    """An entry whose gateway is heard by Home Assistant's MQTT."""
    return MockConfigEntry(
        domain=DOMAIN, title=f"Smappee Genius {serial}", unique_id=serial, data=dict(BY_HOME_ASSISTANT)
    )
