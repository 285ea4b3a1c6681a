"""Carries out what is decided, by actions of other integrations: in order, without waiting, each charger by itself."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .._vendor.energy_control.balancing.decisions import AllowCharging, Command, Heartbeat, SetCurrent, SwitchLoad
from ..const import LOGGER
from .charger_entities import Action
from .const import CALL_TIMEOUT_S, FAREWELL_TIMEOUT_S

type ActionOf = Callable[[Command], Action | None]


class Sender:
    """The commands of one charger or load. A newer one takes the place of one of its kind that has not left yet."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, name: str, action_of: ActionOf) -> None:
        """Send nothing; `name` is for the log."""
        self._hass = hass
        self._entry = entry
        self._name = name
        self._action_of = action_of
        self._waiting: list[Command] = []
        self._work: asyncio.Task[None] | None = None
        self._is_set = True
        """The last current could be set."""
        self.failure = ""
        """Why the last command was not carried out; empty when it was."""

    @callback
    def send(self, commands: Iterable[Command]) -> None:
        """Send commands: the first before this returns, unless one is still being carried out."""
        for command in commands:
            self._waiting = [other for other in self._waiting if type(other) is not type(command)]
            self._waiting.append(command)
        if self._work is None or self._work.done():
            self._work = self._entry.async_create_background_task(
                self._hass, self._carry_out(), name=f"{self._entry.title} commands {self._name}"
            )

    async def finish(self, commands: Iterable[Command]) -> None:
        """Send these and nothing else, and wait until they are carried out."""
        self._waiting.clear()
        if self._work is not None:
            self._work.cancel()
        self._waiting.extend(commands)
        await self._carry_out()

    async def _carry_out(self) -> None:
        while self._waiting:
            command = self._waiting.pop(0)
            action = None if self._is_void(command) else self._action_of(command)
            done = action is None or await self._act(action)
            if isinstance(command, SetCurrent):
                self._is_set = done
                self._waiting = [other for other in self._waiting if done or not _starts(other)]

    def _is_void(self, command: Command) -> bool:
        """Tell whether a command would keep a charger at a current that it should have left."""
        return isinstance(command, Heartbeat) and not self._is_set

    async def _act(self, action: Action) -> bool:
        """Carry out an action, and tell whether it was.

        Whatever goes wrong in another integration must not stop the control of a house.
        """
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S):
                await self._hass.services.async_call(action.domain, action.name, dict(action.data), blocking=True)
        except Exception as error:  # noqa: BLE001 - integrations raise what they like
            self._failed(str(error) or type(error).__name__)
            return False
        self._succeeded()
        return True

    def _failed(self, reason: str) -> None:
        if not self.failure:
            LOGGER.warning("%s does not take commands: %s", self._name, reason)
        self.failure = reason

    def _succeeded(self) -> None:
        if self.failure:
            LOGGER.info("%s takes commands again", self._name)
        self.failure = ""


def _starts(command: Command) -> bool:
    """Tell whether a command lets a charger charge: at a current that could not be set, it must not."""
    return isinstance(command, AllowCharging) and command.on


class Senders:
    """All that is commanded, by identifier."""

    def __init__(self, senders: dict[str, Sender]) -> None:
        """One for each charger and load."""
        self._senders = senders

    @callback
    def send(self, commands: Iterable[Command]) -> None:
        """Send commands, those of each charger or load in their order."""
        for id_, own in _by_consumer(commands).items():
            self._senders[id_].send(own)

    async def finish(self, commands: Iterable[Command]) -> None:
        """Send the last commands, and wait for a limited time until they are carried out."""
        last = _by_consumer(commands)
        work = [asyncio.create_task(self._senders[id_].finish(own)) for id_, own in last.items()]
        if not work:
            return
        _, late = await asyncio.wait(work, timeout=FAREWELL_TIMEOUT_S)
        for task in late:
            task.cancel()
            LOGGER.warning(NOT_IN_TIME)

    def failures(self) -> dict[str, str]:
        """Return why the last commands were not carried out, of those that were not."""
        return {id_: sender.failure for id_, sender in self._senders.items() if sender.failure}


NOT_IN_TIME: Final = "A charger has not taken its fallback current in time; it keeps what it was set to before"


def consumer_of(command: Command) -> str:
    """Return what a command is for."""
    return command.load if isinstance(command, SwitchLoad) else command.charger


def _by_consumer(commands: Iterable[Command]) -> dict[str, list[Command]]:
    own: dict[str, list[Command]] = {}
    for command in commands:
        own.setdefault(consumer_of(command), []).append(command)
    return own
