"""The folder of the add-on, and what may stand in its description."""

from pathlib import Path
from typing import Any

import voluptuous as vol
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "packaging" / "home_assistant_addon"

OPTION = vol.Match(
    r"^(bool|email|url|port|device(\(subsystem=[a-z]+\))?|(str|password|int|float)(\([\d.]*,[\d.]*\))?"
    r"|match\(.*\)|list\(.+\))\??$"
)
OPTIONS = {str: vol.Schema(vol.Any(OPTION, [vol.Any(OPTION, {str: vol.Self})], {str: vol.Self}))}
"""As the Supervisor documents the `schema` of an add-on."""
PROBE = r"^(https?|tcp)://\[HOST\]:\[PORT:\d+\].*$"
DESCRIPTION = vol.Schema(
    {
        vol.Required("name"): str,
        vol.Required("version"): vol.Match(r"^\d+\.\d+\.\d+$"),
        vol.Required("slug"): vol.Match(r"^[-_.A-Za-z0-9]+$"),
        vol.Required("description"): str,
        vol.Required("arch"): vol.All([vol.In({"aarch64", "amd64"})], vol.Length(min=1)),
        "url": vol.Url(),
        "stage": vol.In({"stable", "experimental", "deprecated"}),
        "startup": vol.In({"initialize", "system", "services", "application", "once"}),
        "services": [vol.Match(r"^(mqtt|mysql):(provide|want|need)$")],
        "map": [
            {vol.Required("type"): vol.In({"addon_config", "ssl", "share", "data"}), "read_only": bool, "path": str}
        ],
        "ingress": bool,
        "ingress_port": vol.All(int, vol.Range(1, 65535)),
        "panel_icon": vol.Match(r"^mdi:[a-z-]+$"),
        "panel_title": str,
        "watchdog": vol.Match(PROBE),
        "options": dict,
        "schema": OPTIONS,
    }
)
"""Those of the documented keys that are used; every other one is a mistake until it is looked up."""


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return content
