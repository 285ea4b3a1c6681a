"""The registers of the digital meter, as entities of another integration that the user has named."""

from collections.abc import Callable, Mapping
from math import isfinite

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfPower
from homeassistant.core import CALLBACK_TYPE, Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util.unit_conversion import PowerConverter

from ._vendor.energy_control.demand import Registers
from .const import CONF_BILLED_PEAK, CONF_MONTH_PEAK, CONF_QUARTER_AVERAGE, LOGGER


class NamedRegisters:
    """Reads them. One that is unknown or unavailable, or no power, tells nothing: our own value is then shown."""

    def __init__(self, hass: HomeAssistant, entities: Mapping[str, str]) -> None:
        """`entities`: by data point, the entity that tells it."""
        self._hass = hass
        self._entities = entities
        self._silent: set[str] = set()

    @callback
    def follow(self, changed: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `changed` whenever one of them tells something else; returns the function that stops it."""

        @callback
        def follow(_event: Event[EventStateChangedData]) -> None:
            changed()

        return async_track_state_change_event(self._hass, self._entities.values(), follow)

    @callback
    def read(self) -> Registers:
        """Return what they tell now."""
        average = self._state(CONF_QUARTER_AVERAGE)
        return Registers(
            average_w=self._power_w(average),
            average_at=0.0 if average is None else average.last_reported.timestamp(),
            month_peak_w=self._power_w(self._state(CONF_MONTH_PEAK)),
            billed_w=self._power_w(self._state(CONF_BILLED_PEAK)),
        )

    def _state(self, point: str) -> State | None:
        """Return the state of the entity that is named for a data point, if one is."""
        entity_id = self._entities.get(point)
        if entity_id is None:
            return None
        state = self._hass.states.get(entity_id)
        self._note(entity_id, is_silent=state is None or power_w(state) is None)
        return state

    def _power_w(self, state: State | None) -> float | None:
        return None if state is None else power_w(state)

    def _note(self, entity_id: str, *, is_silent: bool) -> None:
        """Say once when an entity falls silent, and once when it speaks again."""
        if is_silent is (entity_id in self._silent):
            return
        if is_silent:
            self._silent.add(entity_id)
            LOGGER.debug("%s tells no power now; our own value is shown in its place", entity_id)
        else:
            self._silent.discard(entity_id)
            LOGGER.debug("%s tells a power again", entity_id)


def power_w(state: State) -> float | None:
    """Return the power that an entity shows, in W; None when it shows none."""
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    try:
        number = float(state.state)
    except ValueError:
        return None
    if unit not in PowerConverter.VALID_UNITS or not isfinite(number):
        return None
    return PowerConverter.convert(number, unit, UnitOfPower.WATT)
