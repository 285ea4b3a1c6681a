"""`capture`: records everything a gateway sends."""

import argparse
import asyncio
import importlib.metadata
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from rich.console import Console, Group, RenderableType
from rich.text import Text

from smappee_gateway.broker import Broker
from smappee_gateway.cli import address
from smappee_gateway.cli.declared import declared_in
from smappee_gateway.cli.errors import CannotRunError, explained
from smappee_gateway.cli.playback import Playback
from smappee_gateway.cli.screen import screen
from smappee_gateway.errors import GatewayError
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.mqtt_transport import MqttTransport
from smappee_gateway.recorder import Recorder

DISTRIBUTION = "smappee-infinity"


class Recording:
    """Writes messages to a file, and shows what comes."""

    def __init__(self, file: BinaryIO, *, anonymised: bool, modules: Modules = NO_MODULES) -> None:
        """Begin the file. What declared modules say is shown, too."""
        self._file = file
        self._recorder = Recorder(_tool(), anonymised=anonymised)
        self._playback = None if modules == NO_MODULES else Playback(modules)
        file.write(self._recorder.header())

    @property
    def messages(self) -> int:
        """How many have been recorded."""
        return self._recorder.messages

    def record(self, message: MqttMessage) -> None:
        """Write one message, at once: what was recorded survives whatever ends the recording."""
        sent = self._recorder.arrived(message)
        self._file.write(self._recorder.line(sent))
        self._file.flush()
        if self._playback is not None:
            self._playback.play(sent)

    def progress(self) -> str:
        """What has been recorded until now."""
        recorder = self._recorder
        return f"{recorder.messages} messages, {len(recorder.topics)} topics, {recorder.seconds:.0f} s"

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
    broker = address.broker(options)
    try:
        async with MqttTransport(broker).messages() as messages:
            with _recording(console, options, modules) as recording:
                await _record(console, recording, messages, options.seconds)
    except GatewayError as error:
        raise explained(error, broker) from error
    return 0 if recording.messages else _nothing_came(broker)


def _nothing_came(broker: Broker) -> int:
    raise CannotRunError(
        f"nothing was sent below servicelocation/ at {broker.address}; "
        "give the gateway's own address, or let the gateway send to this broker"
    )


@contextmanager
def _recording(console: Console, options: argparse.Namespace, modules: Modules) -> Iterator[Recording]:
    """Make the file, and tell in the end what is in it; a file without messages is taken away again."""
    with _new_file(options.output) as file:
        recording = Recording(file, anonymised=options.anonymised, modules=modules)
        try:
            yield recording
        except OSError as error:
            raise _cannot_write(options.output, error) from error
        finally:
            if recording.messages:
                _print_result(console, options.output, recording)
            else:
                options.output.unlink()


def _print_result(console: Console, file: Path, recording: Recording) -> None:
    modules = recording.modules()
    if modules is not None:
        console.print(modules)
    console.print(f"{file}: {recording.progress()}", soft_wrap=True, markup=False)


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


async def _record(console: Console, recording: Recording, messages: AsyncIterator[MqttMessage], seconds: float) -> None:
    showing = asyncio.create_task(_show(console, recording))
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds if seconds < float("inf") else None):
                async for message in messages:
                    recording.record(message)
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _show(console: Console, recording: Recording) -> None:
    with screen(console) as (show, every_s):
        while True:
            show(recording.picture, recording.progress)
            await asyncio.sleep(every_s)


def _tool() -> str:
    """Name this program; it may run from a folder without being installed."""
    try:
        return f"{DISTRIBUTION} {importlib.metadata.version(DISTRIBUTION)}"
    except importlib.metadata.PackageNotFoundError:
        return DISTRIBUTION
