"""`run`: the bridge as a service, until SIGTERM or SIGINT; SIGHUP reads the configuration again."""

import argparse
import asyncio
import logging
import signal
from collections.abc import Mapping

from openhab_bridge.bridge import Bridge
from openhab_bridge.cli.configured import configured, state_folder
from openhab_bridge.cli.errors import CannotRunError
from openhab_bridge.configuration.errors import ConfigurationError
from openhab_bridge.logs import set_up
from openhab_bridge.settings import Settings
from openhab_bridge.web import CannotServeError, serving

_LOGGER = logging.getLogger(__name__)


async def main(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run until a signal; raises ConfigurationError or CannotRunError before anything is connected."""
    signals = _Signals()
    settings = await configured(options.config, environment)
    while True:
        set_up(settings.log)
        if options.quiet:
            logging.getLogger().setLevel(logging.WARNING)
        _LOGGER.info("Publishing %d gateway(s) to %s", len(settings.gateways), settings.target.address)
        again = await _until_signal(settings, signals, options, environment)
        if again is None:
            return 0
        settings = again


async def _until_signal(
    settings: Settings, signals: "_Signals", options: argparse.Namespace, environment: Mapping[str, str]
) -> Settings | None:
    """Run one configuration; returns the next one, or None when the bridge is to stop."""
    bridge = Bridge(settings, state_folder(settings, environment))
    try:
        async with serving(settings.web, bridge.status), asyncio.TaskGroup() as tasks:
            tasks.create_task(bridge.run())
            again = await _next(signals, options, environment)
            bridge.stop()
    except CannotServeError as error:
        raise CannotRunError(str(error)) from error
    return again


async def _next(signals: "_Signals", options: argparse.Namespace, environment: Mapping[str, str]) -> Settings | None:
    """Wait for a signal. A configuration with mistakes is told, and the one at work goes on."""
    while await signals.reload():
        try:
            return await configured(options.config, environment)
        except ConfigurationError as error:
            _LOGGER.error("The configuration is not read again: %s", error)  # noqa: TRY400 - it says all there is
    return None


class _Signals:
    """What the system tells this process."""

    def __init__(self) -> None:
        """Listen to the signals; those that came are kept."""
        self._received = asyncio.Queue[signal.Signals]()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self._received.put_nowait, number)

    async def reload(self) -> bool:
        """Wait for the next one; tells whether it asks to read the configuration again, or to stop."""
        return await self._received.get() is signal.SIGHUP
