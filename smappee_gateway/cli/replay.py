"""`replay`: plays a capture back and shows what it tells."""

import argparse
import asyncio
from collections.abc import Iterator

from rich.console import Console

from smappee_gateway.capture import RecordedMessage
from smappee_gateway.cli import publish
from smappee_gateway.cli.declared import declared_in
from smappee_gateway.cli.errors import CannotRunError
from smappee_gateway.cli.playback import Playback
from smappee_gateway.cli.recording import recorded
from smappee_gateway.cli.screen import screen


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
