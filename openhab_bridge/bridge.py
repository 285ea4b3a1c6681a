"""The whole bridge: every gateway of the configuration, and the status page, until it is told to stop."""

import asyncio
import logging
import random
import time
from pathlib import Path

from openhab_bridge.explanations import of_gateway, of_several
from openhab_bridge.house import House
from openhab_bridge.outage import Outage
from openhab_bridge.publishing import Publishing
from openhab_bridge.settings import GatewaySettings, Settings
from openhab_bridge.status import GatewayStatus, Status
from openhab_bridge.version import own_version
from smappee_gateway.backoff import Backoff
from smappee_gateway.errors import GatewayError
from smappee_gateway.mqtt_transport import MqttTransport
from smappee_gateway.probe import identify

_LOGGER = logging.getLogger(__name__)


class Bridge:
    """Runs all gateways side by side."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Nothing is connected yet; totals are kept in `folder`."""
        self._settings = settings
        self._folder = folder
        self._started_at = time.monotonic()
        self._publishing: dict[int, Publishing] = {}
        """By place in the settings; a gateway whose serial number is not known yet is missing."""
        self._failures: dict[int, str] = {}
        self._outage = Outage(settings.target)
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Run until `stop` is called, also when that was before."""
        async with asyncio.TaskGroup() as tasks:
            jobs = [
                tasks.create_task(self._run_gateway(place, gateway))
                for place, gateway in enumerate(self._settings.gateways)
            ]
            await self._stopping.wait()
            for place, job in enumerate(jobs):
                if place in self._publishing:
                    self._publishing[place].stop()
                else:
                    job.cancel()

    def stop(self) -> None:
        """Let `run` come to its end, with a farewell to the broker."""
        self._stopping.set()

    def status(self) -> Status:
        """Return how everything is now."""
        gateways = tuple(self._gateway_status(place) for place in range(len(self._settings.gateways)))
        connections = (link for publishing in self._publishing.values() for link in publishing.connections())
        return Status(
            version=own_version(),
            running_s=time.monotonic() - self._started_at,
            target=self._settings.target.address,
            gateways=gateways,
            connections=tuple(connection.status for connection in connections),
        )

    async def _run_gateway(self, place: int, settings: GatewaySettings) -> None:
        serial = settings.serial or await self._identified(place, settings)
        house = House(settings, serial, self._folder, all_points=self._settings.all_points)
        self._publishing[place] = Publishing(house, self._settings, self._outage)
        await self._publishing[place].run()

    async def _identified(self, place: int, settings: GatewaySettings) -> str:
        """Listen until exactly one gateway introduces itself; say once what is in the way."""
        backoff = Backoff(random.Random())  # noqa: S311 - spreads retries, guards nothing
        while True:
            try:
                found = [identity.serial for identity in await identify(MqttTransport(settings.broker))]
                if len(found) == 1:
                    return found[0]
                failure = of_several(found, settings.broker)
            except GatewayError as error:
                failure = of_gateway(error, settings)
            if failure != self._failures.get(place):
                self._failures[place] = failure
                _LOGGER.warning("No gateway is known yet: %s. Trying again", failure)
            await asyncio.sleep(backoff.pause_s())

    def _gateway_status(self, place: int) -> GatewayStatus:
        publishing, settings = self._publishing.get(place), self._settings.gateways[place]
        if publishing is not None:
            return publishing.house.status
        return GatewayStatus(
            serial=settings.serial or "",
            name="",
            address=settings.broker.address,
            connected=False,
            fresh=False,
            age_s=None,
            failure=self._failures.get(place, "looking for a gateway"),
            messages=0,
            bad_payloads=0,
            properties=0,
            commands=0,
            failed_commands=0,
        )
