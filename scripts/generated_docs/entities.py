"""docs/entities.md: the same data points as entities of Home Assistant, with their English names."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import balancing_entities
from data_points import SCOPES, condition_of_each
from homeassistant.helpers.entity import EntityDescription
from markdown import NOTICE, code, first_line, table

from custom_components.smappee_infinity import binary_sensor, sensor, switch
from custom_components.smappee_infinity._vendor.energy_control.points import CONTROL_POINTS, ControlPoint
from custom_components.smappee_infinity._vendor.mqtt_schema.points import POINTS, Row
from custom_components.smappee_infinity._vendor.mqtt_schema.quantities import Nature

TEXTS = Path(__file__).parents[2] / "custom_components" / "smappee_infinity" / "translations" / "en.json"
INTRODUCTION = """\
# Entities

Everything the component shows in Home Assistant, with the English names. Which of them a house has follows from what
its gateway says and from what its owner tells; [the guide](home-assistant.md) explains them.

- *…* stands for what tells several of a kind apart: a line, the number of a CT or of a meter. A part that its owner
  gave a name is called by that.
- The unique id is `<serial>_<key>`, for all but the whole site followed by `_` and the identifier of the part. It never
  changes, whatever is renamed.
- *Statistics*: `mean` has mean, lowest and highest value of each hour; `sum` is a total, for the Energy dashboard and
  utility meters. What a meter of yours shows has none: a correction would count as use.
- What is not shown from the start can be enabled on the page of its device.
"""
HEADINGS = ["entity", "meaning", "kind", "unit", "statistics", "shown from the start", "exists", "key"]
STATISTICS = {"measurement": "mean", "total_increasing": "sum"}
OWN_NAME = "*its own name*"


class Host(NamedTuple):
    """An entity of what Home Assistant itself keeps about a switch."""

    platform: str
    key: str
    meaning: str
    detail: str
    """Its device class or its category."""


HOSTS = (
    Host("select", "switch_off_after", "How long a plain turn-on lasts", "config"),
    Host("sensor", "switches_off_at", "When it will be switched off", "timestamp"),
)


def document() -> str:
    """Return the whole document."""
    names = json.loads(TEXTS.read_text(encoding="utf-8"))["entity"]
    sections = (f"\n## {title}\n\n" + table(HEADINGS, _rows(scope, names)) for scope, title in SCOPES.items())
    return NOTICE + INTRODUCTION + "".join(sections) + balancing_entities.section(names)


def _rows(scope: str, names: Mapping[str, Any]) -> Iterator[list[str]]:
    conditions = condition_of_each()
    everything: tuple[Row | ControlPoint, ...] = (*POINTS, *CONTROL_POINTS)
    for point in everything:
        if point.scope == scope:
            yield _cells(point, conditions[point.key], names)
    if any(point.scope == scope and point.nature is Nature.SETTING for point in POINTS):
        for host in HOSTS:
            kind = _kind(host.platform, host.detail)
            name = _name(names[host.platform], host.key)
            yield [name, host.meaning, kind, "", "", "yes", "always", code(f"… {host.key}")]


def _cells(point: Row | ControlPoint, condition: str, names: Mapping[str, Any]) -> list[str]:
    platform, description = _described(point)
    statistics = getattr(description, "state_class", None)
    return [
        _name(names[platform], point.key),
        first_line(point.value.__doc__).removesuffix("."),
        _kind(platform, description.device_class, description.entity_category),
        getattr(description, "native_unit_of_measurement", None) or "",
        STATISTICS[statistics] if statistics else "",
        "yes" if description.entity_registry_enabled_default else "no",
        condition,
        code(point.key),
    ]


def _described(point: Row | ControlPoint) -> tuple[str, EntityDescription]:
    match point.nature:
        case Nature.STATE:
            return "binary_sensor", binary_sensor.describe(point)
        case Nature.SETTING:
            return "switch", switch.describe(point)
        case _:
            return "sensor", sensor.describe(point)


def _name(names: Mapping[str, Any], key: str) -> str:
    """Return the name, and how it is written where there are several; what is switched has a name of its own."""
    found = (names[name]["name"].format(phase="…") for name in (key, f"{key}_phase") if name in names)
    return ", ".join(found) or OWN_NAME


def _kind(platform: str, *more: str | None) -> str:
    return ", ".join(dict.fromkeys(str(part).replace("_", " ") for part in (platform, *more) if part))
