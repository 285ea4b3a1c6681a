"""`config`: who the gateway is."""

import msgspec

from mqtt_schema.model import Identity
from mqtt_schema.topics import ParsedTopic
from mqtt_schema.wire.config import Config, NestedConfig
from smappee_gateway.decoders.message import MqttMessage, seconds
from smappee_gateway.updates import IdentityUpdate, SiteUpdate


def decode_config(_topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
    """Read either form; old firmware nests it."""
    try:
        config = msgspec.json.decode(message.payload, type=Config)
    except msgspec.ValidationError:
        config = msgspec.json.decode(message.payload, type=NestedConfig).config
    number = config.service_location_id
    identity = Identity(
        serial=config.serial_number,
        location=config.service_location_uuid,
        location_number=None if number is None else int(number),
        firmware=config.firmware_version,
        time_zone=config.time_zone,
        booted_at=seconds(config.utc_time_stamp),
    )
    return [IdentityUpdate(identity=identity)]
