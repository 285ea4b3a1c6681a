"""Options of the digital meter: which entities of another integration tell what it has registered."""

import probatio
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import EntitySelector, EntitySelectorConfig, EntityWithDeviceFilterSelectorConfig

from .const import CONF_BILLED_PEAK, CONF_DIGITAL_METER, CONF_MONTH_PEAK, CONF_QUARTER_AVERAGE, DOMAIN
from .options_steps import Input, OptionsSteps


class MeterSteps(OptionsSteps):
    """What is not named is worked out from the CTs."""

    async def async_step_digital_meter(self, user_input: Input | None = None) -> ConfigFlowResult:
        """Ask which entities tell the registers; one that is left empty is no longer named."""
        if user_input is not None:
            return self._changed({CONF_DIGITAL_METER: user_input})
        schema = self.add_suggested_values_to_schema(
            _schema(self.hass), self.config_entry.options.get(CONF_DIGITAL_METER)
        )
        return self.async_show_form(step_id="digital_meter", data_schema=schema)


def _schema(hass: HomeAssistant) -> probatio.Schema:
    """Offer powers that are not our own: they would follow themselves."""
    ours = [item.entity_id for item in er.async_get(hass).entities.values() if item.platform == DOMAIN]
    selector = EntitySelector(
        EntitySelectorConfig(
            filter=EntityWithDeviceFilterSelectorConfig(domain=SENSOR_DOMAIN, device_class=SensorDeviceClass.POWER),
            exclude_entities=ours,
        )
    )
    points = (CONF_QUARTER_AVERAGE, CONF_MONTH_PEAK, CONF_BILLED_PEAK)
    return probatio.Schema({probatio.Optional(point): selector for point in points})
