"""What the relays of Output modules do, how sure that is, and which of them may be written.

One word often writes both relays of a module. So a relay may be written only while the other one is known: a command
made from a wrong belief would switch something that nobody asked for.

On and off are those of what a relay switches; words speak of the relay, which is the other way round where that hangs
on the NC contact. So off always takes the power away.
"""

from mqtt_schema.accessories import OutputModule, Relay
from mqtt_schema.model import Site
from mqtt_schema.readings import Readings, RelayReading
from smappee_gateway.commands import ModuleCommand
from smappee_gateway.errors import NotTriedError, RelayStateUnknownError
from smappee_gateway.updates import ModuleStateUpdate


class RelayBook:
    """Keeps the readings of all relays of a site."""

    def __init__(self) -> None:
        """Nothing has been told."""
        self._answered: set[str] = set()
        """Modules that have answered a command, so that their dialect is right."""
        self._doubtful: set[str] = set()
        """Relays that may or may not have obeyed a command without an answer."""

    def states(self, site: Site, readings: Readings, relay: Relay, *, on: bool, trial: bool) -> tuple[bool | None, ...]:
        """Return what a command must say to switch one relay and leave the other as it is; None = not written.

        Raises NotTriedError, and RelayStateUnknownError when one word writes both and the other is not known.
        """
        module = site.output_module_by_id[relay.module]
        if not module.tried and not trial:
            raise NotTriedError(module.name)
        wanted = tuple(on if other == relay else self._kept(module, other, readings) for other in module.relays)
        return tuple(map(_turned, module.relays, wanted))

    def tell(self, site: Site, readings: Readings, update: ModuleStateUpdate, *, answers: bool) -> set[str]:
        """Take a state; `answers` when it confirms a command. Returns the relays with a new reading."""
        module = site.output_module_by_id[update.module]
        if answers:
            self._answered.add(module.id)
        told = {
            relay.id: _turned(relay, update.states[relay.output])
            for relay in module.relays
            if relay.output in update.states
        }
        if not update.retained:  # a memory may be older than the command that is in doubt
            self._doubtful -= told.keys()
        return {
            relay.id
            for relay in module.relays
            if self._read(readings, relay, told.get(relay.id, readings.relays[relay.id].on))
        }

    def doubt(self, site: Site, readings: Readings, command: ModuleCommand) -> set[str]:
        """Note that a command had no answer: what it would have changed is not known. Returns those relays."""
        relays = [
            relay
            for relay, state in zip(site.output_module_by_id[command.module].relays, command.states, strict=True)
            if state is not None and _turned(relay, state) is not readings.relays[relay.id].on
        ]
        self._doubtful |= {relay.id for relay in relays}
        return {relay.id for relay in relays if self._read(readings, relay, readings.relays[relay.id].on)}

    def forget(self, site: Site, readings: Readings) -> set[str]:
        """Note that the gateway has restarted: what relays do is not known until it is told again."""
        self._doubtful.clear()
        return {relay.id for relay in site.relay_by_id.values() if self._read(readings, relay, None)}

    def _kept(self, module: OutputModule, relay: Relay, readings: Readings) -> bool | None:
        """Return what a command must say of a relay that nobody asked for."""
        if not module.joint:
            return None
        on = readings.relays[relay.id].on
        if on is None or relay.id in self._doubtful:
            raise RelayStateUnknownError(relay.name)
        return on

    def _read(self, readings: Readings, relay: Relay, on: bool | None) -> bool:  # noqa: FBT001 - a reading, no switch
        """Note what a relay does; tells whether that is new."""
        assumed = relay.module not in self._answered or relay.id in self._doubtful
        reading = RelayReading(on=on, assumed=assumed)
        is_new = reading != readings.relays[relay.id]
        readings.relays[relay.id] = reading
        return is_new


def _turned(relay: Relay, state: bool | None) -> bool | None:  # noqa: FBT001 - a state, no switch
    """Translate between a relay and what it switches, either way."""
    return None if state is None else state is not relay.normally_closed
