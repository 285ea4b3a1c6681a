"""Where discovery happens: the topics of payloads, and the one on which Home Assistant says that it has started."""

from typing import Final

from openhab_bridge.settings import Settings

BIRTH: Final = "online"
"""What Home Assistant says when it has started and wants to be told everything again."""
DEVICE: Final = "device"
"""Stands in place of a component's name where a payload describes a whole device."""


def birth_topic(settings: Settings) -> str:
    """Return the topic on which Home Assistant says that it comes and goes."""
    return f"{settings.discovery.prefix}/status"


def tree(settings: Settings, serial: str) -> str:
    """Return a topic with wildcards for all payloads of a gateway, in either form, and for nothing else."""
    return config_topic(settings, serial, "+", "+")


def config_topic(settings: Settings, serial: str, component: str, name: str) -> str:
    """Return the topic of a payload; the gateway is the node, so that `tree` finds what an earlier run has left."""
    return f"{settings.discovery.prefix}/{component}/{gateway_id(serial)}/{name}/config"


def gateway_id(serial: str) -> str:
    """Return what identifies a gateway; everything else of it begins with that."""
    return f"smappee-{serial}"
