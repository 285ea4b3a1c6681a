"""What Input and Output modules say and are told: relays, contacts, counts, and the answers to commands."""

from collections.abc import Iterable

from mqtt_schema.accessories import Relay
from mqtt_schema.model import Site
from mqtt_schema.readings import Readings, RelayReading
from smappee_gateway.changes import Changes
from smappee_gateway.commands import Command, ModuleCommand, PendingCommands
from smappee_gateway.errors import ModuleBusyError
from smappee_gateway.relay_book import RelayBook
from smappee_gateway.sensor_book import SensorBook
from smappee_gateway.updates import ModuleInputsUpdate, ModuleStateUpdate


class ModuleBook:
    """Keeps what the declared modules of a site do. Undeclared ones are not listened to."""

    def __init__(self, commands: PendingCommands, sensors: SensorBook) -> None:
        """`commands` are those of the whole session; `sensors` counts the pulses."""
        self._commands = commands
        self._sensors = sensors
        self._relays = RelayBook()

    def states(self, site: Site, readings: Readings, relay: Relay, *, on: bool, trial: bool) -> tuple[bool | None, ...]:
        """Return what a command must say to switch a relay; raises a CommandError when that must not be."""
        if self._commands.of_module(relay.module) is not None:
            raise ModuleBusyError(site.output_module_by_id[relay.module].name)
        return self._relays.states(site, readings, relay, on=on, trial=trial)

    def read(
        self, site: Site, readings: Readings, update: ModuleStateUpdate | ModuleInputsUpdate, clock: float
    ) -> Changes:
        """Take what a module says."""
        if isinstance(update, ModuleStateUpdate):
            return self._read_state(site, readings, update) if update.module in site.output_module_by_id else Changes()
        if update.module not in site.input_module_by_id:
            return Changes()
        contacts = _read_contacts(site, readings, update)
        return Changes(contacts=contacts, meters=self._sensors.read_counts(update, clock))

    def restart(self, site: Site, readings: Readings) -> Changes:
        """Note that the gateway has restarted: nobody knows what modules do until they tell it again.

        A command that was on its way has failed, and running counts may begin again.
        """
        self._sensors.expect_restart()
        lost = self._commands.of_modules()
        for command in lost:
            self._commands.cancel(command)
        contacts = {contact for contact, active in readings.contacts.items() if active is not None}
        readings.contacts = dict.fromkeys(readings.contacts)
        return Changes(relays=self._relays.forget(site, readings), contacts=contacts, failed=lost)

    def doubt(self, site: Site, readings: Readings, failed: Iterable[Command]) -> set[str]:
        """Note commands without an answer; returns the relays with a new reading."""
        commands = (command for command in failed if isinstance(command, ModuleCommand))
        return {relay for command in commands for relay in self._relays.doubt(site, readings, command)}

    def _read_state(self, site: Site, readings: Readings, update: ModuleStateUpdate) -> Changes:
        """A live state in the commanded word confirms. Another one does not refute: it may have been under way."""
        command = None if update.retained else self._commands.of_module(update.module)
        confirmed = () if command is None or not command.is_told_by(update.states) else (command,)
        for answered in confirmed:
            self._commands.cancel(answered)
        relays = self._relays.tell(site, readings, update, answers=bool(confirmed))
        return Changes(relays=relays, confirmed=confirmed)


def untold(readings: Readings, site: Site) -> None:
    """Give every declared relay and contact a reading that says nothing yet."""
    readings.relays = {relay: RelayReading() for relay in site.relay_by_id}
    readings.contacts = dict.fromkeys(site.contact_by_id)


def _read_contacts(site: Site, readings: Readings, update: ModuleInputsUpdate) -> set[str]:
    """Note the contacts that a message tells of; returns those with a new state."""
    told = {
        contact.id: None if (closed := update.closed[contact.input]) is None else closed != contact.normally_closed
        for contact in site.input_module_by_id[update.module].contacts
        if contact.input in update.closed
    }
    changed = {contact for contact, active in told.items() if active is not readings.contacts[contact]}
    readings.contacts |= told
    return changed
