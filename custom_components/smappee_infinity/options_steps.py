"""What the steps of the options share."""

from collections.abc import Iterable
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig, SelectSelectorMode

from ._vendor.mqtt_schema.model import Load, Site

type Input = dict[str, Any]


class OptionsSteps(OptionsFlow):
    """Some steps of the options."""

    @property
    def _site(self) -> Site:
        site: Site = self.config_entry.runtime_data.session.site
        return site

    def _changed(self, options: Input) -> ConfigFlowResult:
        """Keep the other options as they are."""
        return self.async_create_entry(data={**self.config_entry.options, **options})


def load_selector(loads: Iterable[Load], *, multiple: bool = False) -> SelectSelector:
    """Ask for one load, or for any number of them."""
    options = [SelectOptionDict(value=load.id, label=load.name) for load in loads]
    mode = SelectSelectorMode.LIST if multiple else SelectSelectorMode.DROPDOWN
    return SelectSelector(SelectSelectorConfig(options=options, multiple=multiple, mode=mode))
