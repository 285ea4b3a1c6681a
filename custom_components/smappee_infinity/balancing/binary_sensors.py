"""Binary sensors of the balancing: what is too much, what may charge, what is switched off."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, override

from homeassistant.components.binary_sensor import BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .._vendor.energy_control.balancing.decisions import Answer
from ..coordinator import SmappeeConfigEntry, SmappeeCoordinator
from .const import CIRCUIT, EV_CHARGER, SHED_LOAD
from .entity import BalancingEntity, add
from .news import is_allowed

OVERLOADED: Final = BinarySensorEntityDescription(key="overloaded", device_class=BinarySensorDeviceClass.PROBLEM)
CHARGING_ALLOWED: Final = BinarySensorEntityDescription(key="charging_allowed")
LOAD_SHED: Final = BinarySensorEntityDescription(key="load_shed")
STATES: Final = (OVERLOADED, CHARGING_ALLOWED, LOAD_SHED)

type Read = Callable[[Answer], bool | None]


@callback
def add_binary_sensors(entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Add those of everything that is declared."""
    add(entry, async_add_entities, CIRCUIT, _of_circuit)
    add(entry, async_add_entities, EV_CHARGER, _of_charger)
    add(entry, async_add_entities, SHED_LOAD, _of_load)


def _of_circuit(coordinator: SmappeeCoordinator, id_: str) -> Iterator[BalancingEntity]:
    if coordinator.balancing.lines(id_):
        yield State(coordinator, id_, OVERLOADED, partial(_is_overloaded, id_))


def _of_charger(coordinator: SmappeeCoordinator, id_: str) -> Iterator[BalancingEntity]:
    yield State(coordinator, id_, CHARGING_ALLOWED, partial(_may_charge, id_))


def _of_load(coordinator: SmappeeCoordinator, id_: str) -> Iterator[BalancingEntity]:
    yield State(coordinator, id_, LOAD_SHED, partial(_is_shed, id_))


def _is_overloaded(circuit: str, answer: Answer) -> bool:
    return answer.circuits[circuit].overloaded


def _may_charge(charger: str, answer: Answer) -> bool | None:
    return is_allowed(answer.chargers[charger])


def _is_shed(load: str, answer: Answer) -> bool | None:
    on = answer.loads[load].on
    return None if on is None else not on


class State(BalancingEntity, BinarySensorEntity):
    """A state of the last answer."""

    def __init__(
        self, coordinator: SmappeeCoordinator, id_: str, described: BinarySensorEntityDescription, read: Read
    ) -> None:
        """`read` takes it from an answer."""
        self.entity_description = described
        self._read = read
        super().__init__(coordinator, id_, described.key)

    @override
    def _refresh(self) -> bool:
        value = self._read(self.balancing.answer)
        if value is self._attr_is_on:
            return False
        self._attr_is_on = value
        return True
