"""The subentry flow in which owners tell what they know better of a meter: what it counts, and what it shows."""

from dataclasses import replace
from typing import Any, Final

import probatio
from homeassistant.config_entries import SOURCE_USER, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_ID, CONF_NAME
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from . import declared, errors, mistakes
from ._vendor.mqtt_schema.accessories import Meter
from ._vendor.mqtt_schema.metering import meter_reading, pulse_size, shown_amount, unit_of
from ._vendor.mqtt_schema.quantities import Medium
from ._vendor.smappee_gateway.module_settings import UNITS
from ._vendor.smappee_gateway.session import Session
from .loading import is_loaded
from .module_forms import (
    CONF_MEDIUM,
    CONF_PULSES_PER_UNIT,
    CONF_UNIT,
    MEDIUM_SELECTOR,
    PULSES_SELECTOR,
    UNIT_SELECTOR,
    USUAL_PULSES_PER_UNIT,
    Table,
)

CONF_READING: Final = "reading"
CONF_OFFSET: Final = "offset"

READING_SELECTOR: Final = NumberSelector(NumberSelectorConfig(min=0, max=1e8, step="any", mode=NumberSelectorMode.BOX))

SCHEMA: Final = probatio.Schema(
    {
        probatio.Optional(CONF_NAME): TextSelector(),
        probatio.Required(CONF_MEDIUM): MEDIUM_SELECTOR,
        probatio.Optional(CONF_UNIT): UNIT_SELECTOR,
        probatio.Required(CONF_PULSES_PER_UNIT): PULSES_SELECTOR,
        probatio.Optional(CONF_READING): READING_SELECTOR,
    }
)

type Answer = dict[str, Any]


class MeterFlow(ConfigSubentryFlow):
    """Asks which meter, then what it is. What is left as it stands there changes nothing."""

    _meter: Meter
    """As it is known now."""

    async def async_step_user(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Choose one of the meters of which nothing is told yet."""
        entry = self._get_entry()
        if not await is_loaded(entry):
            return self.async_abort(reason="not_loaded")
        told = {table[CONF_ID] for table in declared.tables(entry)[declared.METER]}
        meters = [meter for meter in self._session.site.meters if meter.id not in told]
        if not meters:
            return self.async_abort(reason="no_meters")
        if user_input is not None:
            self._meter = self._session.site.meter_by_id[user_input[CONF_ID]]
            return await self.async_step_meter()
        return self.async_show_form(step_id="user", data_schema=_choice(meters))

    async def async_step_reconfigure(self, _user_input: Answer | None = None) -> SubentryFlowResult:
        """Change what was told of a meter."""
        if not await is_loaded(self._get_entry()):
            return self.async_abort(reason="not_loaded")
        meter = self._session.site.meter_by_id.get(self._get_reconfigure_subentry().data[CONF_ID])
        if meter is None:
            return self.async_abort(reason="no_such_meter")
        self._meter = meter
        return await self.async_step_meter()

    async def async_step_meter(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Ask what the meter is, and what it shows."""
        problems = ""
        if user_input is not None:
            table = self._table(user_input)
            former = None if self.source == SOURCE_USER else self._reconfigure_subentry_id
            problems = mistakes.found(self.hass, self._get_entry(), declared.METER, table, instead_of=former)
            if not problems:
                return self._save(table)
        return self.async_show_form(
            step_id="meter",
            data_schema=self.add_suggested_values_to_schema(SCHEMA, user_input or self._known()),
            errors={"base": errors.NOT_DECLARABLE} if problems else {},
            description_placeholders={"meter": self._meter.id, "problems": problems},
        )

    @property
    def _session(self) -> Session:
        session: Session = self._get_entry().runtime_data.session
        return session

    def _known(self) -> Answer:
        meter = self._meter
        return {
            CONF_NAME: meter.name or None,
            CONF_MEDIUM: meter.medium.value,
            CONF_UNIT: meter.unit or None,
            CONF_PULSES_PER_UNIT: meter.pulses_per_unit or USUAL_PULSES_PER_UNIT,
            CONF_READING: self._reading(),
        }

    def _reading(self) -> float | None:
        """Return what the meter shows by what is known, in the unit that it is written in."""
        reading = meter_reading(self._session.site, self._session.readings, self._meter.id)
        return None if reading is None else round(reading / shown_amount(self._meter, 1.0), 3)

    def _table(self, form: Answer) -> Table:
        medium = Medium(form[CONF_MEDIUM])
        name, unit = form.get(CONF_NAME, "").strip(), form.get(CONF_UNIT, "").strip() or UNITS[medium]
        table: Table = {
            CONF_ID: self._meter.id,
            CONF_MEDIUM: medium.value,
            CONF_PULSES_PER_UNIT: form[CONF_PULSES_PER_UNIT],
        }
        table |= {field: text for field, text in ((CONF_NAME, name), (CONF_UNIT, unit)) if text}
        if CONF_READING in form:
            meter = replace(self._meter, medium=medium, unit=unit, pulses_per_unit=form[CONF_PULSES_PER_UNIT])
            table[CONF_OFFSET] = shown_amount(meter, form[CONF_READING]) - self._total_of(meter)
        return table

    def _save(self, table: Table) -> SubentryFlowResult:
        title = table.get(CONF_NAME, self._meter.id)
        if self.source == SOURCE_USER:
            return self.async_create_entry(title=title, data=table, unique_id=self._meter.id)
        return self.async_update_and_abort(self._get_entry(), self._get_reconfigure_subentry(), title=title, data=table)

    def _total_of(self, meter: Meter) -> float:
        """Return what the total will be when the meter is what its owner says: in the same unit it goes on."""
        readings = self._session.readings
        total, size = readings.meter_totals.get(meter.id), pulse_size(meter)
        if total is not None and total.unit is unit_of(meter):
            return total.amount
        return readings.meter_pulses[meter.id] * (size or 0.0)


def _choice(meters: list[Meter]) -> probatio.Schema:
    options = [
        SelectOptionDict(value=meter.id, label=f"{meter.name} ({meter.id})" if meter.name else meter.id)
        for meter in meters
    ]
    selector = SelectSelector(SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST))
    return probatio.Schema({probatio.Required(CONF_ID): selector})
