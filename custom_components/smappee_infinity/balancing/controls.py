"""What users decide: what each charger shall do, how much it may draw, and whether anything is commanded."""

from collections.abc import Iterator
from typing import Any, Final, override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.components.select import SelectEntity
from homeassistant.components.switch import SwitchEntity
from homeassistant.const import EntityCategory, UnitOfElectricCurrent
from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .._vendor.energy_control.balancing.settings import Charger, Mode
from ..const import DOMAIN
from ..coordinator import SmappeeConfigEntry, SmappeeCoordinator
from . import obstacles
from .const import CIRCUIT, EV_CHARGER
from .declared import of_kind
from .entity import BalancingEntity, add

CHARGER_MODE: Final = "charger_mode"
MAXIMUM_CURRENT: Final = "maximum_current"
CONTROL_ENABLED: Final = "control_enabled"
NOT_ENABLED: Final = "not_enabled"


@callback
def add_selects(entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Add the mode of every charger."""
    add(entry, async_add_entities, EV_CHARGER, _modes)


@callback
def add_numbers(entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Add the highest current of every charger."""
    add(entry, async_add_entities, EV_CHARGER, _wishes)


@callback
def add_switches(entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Add the switch that lets it all command, where there is a fuse to guard."""
    if of_kind(entry, CIRCUIT):
        async_add_entities([ControlEnabled(entry.runtime_data)])


def _modes(coordinator: SmappeeCoordinator, id_: str) -> Iterator[BalancingEntity]:
    yield ChargerMode(coordinator, id_)


def _wishes(coordinator: SmappeeCoordinator, id_: str) -> Iterator[BalancingEntity]:
    charger = next(charger for charger in coordinator.balancing.settings.chargers if charger.id == id_)
    yield MaximumCurrent(coordinator, charger)


class ChargerMode(BalancingEntity, SelectEntity):
    """What its user wants of a charger. Nothing is commanded before control is enabled."""

    def __init__(self, coordinator: SmappeeCoordinator, id_: str) -> None:
        """Show what was chosen before the restart."""
        self._attr_options = list(Mode)
        super().__init__(coordinator, id_, CHARGER_MODE)

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose."""
        await self.balancing.set_mode(self.id, Mode(option))
        self._handle_coordinator_update()

    @override
    def _refresh(self) -> bool:
        mode = self.balancing.mode(self.id)
        if mode == self._attr_current_option:
            return False
        self._attr_current_option = mode
        return True


class MaximumCurrent(BalancingEntity, NumberEntity):
    """The most that its user wants a charger to draw on each line."""

    _attr_device_class = NumberDeviceClass.CURRENT
    _attr_native_unit_of_measurement = UnitOfElectricCurrent.AMPERE
    _attr_mode = NumberMode.SLIDER

    def __init__(self, coordinator: SmappeeCoordinator, charger: Charger) -> None:
        """Show what was wanted before the restart, else the most that the charger can."""
        self._highest_a = charger.max_a
        self._attr_native_min_value = charger.least_a
        self._attr_native_max_value = charger.max_a
        self._attr_native_step = charger.step_a
        super().__init__(coordinator, charger.id, MAXIMUM_CURRENT)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Want no more than that."""
        await self.balancing.set_wish(self.id, value)
        self._handle_coordinator_update()

    @override
    def _refresh(self) -> bool:
        wish_a = self.balancing.wish_a(self.id)
        value = self._highest_a if wish_a is None else min(wish_a, self._highest_a)
        if value == self._attr_native_value:
            return False
        self._attr_native_value = value
        return True


class ControlEnabled(BalancingEntity, SwitchEntity):
    """Whether the balancing may command. It is off until its owner switches it on, and nothing stands in the way."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, coordinator: SmappeeCoordinator) -> None:
        """Be on the device of the gateway."""
        super().__init__(coordinator, "", CONTROL_ENABLED)
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, coordinator.serial)})

    @override
    async def async_turn_on(self, **_kwargs: Any) -> None:
        """Enable control; raises ServiceValidationError that lists what stands in the way."""
        balancing = self.balancing
        problems = obstacles.explained(self.hass, balancing.refusals(), balancing.names)
        if problems:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=NOT_ENABLED,
                translation_placeholders={"problems": problems},
            )
        await balancing.enable()
        self._handle_coordinator_update()

    @override
    async def async_turn_off(self, **_kwargs: Any) -> None:
        """Disable control; chargers are left with their fallback current."""
        await self.balancing.disable()
        self._handle_coordinator_update()

    @override
    def _refresh(self) -> bool:
        enabled = self.balancing.enabled
        if enabled is self._attr_is_on:
            return False
        self._attr_is_on = enabled
        return True
