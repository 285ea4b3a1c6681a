"""Input modules: dry contacts, told on a topic of their own.

INVENTED: the local form of an Input module is unknown (protocol facts 3.12). Their pulses are counted by
`pulse_sensors`; here the four inputs stand in one document, a contact as ``{"state":"OPEN"}`` or ``"CLOSED"``, a pulse
input with its running count since the module got its power.
"""

from collections.abc import Mapping
from typing import override

from simulator.gateway.interval_log import Counts
from simulator.gateway.message import Json, compact
from simulator.gateway.provider import Provider, Publication
from simulator.gateway.pulse_sensors import counter
from simulator.house.house import House
from simulator.sites.accessories import InputModule


class LiveInputs:
    """A module at work."""

    def __init__(self, module: InputModule, house: House) -> None:
        self._module = module
        self._house = house
        self._pulses = counter(house, module.pulse_inputs)
        self._zero: Counts = self._pulses()
        self._told: tuple[bool, ...] | None = None

    def begin(self) -> Publication:
        """Tell everything, counts from zero."""
        self._zero = self._pulses()
        self._told = None
        return self.tell()

    def tell(self) -> Publication:
        """Tell everything."""
        return Publication(f"inputmodule/{self._module.serial_number}/state", self._write)

    @property
    def changed(self) -> bool:
        """Whether a contact stands otherwise than told; False until something has been told."""
        return self._told not in {None, self._closed()}

    def _closed(self) -> tuple[bool, ...]:
        return tuple(self._house.contacts[name] for name in self._module.contacts if name)

    def _write(self, _: int) -> bytes:
        self._told = self._closed()
        counts = [now - zero for now, zero in zip(self._pulses(), self._zero, strict=True)]
        inputs = [self._input(name, count) for name, count in zip(self._module.contacts, counts, strict=True)]
        return compact({"inputs": inputs})

    def _input(self, contact: str, count: int) -> Mapping[str, Json]:
        if not contact:
            return {"count": count}
        return {"state": "CLOSED" if self._house.contacts[contact] else "OPEN"}


class InputModules(Provider):
    """The Input modules of a house: told at boot, when a contact changes, and with their counts every five minutes."""

    def __init__(self, house: House) -> None:
        self._modules = [LiveInputs(module, house) for module in house.site.input_modules]

    @override
    def documents(self) -> list[Publication]:
        return [module.begin() for module in self._modules]

    @override
    def every_second(self) -> list[Publication]:
        return [module.tell() for module in self._modules if module.changed]

    @override
    def every_period(self, end_ms: int) -> list[Publication]:
        return [module.tell() for module in self._modules]
