"""`capture`: records everything a gateway sends."""

import argparse
import asyncio
import importlib.metadata
import os
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from rich.console import Console, Group, RenderableType
from rich.text import Text

from smappee_gateway.anonymise import Anonymiser
from smappee_gateway.capture import RecordedMessage, header_line, message_line
from smappee_gateway.cli.declared import declared_in
from smappee_gateway.cli.errors import CannotRunError, explained
from smappee_gateway.cli.playback import Playback
from smappee_gateway.cli.screen import screen
from smappee_gateway.errors import GatewayError
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.mqtt_transport import MqttTransport

DISTRIBUTION = "smappee-infinity"


class Recorder:
    """Writes messages to a file and counts them."""

    def __init__(self, file: BinaryIO, *, anonymised: bool, modules: Modules = NO_MODULES) -> None:
        """Begin the file. What declared modules say is shown, too."""
        self.messages = 0
        self.topics: set[str] = set()
        self._file = file
        self._anonymiser = Anonymiser(random.SystemRandom()) if anonymised else None
        self._playback = None if modules == NO_MODULES else Playback(modules)
        self._began = time.monotonic()
        file.write(header_line(datetime.now(UTC).isoformat(timespec="seconds"), _tool(), anonymised=anonymised))

    @property
    def seconds(self) -> float:
        """Since the recording began."""
        return time.monotonic() - self._began

    def record(self, message: MqttMessage) -> None:
        """Write one message, at once: what was recorded survives whatever ends the recording."""
        sent = recorded = RecordedMessage(
            at_s=self.seconds,
            topic=message.topic,
            payload=message.payload,
            retained=message.retained,
            qos=message.qos,
        )
        if self._anonymiser is not None:
            recorded = self._anonymiser.message(sent)
        self._file.write(message_line(recorded))
        self._file.flush()
        self.messages += 1
        self.topics.add(message.topic)
        if self._playback is not None:
            self._playback.play(sent)

    def progress(self) -> str:
        """What has been recorded until now."""
        return f"{self.messages} messages, {len(self.topics)} topics, {self.seconds:.0f} s"

    def modules(self) -> RenderableType | None:
        """What declared modules have said until now, as it would be understood; None when none is declared."""
        return None if self._playback is None else self._playback.modules()

    def picture(self) -> RenderableType:
        """What is shown meanwhile."""
        progress, modules = Text(f"Recording: {self.progress()} (Ctrl-C ends it)"), self.modules()
        return progress if modules is None else Group(progress, modules)


async def run(console: Console, options: argparse.Namespace) -> int:
    """Record for the time asked for, or until cancelled. The file is made when there is somebody to listen to."""
    if options.output.exists():
        raise _exists(options.output)
    modules = declared_in(options.modules)
    try:
        async with MqttTransport(options.host, options.port).messages() as messages:
            with _recorder(console, options, modules) as recorder:
                await _record(console, recorder, messages, options.seconds)
    except GatewayError as error:
        raise explained(error, options.host, options.port) from error
    return 0 if recorder.messages else _nothing_came(options)


def _nothing_came(options: argparse.Namespace) -> int:
    raise CannotRunError(
        f"nothing was sent below servicelocation/ at {options.host}:{options.port}; "
        "give the gateway's own address, or let the gateway send to this broker"
    )


@contextmanager
def _recorder(console: Console, options: argparse.Namespace, modules: Modules) -> Iterator[Recorder]:
    """Make the file, and tell in the end what is in it; a file without messages is taken away again."""
    with _new_file(options.output) as file:
        recorder = Recorder(file, anonymised=options.anonymised, modules=modules)
        try:
            yield recorder
        except OSError as error:
            raise _cannot_write(options.output, error) from error
        finally:
            if recorder.messages:
                _print_result(console, options.output, recorder)
            else:
                options.output.unlink()


def _print_result(console: Console, file: Path, recorder: Recorder) -> None:
    modules = recorder.modules()
    if modules is not None:
        console.print(modules)
    console.print(f"{file}: {recorder.progress()}", soft_wrap=True, markup=False)


def _new_file(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> CannotRunError:
    reason = os.strerror(error.errno) if error.errno else str(error)
    return CannotRunError(f"cannot write {path}: {reason}; choose another name with -o")


def _exists(path: Path) -> CannotRunError:
    return CannotRunError(f"{path} exists already; choose another name with -o")


async def _record(console: Console, recorder: Recorder, messages: AsyncIterator[MqttMessage], seconds: float) -> None:
    showing = asyncio.create_task(_show(console, recorder))
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds if seconds < float("inf") else None):
                async for message in messages:
                    recorder.record(message)
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _show(console: Console, recorder: Recorder) -> None:
    with screen(console) as (show, every_s):
        while True:
            show(recorder.picture, recorder.progress)
            await asyncio.sleep(every_s)


def _tool() -> str:
    """Name this program; it may run from a folder without being installed."""
    try:
        return f"{DISTRIBUTION} {importlib.metadata.version(DISTRIBUTION)}"
    except importlib.metadata.PackageNotFoundError:
        return DISTRIBUTION
