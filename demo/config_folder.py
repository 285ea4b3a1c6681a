"""The configuration folder of the demo's Home Assistant: made at each start."""

import json
import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
TEMPLATE: Final = ROOT / "demo" / "config"
COMPONENT: Final = ROOT / "custom_components" / "smappee_infinity"
HOST: Final = "127.0.0.1"


def make(folder: Path, port: int) -> None:
    """Make `folder`, which must not exist yet."""
    shutil.copytree(TEMPLATE, folder)
    (folder / "custom_components").mkdir()
    (folder / "custom_components" / COMPONENT.name).symlink_to(COMPONENT)
    _store(folder, "http", (2, 2), _http(port))
    # Its HTTP client brings an mDNS responder along; without another network it has nobody to talk to.
    _store(folder, "core.network", (1, 1), {"configured_adapters": _loopback_adapters()})
    _store(folder, "onboarding", (4, 1), {"done": ["core_config", "analytics", "integration"]})


def _store(folder: Path, key: str, version: tuple[int, int], data: dict[str, object]) -> None:
    """Write a file of Home Assistant's storage."""
    major, minor = version
    document = {"version": major, "minor_version": minor, "key": key, "data": data}
    file = folder / ".storage" / key
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _loopback_adapters() -> list[str]:
    return [name for _, name in socket.if_nameindex() if name.rstrip("0123456789") == "lo"]


def _http(port: int) -> dict[str, object]:
    """Return the HTTP settings. In YAML they would be on trial and be taken back after five minutes."""
    stable = {
        "server_host": [HOST],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": datetime.now(UTC).isoformat(),
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}
