"""The part of docs/entities.md that is about the load balancing: circuits, chargers and loads that can be shed."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from markdown import code, table

from custom_components.smappee_infinity.balancing import binary_sensors, controls, sensors
from custom_components.smappee_infinity.balancing.const import EV_CHARGER, SHED_LOAD

HEADINGS: Final = ["entity", "meaning", "kind", "unit", "statistics", "shown from the start", "exists", "key"]
MEANS: Final = {described.key for described in sensors.NUMBERS}
"""Those with a mean, lowest and highest value of each hour."""
INTRODUCTION: Final = """
They exist where their owner has declared them ([the guide](home-assistant.md#load-balancing)). When a decision is
another they are written at once. The unique id is `<serial>_<key>_<identifier of the
subentry>`, of a line followed by its name.
"""


class Shown(NamedTuple):
    """One entity."""

    platform: str
    key: str
    meaning: str
    kind: str = ""
    unit: str = ""
    exists: str = "always"


SECTIONS: Final[Mapping[str, tuple[Shown, ...]]] = {
    "Each circuit": (
        Shown(
            "sensor",
            sensors.HEADROOM.key,
            "What may still be drawn on a line before the limit, margin taken off",
            "current",
            "A",
            "for each measured line",
        ),
        Shown(
            "sensor",
            sensors.HEADROOM_POWER.key,
            "What may still be drawn before the power limit",
            "power",
            "W",
            "with a power limit, or a limit from outside",
        ),
        Shown(
            "sensor",
            sensors.TRIP_RISK.key,
            "How near the breaker is to tripping, at the most sensitive that IEC 60898-1 allows",
            "",
            "%",
            "when it is measured",
        ),
        Shown(
            "binary_sensor",
            binary_sensors.OVERLOADED.key,
            "More is drawn than the limit allows",
            "problem",
            "",
            "when it is measured",
        ),
    ),
    "Each EV charger": (
        Shown("select", controls.CHARGER_MODE, "What its user wants: off, fast or stop"),
        Shown("number", controls.MAXIMUM_CURRENT, "The most that its user wants it to draw", "current", "A"),
        Shown("sensor", sensors.TARGET_CURRENT.key, "What it may draw on each line; 0 while it pauses", "current", "A"),
        Shown("sensor", sensors.REASONS[EV_CHARGER].key, "Why; the attributes say what limits, and until when", "enum"),
        Shown("binary_sensor", binary_sensors.CHARGING_ALLOWED.key, "It may charge"),
    ),
    "Each shed load": (
        Shown("sensor", sensors.REASONS[SHED_LOAD].key, "Why it is on or off", "enum"),
        Shown("binary_sensor", binary_sensors.LOAD_SHED.key, "It is switched off to make room"),
    ),
    "The gateway, where a circuit is declared": (
        Shown("switch", controls.CONTROL_ENABLED, "The balancing may command", "config"),
    ),
}


def section(names: Mapping[str, Any]) -> str:
    """Return the part; `names`: the English names by platform."""
    parts = (f"\n### {title}\n\n" + table(HEADINGS, _rows(rows, names)) for title, rows in SECTIONS.items())
    return "\n## Load balancing\n" + INTRODUCTION + "".join(parts)


def _rows(rows: tuple[Shown, ...], names: Mapping[str, Any]) -> Iterator[list[str]]:
    for row in rows:
        of_platform = names[row.platform]
        found = (
            of_platform[key]["name"].format(phase="…") for key in (row.key, f"{row.key}_phase") if key in of_platform
        )
        kind = ", ".join(part for part in (row.platform.replace("_", " "), row.kind) if part)
        statistics = "mean" if row.key in MEANS else ""
        yield [", ".join(found), row.meaning, kind, row.unit, statistics, "yes", row.exists, code(row.key)]
