"""`replay`: plays a capture back and shows what it tells."""

import argparse
import asyncio
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType

from smappee_gateway.capture import RecordedMessage
from smappee_gateway.cli import publish
from smappee_gateway.cli.declared import declared_in
from smappee_gateway.cli.display import Picture, feed_state, line
from smappee_gateway.cli.errors import CannotRunError
from smappee_gateway.cli.recording import as_received, recorded
from smappee_gateway.cli.screen import screen
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.mqtt_decoder import MqttDecoder
from smappee_gateway.mqtt_transport import CAPABILITIES
from smappee_gateway.session import Session
from smappee_gateway.updates import IdentityUpdate


class Playback:
    """Sessions fed from a capture: one for each gateway that introduces itself. Time is that of the recording."""

    def __init__(self, modules: Modules = NO_MODULES) -> None:
        """Nothing has been played; `modules` are those that the gateway's owner declares."""
        self.sessions: dict[str, Session] = {}
        self.now = 0.0
        self._modules = modules
        self._decoder = MqttDecoder(modules)

    def play(self, message: RecordedMessage) -> None:
        """Take one message at its time."""
        self.now = message.at_s
        for session in self.sessions.values():
            session.tick(self.now)
        for update in self._decoder.decode(as_received(message)):
            if isinstance(update, IdentityUpdate):
                serial = update.identity.serial
                self.sessions.setdefault(serial, Session(serial, CAPABILITIES.stale_after_s, modules=self._modules))
            for session in self.sessions.values():
                session.apply(update, self.now)

    def picture(self, *, redrawn: bool) -> RenderableType:
        """Draw all gateways; what is redrawn shares the screen."""
        sharing = len(self.sessions) if redrawn else None
        sessions = self.sessions.values()
        return Group(*(Picture(session, feed_state(session, self.now), sharing) for session in sessions))

    def line(self) -> str:
        """All gateways in one line."""
        return "; ".join(line(session, feed_state(session, self.now)) for session in self.sessions.values())


async def run(console: Console, options: argparse.Namespace) -> int:
    """Play the file and show the result, also of what stands before a damaged line; with `--to` play into a broker."""
    if options.to is not None:
        return await publish.run(console, options)
    if options.clear:
        raise CannotRunError("--clear removes what a replay has left on a broker: say which broker with --to")
    playback = Playback(declared_in(options.modules))
    try:
        await _play(console, playback, recorded(options.file), options.speed or 0.0)
    finally:
        if playback.sessions:
            console.print(playback.picture(redrawn=False))
    if not playback.sessions:
        raise CannotRunError(f"{options.file} holds no gateway that introduces itself (a 'config' message)")
    return 0


async def _play(console: Console, playback: Playback, messages: Iterator[RecordedMessage], speed: float) -> None:
    if speed:
        await _play_visibly(console, playback, messages, speed)
    for message in messages:
        playback.play(message)


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
                show(lambda: playback.picture(redrawn=True), playback.line)
