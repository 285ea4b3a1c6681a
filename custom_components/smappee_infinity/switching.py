"""What Home Assistant does to switches: confirmed commands, not too many of them, and off again in time.

Nothing is switched but by an action; a deadline is the second half of the action that has set it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from . import errors
from ._vendor.energy_control.chatter import ChatterLimit
from ._vendor.mqtt_schema.points import Scope
from ._vendor.smappee_gateway.changes import Changes
from ._vendor.smappee_gateway.errors import CommandError, NotConfirmedError
from .actuators import Actuators, change_of, switched
from .const import LOGGER
from .memory import SwitchBook
from .off_timers import OffTimers

FAILURES_BEFORE_REPAIR: Final = 5
"""A gateway that restarts is back by then; after that somebody should look."""


class Switching:
    """The switches of one gateway."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        actuators: Actuators,
        book: SwitchBook,
        announce: Callable[[Changes], None],
    ) -> None:
        """Do nothing before `start`; `announce` tells entities what has changed here."""
        self._hass = hass
        self._entry = entry
        self._actuators = actuators
        self._book = book
        self._announce = announce
        self._timers = OffTimers(hass, entry, self._switch_off, self._not_off_in_time)
        self._limits = defaultdict[Scope, ChatterLimit](ChatterLimit)
        self._present: set[Scope] = set()

    @callback
    def start(self) -> None:
        """Go on with the timers of before; the gateway has told its switches and their states."""
        self._take_stock()
        self._entry.async_on_unload(self._stop)

    @callback
    def follow(self, changes: Changes) -> None:
        """Take changes of the gateway: off, by whomever, ends a timer; a gateway that is back is tried at once."""
        if changes.installation:
            self._take_stock()
        for scope in switched(changes):
            if self._actuators.is_on(scope) is False:
                self._forget(scope)
        if changes.freshness and self._actuators.available:
            self._timers.hurry()

    def off_at(self, scope: Scope) -> datetime | None:
        """Return when a switch will be switched off (UTC); None = not by us."""
        return self._book.page(scope).off_at

    def off_after(self, scope: Scope) -> timedelta | None:
        """Return how long a switch stays on when nobody says how long; None = until it is switched off."""
        seconds = self._book.page(scope).off_after_s
        return None if seconds is None else timedelta(seconds=seconds)

    async def set_off_after(self, scope: Scope, duration: timedelta | None) -> None:
        """Choose how long a switch stays on from the next time on."""
        self._book.page(scope).off_after_s = None if duration is None else int(duration.total_seconds())
        await self._book.save()

    async def turn_on(self, scope: Scope, duration: timedelta | None = None) -> None:
        """Switch on, and off again after `duration` (else after `off_after`).

        Raises HomeAssistantError when it is switched too often, or when the gateway does not confirm it.
        """
        with self._translated(scope):
            duration = duration or self.off_after(scope)
            await self._turn_on_until(scope, None if duration is None else dt_util.utcnow() + duration)

    async def turn_off(self, scope: Scope) -> None:
        """Switch off; raises HomeAssistantError when the gateway does not confirm it."""
        with self._translated(scope):
            await self._switch_off(scope)

    async def _turn_on_until(self, scope: Scope, off_at: datetime | None) -> None:
        """Settle the timer first: a new deadline holds whatever happens then, and a former one cannot come between."""
        former = self.off_at(scope)
        await self._set(scope, off_at)
        try:
            await self._command(scope, on=True)
        except Exception as error:
            if off_at is None or not isinstance(error, NotConfirmedError):  # what is not confirmed may be on
                await self._set(scope, former)
            raise
        if self._actuators.is_on(scope) and self.off_at(scope) is None:
            await self._set(scope, off_at)  # the echo of an earlier off came between

    async def _switch_off(self, scope: Scope) -> None:
        await self._command(scope, on=False)

    async def _command(self, scope: Scope, *, on: bool) -> None:
        wait_s = self._limits[scope].admit(self._hass.loop.time(), on=on, was_on=self._actuators.is_on(scope))
        if wait_s:
            raise errors.switched_too_often(self._actuators.name(scope), wait_s)
        await self._actuators.switch(scope, on=on)

    async def _set(self, scope: Scope, off_at: datetime | None) -> None:
        """Set or end a timer, and keep that on disk before anything else happens."""
        if off_at is None and self.off_at(scope) is None:
            return
        self._forget(scope)
        if off_at is not None:
            self._book.page(scope).off_at = off_at
            self._timers.set(scope, off_at)
        self._announce(change_of(scope))
        await self._book.save()

    @callback
    def _forget(self, scope: Scope) -> None:
        """End the timer of a switch. It is written with the totals: after a crash, an off too much does no harm."""
        self._book.page(scope).off_at = None
        self._timers.cancel(scope)
        errors.clear_left_on(self._hass, self._entry.entry_id, scope.id)

    @callback
    def _take_stock(self) -> None:
        """Go on with the timers of switches that are there; forget those that are gone. An empty list may yet come."""
        present = self._actuators.present()
        for scope in present - self._present:
            self._resume(scope)
        for scope in self._present - present:
            self._forget(scope)
        self._book.keep_only(present, {scope.kind for scope in present | self._present})
        self._present = present

    def _resume(self, scope: Scope) -> None:
        off_at = self.off_at(scope)
        if self._actuators.is_on(scope) is False:
            self._forget(scope)
        elif off_at is not None:
            self._timers.set(scope, off_at)

    @callback
    def _stop(self) -> None:
        self._timers.cancel_all()
        for scope in self._present:
            errors.clear_left_on(self._hass, self._entry.entry_id, scope.id)

    @callback
    def _not_off_in_time(self, scope: Scope, error: CommandError, failures: int) -> None:
        """Say so once in the log and, when it goes on, in a repair."""
        name, serial = self._actuators.name(scope), self._actuators.serial
        if failures == 1:
            LOGGER.warning("%s is not off at its time (%s); trying again every minute until it is", name, error)
        if failures == FAILURES_BEFORE_REPAIR:
            errors.report_left_on(self._hass, self._entry.entry_id, scope.id, {"name": name, "serial": serial})

    @contextmanager
    def _translated(self, scope: Scope) -> Iterator[None]:
        try:
            yield
        except CommandError as error:
            raise errors.not_switched(error, self._actuators.name(scope), self._actuators.serial) from error
