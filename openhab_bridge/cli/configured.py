"""The configuration of a command: from a file, or found in the network."""

from collections.abc import Mapping
from pathlib import Path

from openhab_bridge.configuration import load
from openhab_bridge.configuration.automatic import automatic
from openhab_bridge.settings import Settings
from smappee_gateway.discovery import FoundGateway, search

SEARCH_S = 5.0


async def configured(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Return the settings; raises ConfigurationError."""
    if file is not None:
        return load(file, environment)
    return automatic(await search(SEARCH_S, _nothing))


def state_folder(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Return where totals are kept: as configured, where systemd says, or where this user's programs keep theirs."""
    if settings.state_folder is not None:
        return settings.state_folder
    if "STATE_DIRECTORY" in environment:
        return Path(environment["STATE_DIRECTORY"].split(":", maxsplit=1)[0])
    return Path(environment.get("XDG_STATE_HOME", Path.home() / ".local" / "state")) / "smappee-bridge"


def _nothing(_found: FoundGateway) -> None:
    """Say nothing of a gateway that is found."""
