"""How a gateway is reached: what the data of an entry say of it, and the transport that is made of them."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components import mqtt
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_SSL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant

from ._vendor.smappee_gateway.broker import DEFAULT_PORT, Broker, Tls
from ._vendor.smappee_gateway.modules import NO_MODULES, Modules
from ._vendor.smappee_gateway.mqtt_decoder import MqttMessage
from ._vendor.smappee_gateway.mqtt_transport import MqttTransport
from ._vendor.smappee_gateway.transport import ProbingTransport
from .ha_mqtt_transport import HaMqttTransport

CONF_TRANSPORT: Final = "transport"
"""Only where it is not a broker with an address."""
CONF_CERTIFICATE: Final = "certificate"
"""The certificate of the authority that is trusted, in PEM."""
BY_HOME_ASSISTANT: Final = {CONF_TRANSPORT: mqtt.DOMAIN}
"""The data of an entry whose gateway is heard by Home Assistant's own MQTT."""

type Way = dict[str, Any]
"""What the data of an entry say of how its gateway is reached."""


def transport_of(
    hass: HomeAssistant, data: Mapping[str, Any], modules: Modules = NO_MODULES
) -> ProbingTransport[MqttMessage]:
    """Make the transport that the data of an entry ask for; nothing is connected yet."""
    if is_by_home_assistant(data):
        return HaMqttTransport(hass, modules)
    return MqttTransport(broker_of(data), modules=modules)


def is_by_home_assistant(data: Mapping[str, Any]) -> bool:
    """Tell whether Home Assistant's own MQTT hears the gateway."""
    return data.get(CONF_TRANSPORT) == mqtt.DOMAIN


def broker_of(data: Mapping[str, Any]) -> Broker:
    """Return the broker with an address; what is not in the data is as gateways have it: open, and in plain text."""
    tls = Tls(verify=data.get(CONF_VERIFY_SSL, True), authority=data.get(CONF_CERTIFICATE))
    return Broker(
        data[CONF_HOST],
        data[CONF_PORT],
        data.get(CONF_USERNAME),
        data.get(CONF_PASSWORD),
        tls if data.get(CONF_SSL) else None,
    )


def address_of(hass: HomeAssistant, data: Mapping[str, Any]) -> tuple[str, int]:
    """Return host and port of the broker, for those who must look at it; that of Home Assistant's MQTT is its own."""
    if not is_by_home_assistant(data):
        return data.get(CONF_HOST, ""), data.get(CONF_PORT, DEFAULT_PORT)
    for entry in hass.config_entries.async_entries(mqtt.DOMAIN, include_ignore=False):
        return entry.data[mqtt.CONF_BROKER], entry.data.get(CONF_PORT, DEFAULT_PORT)
    return "", DEFAULT_PORT
