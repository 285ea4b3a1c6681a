"""``python -m simulator``: a gateway on a broker until Ctrl-C."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from rich.console import Console

from simulator.broker import embedded_broker
from simulator.charger_topics import ChargerTopics
from simulator.gateway.gateway import Gateway
from simulator.history import first_hour, live_through, write_history
from simulator.house.house import House
from simulator.mdns import announced
from simulator.options import Options, parse
from simulator.runner import BrokerUnreachableError, run
from simulator.scenario.scenario import ScenarioError
from simulator.status import status

EXIT_CANNOT_START: Final = 2


class CannotStartError(Exception):
    """Something outside refuses; the message says what, and what to do."""


def main() -> int:
    """Run until a signal comes (exit code 0) or something refuses to start (2)."""
    options = parse()
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    # It takes every port scan for an error, and what a client does wrong is the client's to tell.
    logging.getLogger("amqtt").setLevel(logging.CRITICAL)
    try:
        asyncio.run(_until_signal(options))
    except (CannotStartError, BrokerUnreachableError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return EXIT_CANNOT_START
    return 0


async def _until_signal(options: Options) -> None:
    simulation = asyncio.create_task(_simulate(options))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, simulation.cancel)
    with suppress(asyncio.CancelledError):
        await simulation


async def _simulate(options: Options) -> None:
    console = Console(highlight=False)
    async with AsyncExitStack() as stack:
        endpoint = options.endpoint
        if options.embedded:
            with _explained(f"cannot listen on {endpoint}", "choose another --port, --ws-port or --host"):
                broker = embedded_broker(endpoint, websocket_port=options.websocket_port)
                endpoint = await stack.enter_async_context(broker)
        gateway = _gateway(options)
        serial = gateway.house.site.identity.serial_number
        if options.mdns:
            with _explained(f"cannot announce {options.host}", "give the address of an interface with --host"):
                await stack.enter_async_context(announced(serial, options.host))
        console.print(f"{gateway.profile.title} {serial} on {endpoint}, topics {gateway.topic('#')}", soft_wrap=True)
        watch = stack.enter_context(status(console, options.speed))
        chargers = ChargerTopics(gateway.house) if options.chargers else None
        await run(gateway, endpoint, speed=options.speed, watch=watch, chargers=chargers)


def _gateway(options: Options) -> Gateway:
    start = options.start or datetime.now(UTC)
    begin = first_hour(start, options.history_hours) if options.history_hours else start
    gateway = Gateway(House(options.site, seed=options.seed, start=begin), seed=options.seed)
    if options.history_hours:
        hours = live_through(gateway, start)
        if options.history_file:
            with _explained(f"cannot write {options.history_file}", "choose another --history-file"):
                write_history(options.history_file, gateway, hours)
    for fault, after_s in options.faults:
        gateway.inject(fault, after_s=after_s)
    try:
        options.scenario.play(gateway)
    except ScenarioError as error:
        raise CannotStartError(str(error)) from error
    return gateway


@contextmanager
def _explained(what: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotStartError(f"{what}: {reason}; {remedy}") from error


if __name__ == "__main__":
    sys.exit(main())
