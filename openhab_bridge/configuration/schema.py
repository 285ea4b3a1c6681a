"""What may stand in the file as a whole, and the settings it makes."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

import msgspec
import voluptuous as vol

from mqtt_schema.quantities import Quantity
from openhab_bridge.configuration.brokers import PORT, broker, host
from openhab_bridge.configuration.checks import (
    Check,
    is_nothing,
    list_of,
    matching,
    needed,
    number,
    one_of,
    section,
    switch,
)
from openhab_bridge.configuration.gateways import gateways
from openhab_bridge.configuration.paths import Folder
from openhab_bridge.settings import (
    USUAL_PACES,
    DiscoverySettings,
    HomieSettings,
    HomieVersion,
    LogFormat,
    Pace,
    Settings,
    TopicSettings,
    TrafficSettings,
    WebSettings,
)

DAY_S: Final = 86_400
WIDEST_DEADBAND: Final = 1_000_000
PREFIX: Final = matching(
    re.compile(r"(?!\$)[^/+#\s]+(/[^/+#\s]+){0,9}"),
    "the beginning of topics: no + or #, no space, no / at its ends, not two in a row, no $ in front",
)
HOMIE_PREFIX: Final = matching(
    re.compile(r"(?!\$)[^/+#\s]+"),
    "one level of topics: no /, + or #, no space, no $ in front; openHAB looks for devices nowhere else",
)
_VERSION: Final = one_of({version.value: version for version in HomieVersion})


def settings(folder: Path) -> Check[Settings]:
    """Return the check of a whole file in this folder."""
    within = Folder(folder)
    fields: Mapping[vol.Marker, object] = {
        needed("target", "the broker to publish to, such as mqtt://localhost"): broker(within),
        needed("gateways", "a list of the gateways to listen to"): gateways(within),
        vol.Optional("all_points"): switch,
        vol.Optional("homie"): _HOMIE,
        vol.Optional("topics"): _TOPICS,
        vol.Optional("home_assistant"): _DISCOVERY,
        vol.Optional("traffic"): _TRAFFIC,
        vol.Optional("web"): _WEB,
        vol.Optional("state_folder"): within.place,
        vol.Optional("log"): one_of({form.value: form for form in LogFormat}),
    }
    return section(fields, _settings)


def _settings(keys: Mapping[str, object]) -> Settings:
    names = {"home_assistant": "discovery"}
    found = msgspec.convert({names.get(key, key): value for key, value in keys.items()}, Settings)
    if found.discovery.enabled and not found.topics.enabled:
        raise vol.Invalid("needs the plain topics: entities read them; switch them on, too", path=["home_assistant"])
    prefixes: dict[str, str] = {}
    for name, part in (("homie", found.homie), ("topics", found.topics), ("home_assistant", found.discovery)):
        if part.enabled and (other := prefixes.setdefault(part.prefix, name)) != name:
            raise vol.Invalid(f"{other} has the same prefix {part.prefix}; each needs its own", path=[name])
    return found


def versions(value: object) -> frozenset[HomieVersion]:
    """Check which versions of Homie are spoken: a list, or one alone."""
    found = frozenset(_VERSIONS(value if isinstance(value, list) or is_nothing(value) else [value]))
    if not found:
        raise vol.Invalid("is empty; to speak no Homie at all, write enabled: false")
    return found


_VERSIONS: Final = list_of(_VERSION, "versions")
_HOMIE: Final = section(
    {vol.Optional("enabled"): switch, vol.Optional("versions"): versions, vol.Optional("prefix"): HOMIE_PREFIX},
    lambda keys: msgspec.convert(keys, HomieSettings),
)
_TOPICS: Final = section(
    {vol.Optional("enabled"): switch, vol.Optional("prefix"): PREFIX},
    lambda keys: msgspec.convert(keys, TopicSettings),
)
_DISCOVERY: Final = section(
    {vol.Optional("enabled"): switch, vol.Optional("prefix"): PREFIX, vol.Optional("per_device"): switch},
    lambda keys: msgspec.convert(keys, DiscoverySettings),
)
_WEB: Final = section(
    {vol.Optional("enabled"): switch, vol.Optional("host"): host, vol.Optional("port"): PORT},
    lambda keys: msgspec.convert(keys, WebSettings),
)


def _pace(quantity: Quantity) -> Check[Pace]:
    """Return a check of one pace; what is not written is as usual for that quantity."""
    usual = asdict(USUAL_PACES.get(quantity, Pace()))
    return section(
        {vol.Optional("deadband"): number(0, WIDEST_DEADBAND), vol.Optional("min_interval_s"): number(0, DAY_S)},
        lambda keys: msgspec.convert({**usual, **keys}, Pace),
    )


def _traffic(keys: Mapping[str, object]) -> TrafficSettings:
    """Quantities that are not written keep their usual pace."""
    settle = {"settle_s": keys["settle_s"]} if "settle_s" in keys else {}
    paces = {Quantity(name): pace for name, pace in keys.items() if name != "settle_s"}
    return msgspec.convert({**settle, "paces": {**USUAL_PACES, **paces}}, TrafficSettings)


_TRAFFIC: Final = section(
    {
        vol.Optional("settle_s"): number(0, DAY_S),
        **{vol.Optional(quantity.value): _pace(quantity) for quantity in Quantity},
    },
    _traffic,
)
