"""`replay --to`: plays a capture into a broker, for programs that read a gateway there."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.text import Text

from mqtt_schema.topics import TOPICS, Direction, parse
from smappee_gateway.broker import Broker
from smappee_gateway.cli.errors import CannotRunError
from smappee_gateway.cli.recording import as_received, recorded
from smappee_gateway.cli.screen import Show, screen
from smappee_gateway.errors import CannotConnectError, GatewayError
from smappee_gateway.mqtt_client import connected, new_client_id
from smappee_gateway.mqtt_decoder import MqttMessage

AS_RECORDED = 1.0
_COMMANDS = frozenset(row.kind for row in TOPICS if row.direction in {Direction.TO_GATEWAY, Direction.BOTH})
"""Not played: on a broker with a gateway they would switch something."""


class Player:
    """Publishes the messages of a capture and counts them."""

    def __init__(self, publish: Callable[[MqttMessage], Awaitable[None]]) -> None:
        """Nothing has been played; `publish` brings a message to the broker."""
        self.messages = 0
        self.commands = 0
        self.topics: set[str] = set()
        self.retained: set[str] = set()
        self._publish = publish

    async def play(self, message: MqttMessage) -> None:
        """Publish one message, unless it is a command."""
        topic = parse(message.topic)
        if topic is not None and topic.kind in _COMMANDS:
            self.commands += 1
            return
        await self._publish(message)
        self.messages += 1
        self.topics.add(message.topic)
        if message.retained:
            self.retained.add(message.topic)

    def progress(self) -> str:
        """What has been played until now."""
        left_out = f", {self.commands} commands left out" if self.commands else ""
        return f"{self.messages} messages, {len(self.topics)} topics{left_out}"


async def run(console: Console, options: argparse.Namespace) -> int:
    """Play the file into the broker, or take away what an earlier replay has left there."""
    try:
        async with connected(options.to, new_client_id()) as link:
            await (_clear if options.clear else _play)(console, Player(link.publish), options)
    except GatewayError as error:
        raise CannotRunError(_explained(error, options.to)) from error
    return 0


async def _play(console: Console, player: Player, options: argparse.Namespace) -> None:
    try:
        with screen(console) as (show, every_s):
            await _play_at_pace(player, options, show, every_s)
    finally:
        _say(console, f"Played into {options.to.address}: {player.progress()}")
        if player.retained:
            _say(console, f"{len(player.retained)} retained topics stay there; this command with --clear removes them")


async def _play_at_pace(player: Player, options: argparse.Namespace, show: Show, every_s: float) -> None:
    """Publish each message at its time: seconds since the recording began, divided by the speed."""
    speed = AS_RECORDED if options.speed is None else options.speed
    clock = asyncio.get_running_loop().time
    began = shown_at = clock()
    for message in recorded(options.file):
        if speed:
            await asyncio.sleep(began + message.at_s / speed - clock())
        await player.play(as_received(message))
        if clock() - shown_at >= every_s:
            shown_at = clock()
            show(lambda: Text(f"Playing: {player.progress()} (Ctrl-C ends it)"), player.progress)


async def _clear(console: Console, player: Player, options: argparse.Namespace) -> None:
    """An empty retained message takes away the one before (MQTT 3.1.1, 3.3.1.3)."""
    for topic in sorted({message.topic for message in recorded(options.file) if message.retained}):
        await player.play(MqttMessage(topic, b"", retained=True))
    _say(console, f"Removed from {options.to.address}: {len(player.retained)} retained topics")


def _say(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, markup=False)


def _explained(error: GatewayError, broker: Broker) -> str:
    match error:
        case CannotConnectError(lost=True):
            return f"the connection to {broker.address} was lost ({error}); look whether it is on, and try again"
        case CannotConnectError():
            return (
                f"no MQTT broker lets us in at {broker.address} ({error}); check address and port, and user and "
                "password where it asks for them"
            )
        case _:
            return f"{broker.address}: {error}"
