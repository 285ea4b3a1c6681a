"""Carries out what is decided, by actions of other integrations: in order, without waiting, each charger by itself."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from .._vendor.energy_control.balancing.decisions import Command, SwitchLoad
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
        self.failure = ""
        """Why the last command was not carried out; empty when it was."""

    @callback
    def send(self, command: Command) -> None:
        """Send a command: before this returns, unless the one before is still being carried out."""
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
            action = self._action_of(self._waiting.pop(0))
            if action is not None:
                await self._act(action)

    async def _act(self, action: Action) -> None:
        """Carry out an action; whatever goes wrong in another integration must not stop the control of a house."""
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S):
                await self._hass.services.async_call(action.domain, action.name, dict(action.data), blocking=True)
        except Exception as error:  # noqa: BLE001 - integrations raise what they like
            self._failed(str(error) or type(error).__name__)
        else:
            self._succeeded()

    def _failed(self, reason: str) -> None:
        if not self.failure:
            LOGGER.warning("%s does not take commands: %s", self._name, reason)
        self.failure = reason

    def _succeeded(self) -> None:
        if self.failure:
            LOGGER.info("%s takes commands again", self._name)
        self.failure = ""


class Senders:
    """All that is commanded, by identifier."""

    def __init__(self, senders: dict[str, Sender]) -> None:
        """One for each charger and load."""
        self._senders = senders

    @callback
    def send(self, commands: Iterable[Command]) -> None:
        """Send commands in their order."""
        for command in commands:
            self._senders[consumer_of(command)].send(command)

    async def finish(self, commands: Iterable[Command]) -> None:
        """Send the last commands, and wait for a limited time until they are carried out."""
        last: dict[str, list[Command]] = {}
        for command in commands:
            last.setdefault(consumer_of(command), []).append(command)
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
