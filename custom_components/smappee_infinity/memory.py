"""Keeps on disk what must survive a restart: totals of a session, what the policies keep, timers of switches."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, override

import msgspec
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store

from ._vendor.energy_control.policies import Memory
from ._vendor.mqtt_schema.points import Scope, ScopeKind
from ._vendor.smappee_gateway.session import SessionMemory
from .balancing.memory import BalancingMemory
from .const import DOMAIN, LOGGER, SAVE_DELAY_S

STORAGE_VERSION = 2

type Stored = dict[str, Any]


class SwitchMemory(msgspec.Struct, omit_defaults=True):
    """What is kept of one switch."""

    off_at: datetime | None = None
    """When it is to be switched off (UTC)."""
    off_after_s: int | None = None
    """How long it stays on when nobody says how long, in seconds."""


class EntryMemory(Memory):
    """What is kept of one config entry."""

    session: SessionMemory = msgspec.field(default_factory=SessionMemory)
    switches: dict[str, SwitchMemory] = msgspec.field(default_factory=dict)
    balancing: BalancingMemory = msgspec.field(default_factory=BalancingMemory)


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
            return EntryMemory() if stored is None else msgspec.convert(stored, EntryMemory, str_keys=True)
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
        stored: Stored = msgspec.to_builtins(memory, str_keys=True)
        return stored


class SwitchBook:
    """What is kept of the switches of one config entry: a page for each."""

    def __init__(self, pages: dict[str, SwitchMemory], save: Callable[[], Awaitable[None]]) -> None:
        """`pages` are part of what `save` writes."""
        self._pages = pages
        self.save = save

    def page(self, scope: Scope) -> SwitchMemory:
        """Return the page of a switch; an empty one when nothing is kept of it."""
        return self._pages.setdefault(_key(scope), SwitchMemory())

    def keep_only(self, scopes: Iterable[Scope], kinds: Iterable[ScopeKind]) -> None:
        """Forget all switches of some kinds but these: the numbers of those that are gone may be given to others."""
        prefixes = tuple(f"{kind}_" for kind in kinds)
        for key in self._pages.keys() - {_key(scope) for scope in scopes}:
            if key.startswith(prefixes):
                del self._pages[key]


def _key(scope: Scope) -> str:
    return f"{scope.kind}_{scope.id}"
