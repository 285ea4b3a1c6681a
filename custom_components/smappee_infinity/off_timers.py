"""Deadlines at which something is switched off: tried until it succeeds, or until nobody wants it any more."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later, async_track_point_in_utc_time

from ._vendor.mqtt_schema.points import Scope
from ._vendor.smappee_gateway.errors import CommandError

RETRY_S: Final = 60.0
"""The pause after an attempt that failed."""

type SwitchOff = Callable[[Scope], Awaitable[None]]
"""Switches off; raises a CommandError when that is not confirmed."""
type Failed = Callable[[Scope, CommandError, int], None]
"""Hears of every attempt that failed, and the how manieth it was."""


@dataclass(slots=True)
class _Timer:
    failures: int = 0
    wake: CALLBACK_TYPE | None = None
    """Stops waiting for the deadline or for the next attempt; None while an attempt is being made."""


class OffTimers:
    """The timers that run now. Nothing here is kept over a restart."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, switch_off: SwitchOff, failed: Failed) -> None:
        """Start with no timer."""
        self._hass = hass
        self._entry = entry
        self._switch_off = switch_off
        self._failed = failed
        self._timers: dict[Scope, _Timer] = {}

    @callback
    def set(self, scope: Scope, off_at: datetime) -> None:
        """Switch off at a time (UTC), at once when it has passed; cancel what was set before."""
        timer = self._timers[scope] = _Timer()
        timer.wake = async_track_point_in_utc_time(self._hass, self._job(scope, timer), off_at)

    @callback
    def cancel(self, scope: Scope) -> None:
        """Do not switch off."""
        timer = self._timers.pop(scope, None)
        if timer is not None and timer.wake is not None:
            timer.wake()

    @callback
    def cancel_all(self) -> None:
        """Stop all timers."""
        for scope in tuple(self._timers):
            self.cancel(scope)

    @callback
    def hurry(self) -> None:
        """Try again now what has failed before: the gateway is back."""
        for scope, timer in tuple(self._timers.items()):
            if timer.failures and timer.wake is not None:
                timer.wake()
                self._attempt(scope, timer)

    def _job(self, scope: Scope, timer: _Timer) -> HassJob[[datetime], None]:
        return HassJob(partial(self._time_has_come, scope, timer), cancel_on_shutdown=True)

    @callback
    def _time_has_come(self, scope: Scope, timer: _Timer, _now: datetime) -> None:
        self._attempt(scope, timer)

    @callback
    def _attempt(self, scope: Scope, timer: _Timer) -> None:
        timer.wake = None
        name = f"{self._entry.title} switches {scope.id} off"
        self._entry.async_create_background_task(self._hass, self._carry_out(scope, timer), name=name)

    async def _carry_out(self, scope: Scope, timer: _Timer) -> None:
        """Switch off. Who has seen the echo has cancelled the timer; else it is tried again later."""
        try:
            await self._switch_off(scope)
        except CommandError as error:
            if self._timers.get(scope) is timer:
                self._try_again(scope, timer, error)

    def _try_again(self, scope: Scope, timer: _Timer, error: CommandError) -> None:
        timer.failures += 1
        timer.wake = async_call_later(self._hass, RETRY_S, self._job(scope, timer))
        self._failed(scope, error, timer.failures)
