"""The start without a file: the gateways of this network, and the broker of this machine."""

from collections.abc import Sequence

from openhab_bridge.configuration.errors import ConfigurationError
from openhab_bridge.settings import GatewaySettings, Settings
from smappee_gateway.broker import Broker
from smappee_gateway.discovery import FoundGateway

NO_FILE = (
    "no gateway has announced itself in this network, and there is no configuration: write a file bridge.yaml that "
    "names the broker to publish to (target) and each gateway (gateways), and start with --config bridge.yaml"
)
NOT_HEARD = (
    "a gateway is found by itself when it is on, in the same network as this machine (mDNS crosses no router, VPN or "
    "guest network), and no Connect (serial number 51…), which has no MQTT"
)


def automatic(found: Sequence[FoundGateway]) -> Settings:
    """Listen to every gateway that was found, at its own broker. Raises ConfigurationError when there is none."""
    if not found:
        raise ConfigurationError([NO_FILE, NOT_HEARD])
    in_order = sorted(found, key=lambda gateway: gateway.serial)
    return Settings(
        target=Broker("localhost"),
        gateways=tuple(GatewaySettings(broker=Broker(gateway.address), serial=gateway.serial) for gateway in in_order),
    )
