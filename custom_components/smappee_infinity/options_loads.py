"""Options of loads: which are batteries or cars, when each counts as running, and which contain others."""

from collections.abc import Iterable
from typing import Any, Final

import probatio
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import UnitOfPower, UnitOfTime
from homeassistant.helpers.selector import NumberSelector, NumberSelectorConfig, NumberSelectorMode

from ._vendor.energy_control.running import USUAL
from ._vendor.mqtt_schema.model import Load, Site
from ._vendor.mqtt_schema.quantities import CONSUMING, Role
from ._vendor.smappee_gateway.told_loads import is_in_circle
from .const import (
    CONF_BATTERIES,
    CONF_CARS,
    CONF_OFF_DELAY,
    CONF_ON_DELAY,
    CONF_PARENTS,
    CONF_RUNNING,
    CONF_THRESHOLD,
)
from .loading import is_loaded
from .options_steps import Input, OptionsSteps, load_selector
from .told import running_settings

CONF_LOAD: Final = "load"
CONF_CONTAINED: Final = "contained"

HIGHEST_THRESHOLD_W: Final = 10_000
LONGEST_DELAY_S: Final = 3600


class LoadSteps(OptionsSteps):
    """Of running and of containing, the first step asks for a load and the second for what is to be told of it."""

    _load: Load

    async def async_step_roles(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask which loads are batteries or cars, which no gateway tells."""
        if not await is_loaded(self.config_entry):
            return self.async_abort(reason="not_loaded")
        options, errors = self.config_entry.options, {}
        roles = {key: self._present(options.get(key, ())) for key in (CONF_BATTERIES, CONF_CARS)}
        if user_input is not None:
            roles = user_input
            if set(user_input[CONF_BATTERIES]).isdisjoint(user_input[CONF_CARS]):
                return self._changed(user_input)
            errors[CONF_CARS] = "battery_and_car"
        schema = self.add_suggested_values_to_schema(_roles_schema(self._site), roles)
        return self.async_show_form(step_id="roles", data_schema=schema, errors=errors)

    async def async_step_running(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask of which load to change when it counts as running."""
        if not await is_loaded(self.config_entry):
            return self.async_abort(reason="not_loaded")
        if user_input is None:
            return self._ask_for_load("running")
        self._load = self._site.load_by_id[user_input[CONF_LOAD]]
        return await self.async_step_running_load()

    async def async_step_running_load(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask when this load counts as running."""
        settings: dict[str, Any] = dict(self.config_entry.options.get(CONF_RUNNING, {}))
        if user_input is not None:
            settings[self._load.id] = user_input
            if running_settings(user_input) == USUAL:
                del settings[self._load.id]
            return self._changed({CONF_RUNNING: settings})
        schema = self.add_suggested_values_to_schema(RUNNING_SCHEMA, settings.get(self._load.id))
        return self._ask_about_load("running_load", schema)

    async def async_step_containing(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask which load contains others."""
        if not await is_loaded(self.config_entry):
            return self.async_abort(reason="not_loaded")
        if user_input is None:
            return self._ask_for_load("containing")
        self._load = self._site.load_by_id[user_input[CONF_LOAD]]
        return await self.async_step_contained()

    async def async_step_contained(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask which loads this one contains; a load that another one contained moves here."""
        parents: dict[str, str] = self.config_entry.options.get(CONF_PARENTS, {})
        contained = [load.id for load in self._others() if parents.get(load.id) == self._load.id]
        errors = {}
        if user_input is not None:
            contained = user_input[CONF_CONTAINED]
            parents = {load: parent for load, parent in parents.items() if parent != self._load.id}
            parents |= dict.fromkeys(contained, self._load.id)
            if not is_in_circle(self._load.id, parents):
                return self._changed({CONF_PARENTS: parents})
            errors[CONF_CONTAINED] = "contains_itself"
        selector = load_selector(self._others(), multiple=True)
        schema = probatio.Schema({probatio.Optional(CONF_CONTAINED, default=list): selector})
        schema = self.add_suggested_values_to_schema(schema, {CONF_CONTAINED: contained})
        return self._ask_about_load("contained", schema, errors)

    def _present(self, loads: Iterable[str]) -> list[str]:
        """Leave out loads that are no longer there."""
        return [load for load in loads if load in self._site.load_by_id]

    def _ask_for_load(self, step: str) -> ConfigFlowResult:
        selector = load_selector(load for load in self._site.loads if load.role in CONSUMING)
        return self.async_show_form(step_id=step, data_schema=probatio.Schema({probatio.Required(CONF_LOAD): selector}))

    def _ask_about_load(
        self, step: str, schema: probatio.Schema, errors: dict[str, str] | None = None
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step, data_schema=schema, errors=errors, description_placeholders={CONF_LOAD: self._load.name}
        )

    def _others(self) -> list[Load]:
        """Return the loads that this one may contain."""
        return [load for load in self._site.loads if load.role in CONSUMING and load.id != self._load.id]


def _roles_schema(site: Site) -> probatio.Schema:
    loads = [load for load in site.loads if load.role in CONSUMING | {Role.BATTERY}]
    return probatio.Schema(
        {
            probatio.Optional(CONF_BATTERIES, default=list): load_selector(loads, multiple=True),
            probatio.Optional(CONF_CARS, default=list): load_selector(loads, multiple=True),
        }
    )


def _number(lowest: float, highest: float, unit: str) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(min=lowest, max=highest, unit_of_measurement=unit, mode=NumberSelectorMode.BOX)
    )


RUNNING_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(CONF_THRESHOLD, default=USUAL.threshold_w): _number(1, HIGHEST_THRESHOLD_W, UnitOfPower.WATT),
        probatio.Required(CONF_ON_DELAY, default=USUAL.on_delay_s): _number(0, LONGEST_DELAY_S, UnitOfTime.SECONDS),
        probatio.Required(CONF_OFF_DELAY, default=USUAL.off_delay_s): _number(0, LONGEST_DELAY_S, UnitOfTime.SECONDS),
    }
)
