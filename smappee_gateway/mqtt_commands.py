"""Commands as MQTT messages."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from mqtt_schema.dialects import OutputDialect
from mqtt_schema.templates import fill
from mqtt_schema.topics import PREFIX, set_plug_state
from smappee_gateway.commands import Command, ModuleCommand, PlugCommand
from smappee_gateway.errors import UnknownTargetError
from smappee_gateway.modules import DeclaredOutput


class Publication(NamedTuple):
    """What is published."""

    topic: str
    payload: bytes


def publication(command: Command, outputs: Iterable[DeclaredOutput]) -> Publication:
    """Write a command, for a plug as the vendor's client does; raises UnknownTargetError for an undeclared module."""
    if isinstance(command, PlugCommand):
        payload = msgspec.json.encode({"value": "ON" if command.on else "OFF"})
        return Publication(set_plug_state(command.location, command.plug), payload)
    for declared in outputs:
        if declared.module.id == command.module:
            return _module_publication(command, declared.dialect)
    raise UnknownTargetError(command.module)


def _module_publication(command: ModuleCommand, dialect: OutputDialect) -> Publication:
    written = tuple((output, on) for output, on in enumerate(command.states) if on is not None)
    output = written[0][0]
    values = {"module": command.module, "output": str(dialect.first_output + output)}
    topic = f"{PREFIX}/{command.location}/{fill(dialect.command_topic, values)}"
    return Publication(
        topic, fill(dialect.payload, {**values, "state": dialect.word(tuple(on for _, on in written))}).encode()
    )
