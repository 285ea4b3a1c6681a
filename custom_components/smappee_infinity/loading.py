"""Whether a gateway can be asked, for dialogs. What one dialog saves sets the gateway up anew, while the next opens."""

from homeassistant.config_entries import ConfigEntry, ConfigEntryState


async def is_loaded(entry: ConfigEntry) -> bool:
    """Wait for the end of a set-up that is under way; return whether the gateway answers."""
    async with entry.setup_lock:
        return entry.state is ConfigEntryState.LOADED
