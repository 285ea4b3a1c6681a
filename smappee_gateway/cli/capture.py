"""`capture`: records everything a gateway sends."""

import argparse
import asyncio
import importlib.metadata
import os
import random
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import BinaryIO

from rich.console import Console
from rich.text import Text

from smappee_gateway.anonymise import Anonymiser
from smappee_gateway.capture import RecordedMessage, header_line, message_line
from smappee_gateway.cli.errors import CannotRunError, explained
from smappee_gateway.cli.screen import screen
from smappee_gateway.errors import GatewayError
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

    def record(self, topic: str, payload: bytes, *, retained: bool) -> None:
        """Write one message, at once: what was recorded survives whatever ends the recording."""
        message = RecordedMessage(at_s=self.seconds, topic=topic, payload=payload, retained=retained)
        if self._anonymiser is not None:
            message = self._anonymiser.message(message)
        self._file.write(message_line(message))
        self._file.flush()
        self.messages += 1
        self.topics.add(topic)

    def progress(self) -> str:
        """What has been recorded until now."""
        return f"{self.messages} messages, {len(self.topics)} topics, {self.seconds:.0f} s"


async def run(console: Console, options: argparse.Namespace) -> int:
    """Record for the time asked for, or until cancelled."""
    try:
        file = options.output.open("xb")
    except FileExistsError as error:
        raise CannotRunError(f"{options.output} exists already; choose another name with -o") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotRunError(f"cannot write {options.output}: {reason}; choose another name with -o") from error
    with file:
        recorder = Recorder(file, anonymised=options.anonymised)
        try:
            await _record(console, recorder, options)
        except GatewayError as error:
            raise explained(error, options.host, options.port) from error
        finally:
            console.print(f"{options.output}: {recorder.progress()}", soft_wrap=True, markup=False)
    return 0 if recorder.messages else _nothing_came(options)


def _nothing_came(options: argparse.Namespace) -> int:
    raise CannotRunError(
        f"nothing was sent below servicelocation/ at {options.host}:{options.port}; "
        "give the gateway's own address, or let the gateway send to this broker"
    )


async def _record(console: Console, recorder: Recorder, options: argparse.Namespace) -> None:
    showing = asyncio.create_task(_show(console, recorder))
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(options.seconds if options.seconds < float("inf") else None):
                await _listen(MqttTransport(options.host, options.port), recorder)
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _listen(transport: MqttTransport, recorder: Recorder) -> None:
    async with transport.messages() as messages:
        async for message in messages:
            recorder.record(message.topic, message.payload, retained=message.retained)


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
