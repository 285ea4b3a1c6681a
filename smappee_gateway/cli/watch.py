"""`watch`: a live table of what a gateway measures."""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from rich.console import Console
from rich.text import Text

from smappee_gateway.cli import address
from smappee_gateway.cli.declared import declared_in
from smappee_gateway.cli.display import Picture, feed_state, line
from smappee_gateway.cli.errors import CannotRunError, explained
from smappee_gateway.cli.screen import screen
from smappee_gateway.errors import GatewayError
from smappee_gateway.gateway import Gateway
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.mqtt_transport import MqttTransport
from smappee_gateway.probe import identify
from smappee_gateway.session import Session


async def run(console: Console, options: argparse.Namespace) -> int:
    """Find the gateway, then show it until cancelled; with `--once` only its first measurements."""
    declared_in(options.modules)  # a mistake is told before anything is waited for
    transport = MqttTransport(address.broker(options))
    console.print(f"Listening at {transport.broker.address} …")
    try:
        serial = await _serial(transport, options)
        modules = declared_in(options.modules, serial)
        session = Session(serial, transport.capabilities.stale_after_s, modules=modules)
        async with _running(Gateway(session, transport, MqttDecoder(modules))) as gateway:
            await gateway.wait_ready(options.wait)
            await (_print_once if options.once else _show)(console, gateway)
    except GatewayError as error:
        raise explained(error, transport.broker) from error
    return 0


async def _serial(transport: MqttTransport, options: argparse.Namespace) -> str:
    """Return the gateway to watch; of several the user must choose one."""
    serials = sorted(identity.serial for identity in await identify(transport, options.wait))
    if options.serial in serials:
        return str(options.serial)
    if options.serial is None and len(serials) == 1:
        return serials[0]
    raise CannotRunError(f"at {transport.broker.address} there is {', '.join(serials)}; choose one with --serial")


@asynccontextmanager
async def _running(gateway: Gateway[MqttMessage]) -> AsyncIterator[Gateway[MqttMessage]]:
    running = asyncio.create_task(gateway.run())
    try:
        yield gateway
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _print_once(console: Console, gateway: Gateway[MqttMessage]) -> None:
    console.print(Picture(gateway.session, _feed(gateway)))


async def _show(console: Console, gateway: Gateway[MqttMessage]) -> None:
    with screen(console) as (show, every_s):
        while True:
            show(
                lambda: Picture(gateway.session, _feed(gateway), sharing=1),
                lambda: line(gateway.session, _feed(gateway)),
            )
            await asyncio.sleep(every_s)


def _feed(gateway: Gateway[MqttMessage]) -> Text:
    failure = "" if gateway.connected else gateway.last_failure
    return feed_state(gateway.session, time.monotonic(), failure)
