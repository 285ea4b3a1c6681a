"""`replay`: plays a capture back and shows what it tells."""

import argparse
import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console, Group, RenderableType

from smappee_gateway.capture import DamagedCaptureError, RecordedMessage, read
from smappee_gateway.cli.display import display, feed_state, line
from smappee_gateway.cli.errors import CannotRunError
from smappee_gateway.cli.screen import screen
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.mqtt_transport import CAPABILITIES
from smappee_gateway.session import Session
from smappee_gateway.updates import IdentityUpdate


class Playback:
    """Sessions fed from a capture: one for each gateway that introduces itself. Time is that of the recording."""

    def __init__(self) -> None:
        """Nothing has been played."""
        self.sessions: dict[str, Session] = {}
        self.now = 0.0
        self._decoder = MqttDecoder()

    def play(self, message: RecordedMessage) -> None:
        """Take one message at its time."""
        self.now = message.at_s
        for session in self.sessions.values():
            session.tick(self.now)
        for update in self._decoder.decode(MqttMessage(message.topic, message.payload, message.retained)):
            if isinstance(update, IdentityUpdate):
                serial = update.identity.serial
                self.sessions.setdefault(serial, Session(serial, CAPABILITIES.stale_after_s))
            for session in self.sessions.values():
                session.apply(update, self.now)

    def picture(self) -> RenderableType:
        """Draw all gateways."""
        return Group(*(display(session, feed_state(session, self.now)) for session in self.sessions.values()))

    def line(self) -> str:
        """All gateways in one line."""
        return "; ".join(line(session, feed_state(session, self.now)) for session in self.sessions.values())


async def run(console: Console, options: argparse.Namespace) -> int:
    """Play the file and show the result; slowly enough to be watched where a speed is given."""
    playback = Playback()
    messages = recorded(options.file)
    if options.speed:
        await _play_visibly(console, playback, messages, options.speed)
    for message in messages:
        playback.play(message)
    if not playback.sessions:
        raise CannotRunError(f"{options.file} holds no gateway that introduces itself (a 'config' message)")
    console.print(playback.picture())
    return 0


async def _play_visibly(
    console: Console, playback: Playback, messages: Iterator[RecordedMessage], speed: float
) -> None:
    """Play at `speed` times the pace of the recording, and show it meanwhile."""
    with screen(console) as (show, every_s):
        shown_at = 0.0
        for message in messages:
            await asyncio.sleep(max(0.0, message.at_s - playback.now) / speed)
            playback.play(message)
            if playback.sessions and playback.now - shown_at >= every_s * speed:
                shown_at = playback.now
                show(playback.picture, playback.line)


def recorded(file: Path) -> Iterator[RecordedMessage]:
    """Read the messages of a file; raises CannotRunError that names the line."""
    try:
        with file.open("rb") as lines:
            yield from read(lines)[1]
    except DamagedCaptureError as error:
        raise CannotRunError(f"{file} is damaged in {error}; replay what stands before that line") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotRunError(f"cannot read {file}: {reason}") from error
