"""Diagnostics: everything needed to find a fault, nothing that tells whose house it is."""

import random
import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

import msgspec
from homeassistant.components.diagnostics import async_redact_data
from homeassistant.core import HomeAssistant

from ._vendor.mqtt_schema.model import Site
from ._vendor.mqtt_schema.readings import Readings
from ._vendor.mqtt_schema.topics import PREFIX
from ._vendor.smappee_gateway.anonymise import Anonymiser
from ._vendor.smappee_gateway.capture import RecordedMessage
from ._vendor.smappee_gateway.modules import Modules
from .balancing.diagnostics import balancing_of
from .connection_form import SECRETS
from .const import CONF_DIGITAL_METER
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .transports import address_of

TO_REDACT: Final = {"location_number", CONF_DIGITAL_METER, *SECRETS}
"""The user names entities as he likes, after persons, too."""
TELLING: Final = (
    r"(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"|(?P<serial>(?<!\d)\d{8,}(?!\d))"
    r"|(?P<address>(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})"
)
"""What tells whose house it is, wherever it stands; an error message names IP addresses."""
NAME: Final = "name"
"""The key of what the user typed: the name of a child on a room tells as much as an address."""


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: SmappeeConfigEntry) -> dict[str, object]:
    """Return the diagnostics of a gateway; the same thing has the same alias throughout."""
    coordinator = entry.runtime_data
    session = coordinator.session
    document = {
        "entry": {"data": dict(entry.data), "options": dict(entry.options), "source": entry.source},
        "gateway": _gateway(coordinator),
        "site": _site(session.site),
        "dialects": _dialects(coordinator.modules),
        "points": {f"{data.point.key} {data.scope.id}".strip(): data.read() for data in coordinator.data_points()},
        "readings": _readings(session.readings),
        "memory": msgspec.to_builtins(session.memory),
        "balancing": balancing_of(coordinator.balancing),
    }
    host, _ = address_of(hass, entry.data)
    aliases = Aliases(host, coordinator.serial)
    return {key: aliases.hide(async_redact_data(part, TO_REDACT)) for key, part in document.items()}


def _gateway(coordinator: SmappeeCoordinator) -> dict[str, object]:
    gateway, session, decoder = coordinator.gateway, coordinator.session, coordinator.decoder
    return {
        "available": gateway.available,
        "connected": gateway.connected,
        "feed": session.feed.value,
        "age_s": gateway.age_s,
        "last_failure": gateway.last_failure,
        "other_serials": sorted(session.other_serials),
        "messages": decoder.messages,
        "unknown_topics": decoder.unknown_topics,
        "unknown_topic_names": _topic_names(decoder.unknown_topic_names),
        "modules_seen": [
            {"preset": seen.preset, "understood": seen.understood, "messages": messages}
            for seen, messages in decoder.seen_modules.items()
        ],
        "unreadable": dict(decoder.unreadable),
        "ignored_foreign": session.ignored_foreign,
        "ignored_counter_values": session.ignored_counter_values,
    }


def _topic_names(names: Mapping[str, int]) -> dict[str, int]:
    """Return the names of topics that nobody has described, without what a person may have put into them."""
    anonymiser = Anonymiser(random.SystemRandom())
    topics = (RecordedMessage(at_s=0.0, topic=f"{PREFIX}/x/{name}", payload=b"") for name in names)
    shown = (anonymiser.message(topic).topic.split("/", 2)[2] for topic in topics)
    return dict(zip(shown, names.values(), strict=True))


def _site(site: Site) -> dict[str, object]:
    return {
        "identity": msgspec.to_builtins(site.identity),
        "topology": site.topology.value,
        "phases": [phase.name for phase in site.phases],
        "channels": msgspec.to_builtins(site.channels),
        "plugs": msgspec.to_builtins(site.plugs),
        "sensors": msgspec.to_builtins(site.sensors),
        "meters": msgspec.to_builtins(site.meters),
        "switch_meters": msgspec.to_builtins(site.switch_meters),
        "output_modules": msgspec.to_builtins(site.output_modules),
        "input_modules": msgspec.to_builtins(site.input_modules),
    }


def _dialects(modules: Modules) -> list[dict[str, object]]:
    """Return how modules are believed to speak. The `name` of a dialect is that of a preset, and tells of nobody."""
    outputs = [(declared.module.id, msgspec.to_builtins(declared.dialect)) for declared in modules.outputs]
    inputs = [(declared.module.id, msgspec.to_builtins(declared.dialect)) for declared in modules.inputs]
    return [{"module": module, "preset": dialect.pop(NAME), **dialect} for module, dialect in (*outputs, *inputs)]


def _readings(readings: Readings) -> dict[str, object]:
    """Return what entities do not show: the channels as they were sent, and what the site told besides."""
    return {
        "channels": {str(index): msgspec.to_builtins(reading) for index, reading in readings.channels.items()},
        "presence": readings.presence,
        "plugs": msgspec.to_builtins(readings.plugs),
        "relays": msgspec.to_builtins(readings.relays),
        "contacts": dict(readings.contacts),
    }


class Aliases:
    """Replaces what would tell whose house it is by names that stay the same in one document."""

    def __init__(self, host: str, serial: str) -> None:
        """Know the two that are worth a name of their own; the host is empty where there is none."""
        self._aliases = {serial: "gateway"} | ({host.casefold(): "host"} if host else {})
        self._numbers = Counter[str]()
        known = "|".join(re.escape(name) for name in sorted(self._aliases, key=len, reverse=True))
        self._pattern = re.compile(f"{known}|{TELLING}", re.IGNORECASE)

    def hide(self, value: object) -> object:
        """Return a JSON value with aliases in its strings and keys."""
        if isinstance(value, str):
            return self._pattern.sub(lambda match: self._alias(match[0].casefold(), str(match.lastgroup)), value)
        if isinstance(value, Mapping):
            return {self.hide(key): self._hide_item(key, item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.hide(item) for item in value]
        return value

    def _hide_item(self, key: object, item: object) -> object:
        return self._alias(item, NAME) if key == NAME and isinstance(item, str) else self.hide(item)

    def _alias(self, text: str, kind: str) -> str:
        if text not in self._aliases:
            self._numbers[kind] += 1
            self._aliases[text] = f"{kind}-{self._numbers[kind]}"
        return self._aliases[text]
