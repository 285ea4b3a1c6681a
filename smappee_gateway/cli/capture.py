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

from rich.console import Console
from rich.text import Text

from smappee_gateway.anonymise import Anonymiser
from smappee_gateway.capture import RecordedMessage, header_line, message_line
from smappee_gateway.cli.errors import CannotRunError, explained
from smappee_gateway.cli.screen import screen
from smappee_gateway.errors import GatewayError
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.mqtt_transport import MqttTransport

DISTRIBUTION = "smappee-infinity"


class Recorder:
    """Writes messages to a file and counts them."""

    def __init__(self, file: BinaryIO, *, anonymised: bool) -> None:
        """Begin the file."""
        self.messages = 0
        self.topics: set[str] = set()
        self._file = file
        self._anonymiser = Anonymiser(random.SystemRandom()) if anonymised else None
        self._began = time.monotonic()
        file.write(header_line(datetime.now(UTC).isoformat(timespec="seconds"), _tool(), anonymised=anonymised))

    @property
    def seconds(self) -> float:
        """Since the recording began."""
        return time.monotonic() - self._began

    def record(self, message: MqttMessage) -> None:
        """Write one message, at once: what was recorded survives whatever ends the recording."""
        recorded = RecordedMessage(
            at_s=self.seconds,
            topic=message.topic,
            payload=message.payload,
            retained=message.retained,
            qos=message.qos,
        )
        if self._anonymiser is not None:
            recorded = self._anonymiser.message(recorded)
        self._file.write(message_line(recorded))
        self._file.flush()
        self.messages += 1
        self.topics.add(message.topic)

    def progress(self) -> str:
        """What has been recorded until now."""
        return f"{self.messages} messages, {len(self.topics)} topics, {self.seconds:.0f} s"


async def run(console: Console, options: argparse.Namespace) -> int:
    """Record for the time asked for, or until cancelled. The file is made when there is somebody to listen to."""
    if options.output.exists():
        raise _exists(options.output)
    try:
        async with MqttTransport(options.host, options.port).messages() as messages:
            with _recorder(console, options) as recorder:
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
def _recorder(console: Console, options: argparse.Namespace) -> Iterator[Recorder]:
    """Make the file, and tell in the end what is in it; a file without messages is taken away again."""
    with _new_file(options.output) as file:
        recorder = Recorder(file, anonymised=options.anonymised)
        try:
            yield recorder
        except OSError as error:
            raise _cannot_write(options.output, error) from error
        finally:
            if recorder.messages:
                console.print(f"{options.output}: {recorder.progress()}", soft_wrap=True, markup=False)
            else:
                options.output.unlink()


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
            show(lambda: Text(f"Recording: {recorder.progress()} (Ctrl-C ends it)"), recorder.progress)
            await asyncio.sleep(every_s)


def _tool() -> str:
    """Name this program; it may run from a folder without being installed."""
    try:
        return f"{DISTRIBUTION} {importlib.metadata.version(DISTRIBUTION)}"
    except importlib.metadata.PackageNotFoundError:
        return DISTRIBUTION
