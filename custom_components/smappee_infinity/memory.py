"""Keeps what a session remembers on disk, so that totals continue after a restart."""

from typing import Any

import msgspec
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store

from ._vendor.smappee_gateway.session import SessionMemory
from .const import DOMAIN, LOGGER, SAVE_DELAY_S

STORAGE_VERSION = 1

type Stored = dict[str, Any]


class MemoryStore:
    """The memory of one config entry."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Read nothing yet."""
        self._store = Store[Stored](hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}", atomic_writes=True)
        self._save_is_due = False

    async def async_load(self) -> SessionMemory:
        """Return the stored memory. One that is damaged costs its totals, never the start."""
        try:
            stored = await self._store.async_load()
            return SessionMemory() if stored is None else msgspec.convert(stored, SessionMemory)
        except (HomeAssistantError, LookupError, TypeError, msgspec.ValidationError) as error:
            LOGGER.warning("The stored energy totals are unreadable and start again: %s", error)
            return SessionMemory()

    @callback
    def save_soon(self, memory: SessionMemory) -> None:
        """Write within some minutes, and when Home Assistant stops."""
        if self._save_is_due:
            return
        self._save_is_due = True
        self._store.async_delay_save(lambda: self._serialise(memory), SAVE_DELAY_S)

    async def async_save(self, memory: SessionMemory) -> None:
        """Write now."""
        await self._store.async_save(self._serialise(memory))

    async def async_remove(self) -> None:
        """Forget everything."""
        await self._store.async_remove()

    def _serialise(self, memory: SessionMemory) -> Stored:
        self._save_is_due = False
        stored: Stored = msgspec.to_builtins(memory)
        return stored
