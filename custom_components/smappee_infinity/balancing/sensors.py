"""Sensors of the balancing: what is decided and why, and what room there is."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, UnitOfElectricCurrent, UnitOfPower
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .._vendor.energy_control.balancing.decisions import Answer, ChargerDecision, LoadDecision, Reason
from .._vendor.mqtt_schema.quantities import Phase
from ..coordinator import SmappeeConfigEntry, SmappeeCoordinator
from . import wiring_texts
from .const import CIRCUIT, CONF_LIMIT, CONF_LIMIT_ENTITY, EV_CHARGER, SHED_LOAD
from .entity import BalancingEntity, add

ATTR_LIMITED_BY: Final = "limited_by"
ATTR_NEXT_CHANGE: Final = "next_change"
ATTR_FAILURE: Final = "failure"
ATTR_LEARNED_WIRING: Final = "learned_wiring"

PERCENT: Final = 100

TARGET_CURRENT: Final = SensorEntityDescription(
    key="target_current",
    device_class=SensorDeviceClass.CURRENT,
    state_class=SensorStateClass.MEASUREMENT,
    native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
    suggested_display_precision=1,
)
HEADROOM: Final = SensorEntityDescription(
    key="headroom",
    device_class=SensorDeviceClass.CURRENT,
    state_class=SensorStateClass.MEASUREMENT,
    native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
    suggested_display_precision=1,
)
HEADROOM_POWER: Final = SensorEntityDescription(
    key="headroom_power",
    device_class=SensorDeviceClass.POWER,
    state_class=SensorStateClass.MEASUREMENT,
    native_unit_of_measurement=UnitOfPower.WATT,
    suggested_display_precision=0,
)
TRIP_RISK: Final = SensorEntityDescription(
    key="trip_risk",
    state_class=SensorStateClass.MEASUREMENT,
    native_unit_of_measurement=PERCENTAGE,
    suggested_display_precision=0,
)
REASONS: Final = {
    EV_CHARGER: SensorEntityDescription(
        key="charger_reason", device_class=SensorDeviceClass.ENUM, options=list(Reason)
    ),
    SHED_LOAD: SensorEntityDescription(key="load_reason", device_class=SensorDeviceClass.ENUM, options=list(Reason)),
}
NUMBERS: Final = (TARGET_CURRENT, HEADROOM, HEADROOM_POWER, TRIP_RISK)

type Read = Callable[[Answer], float | None]
type Decision = ChargerDecision | LoadDecision


@callback
def add_sensors(entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Add those of everything that is declared."""
    add(entry, async_add_entities, CIRCUIT, _of_circuit)
    add(entry, async_add_entities, EV_CHARGER, _of_charger)
    add(entry, async_add_entities, SHED_LOAD, _of_load)


def _of_circuit(coordinator: SmappeeCoordinator, id_: str) -> Iterator[BalancingEntity]:
    table = coordinator.balancing.declared[id_].table
    lines = coordinator.balancing.lines(id_)
    for line in lines:
        headroom = Number(coordinator, id_, HEADROOM, partial(_headroom_a, id_, line), line.name)
        if len(lines) > 1:
            headroom.name_after(line)
        yield headroom
    if CONF_LIMIT in table or CONF_LIMIT_ENTITY in table:
        yield Number(coordinator, id_, HEADROOM_POWER, partial(_headroom_w, id_))
    if lines:
        yield Number(coordinator, id_, TRIP_RISK, partial(_trip_risk, id_))


def _of_charger(coordinator: SmappeeCoordinator, id_: str) -> Iterator[BalancingEntity]:
    yield Number(coordinator, id_, TARGET_CURRENT, partial(_target_a, id_))
    yield ReasonSensor(coordinator, id_, REASONS[EV_CHARGER])


def _of_load(coordinator: SmappeeCoordinator, id_: str) -> Iterator[BalancingEntity]:
    yield ReasonSensor(coordinator, id_, REASONS[SHED_LOAD])


def _headroom_a(circuit: str, line: Phase, answer: Answer) -> float | None:
    return answer.circuits[circuit].headroom_a.get(line)


def _headroom_w(circuit: str, answer: Answer) -> float | None:
    return answer.circuits[circuit].headroom_w


def _trip_risk(circuit: str, answer: Answer) -> float:
    return answer.circuits[circuit].trip_risk * PERCENT


def _target_a(charger: str, answer: Answer) -> float | None:
    return answer.chargers[charger].current_a


class Number(BalancingEntity, SensorEntity):
    """A number of the last answer."""

    def __init__(
        self, coordinator: SmappeeCoordinator, id_: str, described: SensorEntityDescription, read: Read, part: str = ""
    ) -> None:
        """`read` takes it from an answer; `part`: the line that it is about, if it is about one."""
        self.entity_description = described
        self._read = read
        super().__init__(coordinator, id_, described.key, part)

    def name_after(self, line: Phase) -> None:
        """Say in its name which of several it is."""
        self._attr_translation_key = f"{self.entity_description.key}_phase"
        self._attr_translation_placeholders = {"phase": line.name}

    @override
    def _refresh(self) -> bool:
        """Round to what is worth showing, so that trembling digits do not fill the database."""
        value = self._read(self.balancing.answer)
        if value is not None:
            value = round(value, self.entity_description.suggested_display_precision or None)
        if value == self._attr_native_value:
            return False
        self._attr_native_value = value
        return True


class ReasonSensor(BalancingEntity, SensorEntity):
    """Why a charger or a load is as it is."""

    def __init__(self, coordinator: SmappeeCoordinator, id_: str, described: SensorEntityDescription) -> None:
        """Show the reason of now."""
        self.entity_description = described
        self._shown: tuple[object, ...] = ()
        super().__init__(coordinator, id_, described.key)

    @override
    def _refresh(self) -> bool:
        decision = self._decision()
        failure = self.balancing.failures().get(self.id, "")
        learned = wiring_texts.learned(self.balancing.wiring(self.id))
        shown = (decision.reason, decision.limited_by, decision.next_at, failure, learned)
        if shown == self._shown:
            return False
        self._shown = shown
        self._attr_native_value = decision.reason
        self._attr_extra_state_attributes = dict(self._more(decision, failure, learned))
        return True

    def _decision(self) -> Decision:
        answer = self.balancing.answer
        return answer.chargers.get(self.id) or answer.loads[self.id]

    def _more(self, decision: Decision, failure: str, learned: str) -> Iterator[tuple[str, Any]]:
        if decision.limited_by:
            yield ATTR_LIMITED_BY, self.balancing.declared[decision.limited_by].name
        if decision.next_at is not None:
            yield ATTR_NEXT_CHANGE, self.balancing.time_of(decision.next_at)
        if failure:
            yield ATTR_FAILURE, failure
        if learned:
            yield ATTR_LEARNED_WIRING, learned
