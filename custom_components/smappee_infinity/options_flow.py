"""Options: how often values may change, which loads are batteries, and the Energy dashboard."""

from typing import Any, Final

import probatio
from homeassistant.components.energy import data as energy
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ._vendor.mqtt_schema.model import Site
from ._vendor.mqtt_schema.quantities import Role
from .const import (
    CONF_BATTERIES,
    CONF_UPDATE_INTERVAL,
    DEFAULT_UPDATE_INTERVAL_S,
    LONGEST_UPDATE_INTERVAL_S,
    SHORTEST_UPDATE_INTERVAL_S,
)
from .energy_dashboard import Offer, Part

CONF_PARTS: Final = "parts"

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

type Input = dict[str, Any]


class SmappeeInfinityOptionsFlow(OptionsFlow):
    """The coordinator reads the options each time it needs them, so nothing has to be reloaded."""

    async def async_step_init(self, _user_input: Input | None = None) -> ConfigFlowResult:
        """Ask what to do."""
        return self.async_show_menu(step_id="init", menu_options=["settings", "roles", "energy_dashboard"])

    async def async_step_settings(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask how often values may change."""
        if user_input is not None:
            return self._changed(user_input)
        schema = self.add_suggested_values_to_schema(SETTINGS_SCHEMA, self.config_entry.options)
        return self.async_show_form(step_id="settings", data_schema=schema)

    async def async_step_roles(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask which loads are batteries, which no gateway tells."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        if user_input is not None:
            return self._changed(user_input)
        schema = _roles_schema(self.config_entry.runtime_data.session.site)
        return self.async_show_form(
            step_id="roles", data_schema=self.add_suggested_values_to_schema(schema, self.config_entry.options)
        )

    async def async_step_energy_dashboard(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask what to add to the Energy dashboard, and add it."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
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

    def _changed(self, options: Input) -> ConfigFlowResult:
        """Keep the other options as they are."""
        return self.async_create_entry(data={**self.config_entry.options, **options})


def _roles_schema(site: Site) -> probatio.Schema:
    loads = [
        SelectOptionDict(value=load.id, label=load.name)
        for load in site.loads
        if load.role in {Role.LOAD, Role.BATTERY}
    ]
    selector = SelectSelector(SelectSelectorConfig(options=loads, multiple=True, mode=SelectSelectorMode.LIST))
    return probatio.Schema({probatio.Optional(CONF_BATTERIES, default=list): selector})


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
