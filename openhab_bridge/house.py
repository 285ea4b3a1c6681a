"""One gateway at work: its session, its policies, and what it has to tell now."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from energy_control.data_points import data_points
from energy_control.demand import NO_REGISTERS
from energy_control.policies import Moment, Policies
from mqtt_schema.points import Scope, ScopeKind
from openhab_bridge.explanations import of_gateway
from openhab_bridge.memory import HouseMemory, MemoryFile, pack
from openhab_bridge.model import Installation, Property, nodes
from openhab_bridge.names import gateway_name, part_of
from openhab_bridge.settings import GatewaySettings
from openhab_bridge.silence import Silence
from openhab_bridge.status import GatewayStatus
from smappee_gateway.changes import Changes
from smappee_gateway.errors import CommandError, GatewayError, NoDataError, WrongGatewayError
from smappee_gateway.gateway import Gateway
from smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from smappee_gateway.mqtt_transport import CAPABILITIES, MqttTransport
from smappee_gateway.session import Session

_LOGGER = logging.getLogger(__name__)

FIRST_SAVE_S, SAVE_EVERY_S = 5.0, 60.0
"""Of measured time. The first is soon, so that a bridge which is killed again and again gets on, too."""
LOOK_EVERY_S = 1.0


class House:
    """A gateway whose serial number is known. It runs until cancelled; totals are kept in `folder`."""

    def __init__(
        self, settings: GatewaySettings, serial: str, folder: Path | None, *, all_points: bool = False
    ) -> None:
        """Continue with the totals of before; nothing is connected yet. Without a folder nothing is kept."""
        self.serial = serial
        self.commands = 0
        self.failed_commands = 0
        self._settings = settings
        self._all_points = all_points
        self._file = None if folder is None else MemoryFile(folder, serial)
        self._memory = HouseMemory() if self._file is None else self._file.load()
        self._decoder = MqttDecoder(settings.modules)
        self.session = Session(
            serial, CAPABILITIES.stale_after_s, self._memory.session, settings.modules, settings.loads
        )
        transport = MqttTransport(settings.broker, modules=settings.modules)
        self.gateway = Gateway[MqttMessage](self.session, transport, self._decoder)
        self._policies = Policies(self._memory, settings.time_zone, settings.running, lambda: NO_REGISTERS)

    def listen(self, listener: Callable[[Changes], None]) -> None:
        """Call `listener` with every change, those of the policies included."""

        def advance(changes: Changes) -> None:
            session = self.session
            moment = Moment(session.site, session.readings, session.memory.measured_at, session.memory.clock)
            turned = self._policies.advance(moment, changes)
            changes.merge(Changes(loads=turned.loads, meters=turned.meters))
            listener(changes)

        self.gateway.listen(advance)

    async def run(self) -> None:
        """Receive until cancelled, and keep the totals."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.gateway.run())
                tasks.create_task(self._save_now_and_then())
                tasks.create_task(self._tell_silence())
        finally:
            self._save(pack(self._memory))

    def installation(self) -> Installation | None:
        """Return everything there is now; None before the gateway has told what it has."""
        site = self.session.site
        if site.identity is None or not site.channels:
            return None
        return Installation(
            serial=self.serial,
            name=gateway_name(site),
            model=site.identity.model,
            firmware=site.identity.firmware,
            nodes=tuple(nodes(self._properties(), partial(part_of, site))),
        )

    async def switch(self, scope: Scope, *, on: bool) -> None:
        """Switch a plug or a relay and wait for the echo; raises a CommandError when it is not confirmed."""
        self.commands += 1
        try:
            if scope.kind is ScopeKind.PLUG:
                await self.gateway.switch_plug(scope.id, on=on)
            else:
                await self.gateway.switch_relay(scope.id, on=on)
        except CommandError:
            self.failed_commands += 1
            raise

    @property
    def status(self) -> GatewayStatus:
        """How it is now."""
        gateway, missing = self.gateway, self._missing()
        return GatewayStatus(
            serial=self.serial,
            name=gateway_name(self.session.site),
            address=self._settings.broker.address,
            connected=gateway.connected,
            fresh=gateway.available,
            age_s=gateway.age_s,
            failure="" if missing is None else of_gateway(missing, self._settings),
            messages=self._decoder.messages,
            bad_payloads=self._decoder.unreadable.total(),
            properties=sum(1 for _ in self._properties()),
            commands=self.commands,
            failed_commands=self.failed_commands,
        )

    def _missing(self) -> GatewayError | None:
        """Return why there are no measurements; where another gateway speaks, it may have taken the place of ours."""
        if self.gateway.available:
            return None
        error, others = self.gateway.what_is_missing(), self.session.other_serials
        return WrongGatewayError(self.serial, min(others)) if others and isinstance(error, NoDataError) else error

    async def _tell_silence(self) -> None:
        silence = Silence(self.serial, self._settings)
        while True:
            silence.look(self._missing(), asyncio.get_running_loop().time())
            await asyncio.sleep(LOOK_EVERY_S)

    def _properties(self) -> Iterator[Property]:
        for data in data_points(self.session, self._policies):
            if data.point.enabled or self._all_points:
                yield Property(*data)

    async def _save_now_and_then(self) -> None:
        """Write the totals soon, then after every minute that was measured; nothing changes in another."""
        due = self.session.memory.clock + FIRST_SAVE_S
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self.session.memory.clock >= due:
                due = self.session.memory.clock + SAVE_EVERY_S
                await asyncio.to_thread(self._save, pack(self._memory))

    def _save(self, packed: bytes) -> None:
        """Write the totals. A full disk must not stop the bridge."""
        if self._file is None:
            return
        try:
            self._file.write(packed)
        except OSError as error:
            _LOGGER.warning(
                "Totals of gateway %s are not kept; %s cannot be written: %s", self.serial, self._file.path, error
            )
