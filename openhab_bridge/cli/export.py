"""`export`: listens until the gateways have told what they have, and writes a file of it."""

import argparse
import asyncio
import sys
from collections.abc import Mapping

from openhab_bridge.cli.configured import configured
from openhab_bridge.cli.errors import CannotRunError
from openhab_bridge.explanations import of_gateway, of_several
from openhab_bridge.faults import first
from openhab_bridge.files import FILES
from openhab_bridge.house import House
from openhab_bridge.model import Installation
from openhab_bridge.settings import GatewaySettings, Settings
from smappee_gateway.errors import GatewayError
from smappee_gateway.mqtt_transport import MqttTransport
from smappee_gateway.probe import identify

WAIT_S = 20.0
SETTLE_S = 5.0
"""What the broker remembers of plugs and sensors comes within this time of the first measurement."""


async def main(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Write the file, or print it; raises ConfigurationError or CannotRunError."""
    settings = await configured(options.config, environment)
    sys.stderr.write(f"Listening to {len(settings.gateways)} gateway(s) for up to {WAIT_S + SETTLE_S:.0f} s …\n")
    installations = await asyncio.gather(*(_described(gateway, settings) for gateway in settings.gateways))
    text = FILES[options.kind](installations, settings)
    if options.output is None:
        sys.stdout.write(text)
        return 0
    try:
        options.output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotRunError(
            f"{options.output} cannot be written: {error.strerror}; choose another --output"
        ) from error
    return 0


async def _described(gateway: GatewaySettings, settings: Settings) -> Installation:
    """Return what a gateway has; nothing is kept of its totals."""
    try:
        serial = gateway.serial or await _serial(gateway)
        house = House(gateway, serial, None, all_points=settings.all_points)
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(house.run())
            try:
                await house.gateway.wait_ready(WAIT_S)
                await asyncio.sleep(SETTLE_S)
            finally:
                running.cancel()
    except* GatewayError as errors:
        raise CannotRunError(of_gateway(first(errors), gateway)) from errors
    installation = house.installation()
    if installation is None:
        raise CannotRunError(f"gateway {serial} has told no channels; try again in a minute")
    return installation


async def _serial(gateway: GatewaySettings) -> str:
    found = [identity.serial for identity in await identify(MqttTransport(gateway.broker))]
    if len(found) > 1:
        raise CannotRunError(of_several(found, gateway.broker))
    return found[0]
