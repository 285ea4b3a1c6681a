"""What is said of a location before it is known whose it is: brokers give retained messages in any order."""

from smappee_gateway.updates import (
    ModuleInputsUpdate,
    ModuleStateUpdate,
    PlugConnectionUpdate,
    PlugStateUpdate,
    PlugsUpdate,
    PresenceUpdate,
    SensorsUpdate,
    SiteUpdate,
    TopologyUpdate,
)

MOST_UPDATES = 200
"""Of all locations together; a gateway with everything has about forty. More is noise, and not kept."""

type KeptUpdate = (
    TopologyUpdate
    | PlugsUpdate
    | SensorsUpdate
    | PresenceUpdate
    | PlugStateUpdate
    | PlugConnectionUpdate
    | ModuleStateUpdate
    | ModuleInputsUpdate
)


class EarlyUpdates:
    """Keeps the latest of each, until the location turns out to be ours. Measurements come again, and are not kept."""

    def __init__(self) -> None:
        """Nothing has been said."""
        self._latest: dict[tuple[str, type[KeptUpdate], str], KeptUpdate] = {}

    def keep(self, update: SiteUpdate) -> None:
        """Keep an update that tells what is installed, or a state."""
        match update:
            case TopologyUpdate() | PlugsUpdate() | SensorsUpdate() | PresenceUpdate():
                self._put(update, "")
            case PlugStateUpdate() | PlugConnectionUpdate():
                self._put(update, update.plug)
            case ModuleStateUpdate() | ModuleInputsUpdate():
                self._put(update, update.module)
            case _:
                return

    def take(self, location: str) -> list[KeptUpdate]:
        """Return what was said of a location, in the order it came, and forget it."""
        said = {key: update for key, update in self._latest.items() if key[0] == location}
        for key in said:
            del self._latest[key]
        return list(said.values())

    def _put(self, update: KeptUpdate, part: str) -> None:
        key = (update.location, type(update), part)
        known = self._latest.pop(key, None)
        if known is not None or len(self._latest) < MOST_UPDATES:
            self._latest[key] = update
