"""Keeps on disk what must survive a restart: the totals of a session, and what the policies keep."""

from typing import Any, override

import msgspec
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store

from ._vendor.energy_control.demand import State as DemandState
from ._vendor.energy_control.today import State as TodayState
from ._vendor.smappee_gateway.session import SessionMemory
from .const import DOMAIN, LOGGER, SAVE_DELAY_S

STORAGE_VERSION = 2

type Stored = dict[str, Any]


class EntryMemory(msgspec.Struct):
    """What is kept of one config entry."""

    session: SessionMemory = msgspec.field(default_factory=SessionMemory)
    demand: DemandState = msgspec.field(default_factory=DemandState)
    today: TodayState = msgspec.field(default_factory=TodayState)


class _Store(Store[Stored]):
    @override
    async def _async_migrate_func(self, _old_major: int, _old_minor: int, old_data: Stored) -> Stored:
        """Version 1 was the session's memory alone."""
        return {"session": old_data}


class MemoryStore:
    """The memory of one config entry."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Read nothing yet."""
        self._store = _Store(hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}", atomic_writes=True)
        self._save_is_due = False

    async def async_load(self) -> EntryMemory:
        """Return the stored memory. One that is damaged costs its totals, never the start."""
        try:
            stored = await self._store.async_load()
            return EntryMemory() if stored is None else msgspec.convert(stored, EntryMemory)
        except (HomeAssistantError, LookupError, TypeError, msgspec.ValidationError) as error:
            LOGGER.warning("The stored energy totals are unreadable and start again: %s", error)
            return EntryMemory()

    @callback
    def save_soon(self, memory: EntryMemory) -> None:
        """Write within some minutes, and when Home Assistant stops."""
        if self._save_is_due:
            return
        self._save_is_due = True
        self._store.async_delay_save(lambda: self._serialise(memory), SAVE_DELAY_S)

    async def async_save(self, memory: EntryMemory) -> None:
        """Write now."""
        await self._store.async_save(self._serialise(memory))

    async def async_remove(self) -> None:
        """Forget everything."""
        await self._store.async_remove()

    def _serialise(self, memory: EntryMemory) -> Stored:
        self._save_is_due = False
        stored: Stored = msgspec.to_builtins(memory)
        return stored
