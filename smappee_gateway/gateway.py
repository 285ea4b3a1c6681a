"""A gateway at work: joins a session to a transport and a decoder, lets time pass, and tells its listeners."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable

from smappee_gateway.changes import Changes
from smappee_gateway.commands import Command
from smappee_gateway.errors import (
    CannotConnectError,
    CommandError,
    GatewayError,
    NoDataError,
    NotASmappeeError,
    NotConfirmedError,
    NotConnectedError,
    WrongGatewayError,
)
from smappee_gateway.freshness import Feed
from smappee_gateway.session import Session
from smappee_gateway.transport import Decoder, Transport

_LOGGER = logging.getLogger(__name__)

TICK_S = 1.0

type Listener = Callable[[Changes], None]


class Gateway[Raw]:
    """Runs until cancelled. Everything happens in the event loop that `run` runs in."""

    def __init__(
        self,
        session: Session,
        transport: Transport[Raw],
        decoder: Decoder[Raw],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Join the parts; nothing is connected before `run`."""
        self.session = session
        self.transport = transport
        self.decoder = decoder
        self.connected = False
        self.failure: CannotConnectError | None = None
        """Why the last connection failed or ended; None while none has."""
        self.failures = 0
        """Messages lost to a fault of this program."""
        self._clock = clock
        self._listeners: list[Listener] = []
        self._answers: dict[Command, asyncio.Future[CommandError | None]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        """By Output module: whoever wants to switch one of its relays waits for the one before."""
        self._ready = asyncio.Event()
        self._failed = asyncio.Event()
        self._was_available = False

    @property
    def available(self) -> bool:
        """Whether values can be trusted now: the transport is up and the feed is fresh."""
        return self.connected and self.session.feed is Feed.FRESH

    @property
    def last_failure(self) -> str:
        """The same in words; empty while none has."""
        return str(self.failure or "")

    @property
    def age_s(self) -> float | None:
        """Seconds since the last new measurement."""
        return self.session.age_s(self._clock())

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every non-empty change; returns the function that stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def run(self) -> None:
        """Receive and let time pass until cancelled; those who wait for a command are told that it is lost."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.transport.run(self._receive, self._connection))
                tasks.create_task(self._tick())
        except ExceptionGroup as faults:
            self._connection(CannotConnectError(f"a fault of this program: {faults.exceptions[0]!r}"))
            raise
        finally:
            self._answer(tuple(self._answers), NotConnectedError("stopped"))

    async def wait_ready(self, timeout_s: float) -> None:
        """Wait for the first measurement of a known installation.

        Raises the GatewayError that says what is missing; at once when there is no connection.
        """
        outcomes = [asyncio.create_task(event.wait()) for event in (self._ready, self._failed)]
        try:
            await asyncio.wait(outcomes, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for outcome in outcomes:
                outcome.cancel()
        if not self._ready.is_set():
            raise self.what_is_missing()

    def what_is_missing(self) -> GatewayError:
        """Return the error that says why there are no measurements now."""
        if not self.connected:
            return self.failure or CannotConnectError("not connected yet")
        if self.session.site.identity is not None:
            return NoDataError(self.session.serial)
        if self.session.other_serials:
            return WrongGatewayError(self.session.serial, min(self.session.other_serials))
        return NotASmappeeError("no gateway has introduced itself")

    async def switch_plug(self, plug: str, *, on: bool) -> None:
        """Switch a plug and wait for its echo; raises a CommandError when it is not confirmed."""
        await self._carry_out(self.session.switch_plug(plug, self._clock(), on=on))

    async def switch_relay(self, relay: str, *, on: bool, trial: bool = False) -> None:
        """Switch a relay of an Output module and wait for its echo; raises a CommandError when it is not confirmed.

        One module carries out one command at a time, and each is made when its turn comes: two relays switched at the
        same moment both end as they should. `trial`: its owner stands beside it and watches.
        """
        module = self.session.relay(relay).module
        async with self._turns[module]:
            await self._settled(module)
            await self._carry_out(self.session.switch_relay(relay, self._clock(), on=on, trial=trial))

    async def _settled(self, module: str) -> None:
        """Wait for the answer to a command whose sender has given up waiting."""
        command = self.session.unanswered(module)
        answer = None if command is None else self._answers.get(command)
        if answer is not None:
            await asyncio.shield(answer)

    async def _carry_out(self, command: Command) -> None:
        """Send a command and wait for its answer; raises the CommandError that it ends with."""
        answer = self._answers.setdefault(command, asyncio.get_running_loop().create_future())
        try:
            await self.transport.send(command)
        except NotConnectedError as error:
            self.session.cancel(command)
            self._answer((command,), error)
        failure = await asyncio.shield(answer)
        if failure is not None:
            raise failure

    def _receive(self, raw: Raw) -> None:
        """Take one message. Whatever is wrong with it, or with us, must not stop the reader."""
        try:
            for update in self.decoder.decode(raw):
                self._announce(self.session.apply(update, self._clock()))
        except Exception:
            self.failures += 1
            if self.failures == 1:
                _LOGGER.exception("A message was lost to a fault of this program; please report it")

    def _connection(self, failure: CannotConnectError | None) -> None:
        """Note that the transport is connected (None), or why it is not. Another reason is news, too."""
        is_news = self.connected is not (failure is None)
        if failure is None:
            self._failed.clear()
        else:
            is_news = is_news or type(failure) is not type(self.failure)
            self.failure = failure
            self._failed.set()
        self.connected = failure is None
        if is_news:
            self._announce(Changes(freshness=True))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._announce(self.session.tick(self._clock()))

    def _announce(self, changes: Changes) -> None:
        if not changes:
            return
        if self.session.site.channels and self.available:
            self._ready.set()
        if changes.installation and self.session.site.identity is not None:
            self.transport.focus(self.session.site.identity.location)
        self._answer(changes.confirmed, None)
        self._answer(changes.failed, NotConfirmedError("no answer to the command"))
        self._log_availability()
        for listener in tuple(self._listeners):
            self._tell(listener, changes)

    def _tell(self, listener: Listener, changes: Changes) -> None:
        """Call a listener; its fault must not stop the reader."""
        try:
            listener(changes)
        except Exception:
            _LOGGER.exception("A listener of gateway changes failed")

    def _answer(self, commands: tuple[Command, ...], failure: CommandError | None) -> None:
        """Tell those who wait for commands what became of them."""
        for command in commands:
            answer = self._answers.pop(command, None)
            if answer is not None:
                answer.set_result(failure)

    def _log_availability(self) -> None:
        """Say once when values stop and once when they return."""
        if self.available is self._was_available:
            return
        self._was_available = self.available
        if self.available:
            _LOGGER.info("Gateway %s: measurements arrive", self.session.serial)
        elif self.connected:
            _LOGGER.warning("Gateway %s: connected, but measurements have stopped", self.session.serial)
        else:
            _LOGGER.warning("Gateway %s: connection lost (%s)", self.session.serial, self.last_failure)
