"""Diagnostics: everything needed to find a fault, nothing that tells whose house it is."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec
from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant

from ._vendor.mqtt_schema.model import Readings, Site
from ._vendor.mqtt_schema.points import points
from .coordinator import SmappeeConfigEntry, SmappeeCoordinator

TO_REDACT: Final = {"location_number"}
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SERIAL: Final = re.compile(r"(?<!\d)\d{10}(?!\d)")


async def async_get_config_entry_diagnostics(_hass: HomeAssistant, entry: SmappeeConfigEntry) -> dict[str, object]:
    """Return the diagnostics of a gateway; the same thing has the same alias throughout."""
    coordinator = entry.runtime_data
    session = coordinator.session
    document = {
        "entry": {"data": dict(entry.data), "options": dict(entry.options), "source": entry.source},
        "gateway": _gateway(coordinator),
        "site": _site(session.site),
        "points": _points(session.site, session.readings),
        "readings": _readings(session.readings),
        "memory": msgspec.to_builtins(session.memory),
    }
    aliases = Aliases(entry.data[CONF_HOST], coordinator.serial)
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
        "unreadable": dict(decoder.unreadable),
        "ignored_foreign": session.ignored_foreign,
        "ignored_counter_values": session.ignored_counter_values,
    }


def _site(site: Site) -> dict[str, object]:
    return {
        "identity": msgspec.to_builtins(site.identity),
        "topology": site.topology.value,
        "phases": [phase.name for phase in site.phases],
        "channels": msgspec.to_builtins(site.channels),
        "plugs": msgspec.to_builtins(site.plugs),
    }


def _points(site: Site, readings: Readings) -> dict[str, object]:
    return {f"{row.key} {scope.id}".strip(): row.value(site, readings, scope.id) for row, scope in points(site)}


def _readings(readings: Readings) -> dict[str, object]:
    """Return what entities do not show: the channels as they were sent, and what the site told besides."""
    return {
        "channels": {str(index): msgspec.to_builtins(reading) for index, reading in readings.channels.items()},
        "presence": readings.presence,
        "plugs": msgspec.to_builtins(readings.plugs),
    }


class Aliases:
    """Replaces hosts, serial numbers and uuids, wherever they stand, by names that stay the same in one document."""

    def __init__(self, host: str, serial: str) -> None:
        """Know the names that no pattern finds."""
        self._names = {host: "host", serial: "gateway"}
        known = "|".join(re.escape(name) for name in sorted(self._names, key=len, reverse=True))
        self._pattern = re.compile(f"{known}|{UUID.pattern}|{SERIAL.pattern}", re.IGNORECASE)

    def hide(self, value: object) -> object:
        """Return a JSON value with aliases in its strings and keys."""
        if isinstance(value, str):
            return self._pattern.sub(self._alias, value)
        if isinstance(value, Mapping):
            return {self.hide(key): self.hide(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.hide(item) for item in value]
        return value

    def _alias(self, match: re.Match[str]) -> str:
        kind = "uuid" if UUID.fullmatch(match[0]) else "serial"
        return self._names.setdefault(match[0], f"{kind}-{len(self._names) - 1}")
