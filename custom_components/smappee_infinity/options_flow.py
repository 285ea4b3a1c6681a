"""Options: how often values may change, and the Energy dashboard; the other steps have files of their own."""

from typing import Final

import probatio
from homeassistant.components.energy import data as energy
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .const import (
    CONF_UPDATE_INTERVAL,
    DEFAULT_UPDATE_INTERVAL_S,
    LONGEST_UPDATE_INTERVAL_S,
    SHORTEST_UPDATE_INTERVAL_S,
)
from .energy_dashboard import Offer, Part
from .loading import is_loaded
from .options_capture import CaptureSteps
from .options_loads import LoadSteps
from .options_meter import MeterSteps
from .options_steps import Input

CONF_PARTS: Final = "parts"
MENU: Final = ["settings", "roles", "running", "containing", "digital_meter", "energy_dashboard", "capture"]

SETTINGS_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(CONF_UPDATE_INTERVAL, default=DEFAULT_UPDATE_INTERVAL_S): probatio.All(
            NumberSelector(
                NumberSelectorConfig(
                    min=SHORTEST_UPDATE_INTERVAL_S,
                    max=LONGEST_UPDATE_INTERVAL_S,
                    step=1,
                    unit_of_measurement=UnitOfTime.SECONDS,
                    mode=NumberSelectorMode.SLIDER,
                )
            ),
            probatio.Coerce(int),
        )
    }
)


class SmappeeInfinityOptionsFlow(LoadSteps, MeterSteps, CaptureSteps):
    """The update interval is read each time it is needed; when anything else changes, the entry is set up anew."""

    async def async_step_init(self, _user_input: Input | None = None) -> ConfigFlowResult:
        """Ask what to do."""
        return self.async_show_menu(step_id="init", menu_options=MENU)

    async def async_step_settings(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask how often values may change."""
        if user_input is not None:
            return self._changed(user_input)
        schema = self.add_suggested_values_to_schema(SETTINGS_SCHEMA, self.config_entry.options)
        return self.async_show_form(step_id="settings", data_schema=schema)

    async def async_step_energy_dashboard(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask what to add to the Energy dashboard, and add it."""
        if not await is_loaded(self.config_entry):
            return self.async_abort(reason="not_loaded")
        if "energy" not in self.hass.config.components:
            return self.async_abort(reason="no_energy_dashboard")
        manager = await energy.async_get_manager(self.hass)
        offer = Offer(self.hass, self.config_entry.runtime_data, manager)
        if not offer.parts:
            return self.async_abort(reason="energy_dashboard_complete")
        if user_input is None:
            return self.async_show_form(step_id="energy_dashboard", data_schema=_parts_schema(offer))
        await offer.add([Part(part) for part in user_input[CONF_PARTS]])
        return self._changed({})


def _parts_schema(offer: Offer) -> probatio.Schema:
    selector = SelectSelector(
        SelectSelectorConfig(
            options=[part.value for part in offer.parts],
            multiple=True,
            mode=SelectSelectorMode.LIST,
            translation_key=CONF_PARTS,
        )
    )
    return probatio.Schema({probatio.Required(CONF_PARTS, default=[part.value for part in offer.suggested]): selector})
