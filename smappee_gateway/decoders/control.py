"""Plugs and switches, and `presence`."""

import msgspec

from mqtt_schema.accessories import Plug
from mqtt_schema.topics import ParsedTopic
from mqtt_schema.wire.control import HomeControlConfig, PlugConnectionState, PlugState, Presence
from smappee_gateway.decoders.message import MqttMessage
from smappee_gateway.updates import PlugConnectionUpdate, PlugStateUpdate, PlugsUpdate, PresenceUpdate, SiteUpdate

_RELAY = {"ON": True, "OFF": False}


def decode_home_control(topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
    """List what can be switched."""
    config = msgspec.json.decode(message.payload, type=HomeControlConfig)
    plugs = (
        Plug(
            id=str(actuator.node_id),
            name=actuator.name.strip() or f"Plug {actuator.node_id}",
            serial=actuator.serial_number,
        )
        for actuator in (*config.smartplug_actuators, *config.switch_actuators)
    )
    return [PlugsUpdate(location=topic.location, plugs=tuple(plugs))]


def decode_plug_state(topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
    """Read what a relay does; raises KeyError for a word that is no state."""
    value = msgspec.json.decode(message.payload, type=PlugState).value.upper()
    return [PlugStateUpdate(location=topic.location, plug=topic.node, on=_RELAY[value], retained=message.retained)]


def decode_plug_connection(topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
    """Read whether the gateway reaches a plug."""
    value = msgspec.json.decode(message.payload, type=PlugConnectionState).value
    return [PlugConnectionUpdate(location=topic.location, plug=topic.node, connected=value.upper() == "CONNECTED")]


def decode_presence(topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
    """Read whether somebody is thought to be at home."""
    present = msgspec.json.decode(message.payload, type=Presence).value
    return [PresenceUpdate(location=topic.location, present=present)]
