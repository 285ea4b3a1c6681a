"""Subentry flows in which owners declare their Output and Input modules."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, Final, override

import probatio
from homeassistant.config_entries import SOURCE_USER, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_ID, CONF_NAME

from . import declared, errors, mistakes, module_forms
from ._vendor.mqtt_schema.dialects import INPUT_PRESETS, OUTPUT_PRESETS
from ._vendor.smappee_gateway.module_settings import GENIUS_PREFIX
from ._vendor.smappee_gateway.modules import MOST_MODULES
from .coordinator import SmappeeCoordinator
from .loading import is_loaded
from .module_forms import CONF_TRIED, Input, Table
from .trial import TrialSteps

type Answer = dict[str, Any]


class ModuleFlow(ConfigSubentryFlow):
    """Declares one module: the same form for a new one and for a change."""

    kind: ClassVar[str]

    async def async_step_user(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Declare a module, where there can be one more."""
        entry = self._get_entry()
        if not await is_loaded(entry):
            return self.async_abort(reason="not_loaded")
        if not str(entry.unique_id).startswith(GENIUS_PREFIX):
            return self.async_abort(reason="no_modules")
        if len(declared.subentry_of_each_module(entry)) >= MOST_MODULES:
            return self.async_abort(reason="too_many_modules")
        return self._form("user", user_input, {})

    async def async_step_edit(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Change what is declared."""
        if not await is_loaded(self._get_entry()):
            return self.async_abort(reason="not_loaded")
        return self._form("edit", user_input, self._filled_in(dict(self._get_reconfigure_subentry().data)))

    @abstractmethod
    def _schema(self, seen: Iterable[str]) -> probatio.Schema:
        """Return the form; `seen`: identifiers to offer."""

    @abstractmethod
    def _seen(self, coordinator: SmappeeCoordinator) -> Iterable[str]:
        """Return the identifiers of modules that speak."""

    @abstractmethod
    def _table(self, form: Input) -> Table:
        """Return what the form stands for."""

    @abstractmethod
    def _filled_in(self, table: Table) -> Input:
        """Return the form of what is declared."""

    def _form(self, step_id: str, user_input: Answer | None, filled_in: Input) -> SubentryFlowResult:
        """Save what the form says, or show it again with what is wrong."""
        entry, problems = self._get_entry(), ""
        if user_input is not None:
            table = self._table(user_input)
            former = None if self.source == SOURCE_USER else self._reconfigure_subentry_id
            problems = mistakes.found(self.hass, entry, self.kind, table, instead_of=former)
            if not problems:
                return self._save(table)
        schema = self._schema(set(self._seen(entry.runtime_data)) - declared.subentry_of_each_module(entry).keys())
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, user_input or filled_in),
            errors={"base": errors.NOT_DECLARABLE} if problems else {},
            description_placeholders={"problems": problems},
        )

    def _save(self, table: Table) -> SubentryFlowResult:
        name, id_ = table[CONF_NAME], table[CONF_ID]
        if self.source == SOURCE_USER:
            return self.async_create_entry(title=name, data=table, unique_id=id_)
        return self.async_update_and_abort(
            self._get_entry(), self._get_reconfigure_subentry(), title=name, data=table, unique_id=id_
        )


class OutputModuleFlow(TrialSteps, ModuleFlow):
    """Declares an Output module; what was declared can be tried."""

    kind = declared.OUTPUT_MODULE

    async def async_step_reconfigure(self, _user_input: Answer | None = None) -> SubentryFlowResult:
        """Ask what to do with the module."""
        return self.async_show_menu(step_id="reconfigure", menu_options=["trial", "edit"])

    @override
    def _schema(self, seen: Iterable[str]) -> probatio.Schema:
        return module_forms.output_schema(seen)

    @override
    def _seen(self, coordinator: SmappeeCoordinator) -> Iterable[str]:
        return {seen.module for seen in coordinator.decoder.seen_modules if seen.preset in OUTPUT_PRESETS}

    @override
    def _table(self, form: Input) -> Table:
        """A trial holds as long as nothing but names has changed since."""
        table = module_forms.output_table(form)
        if self.source == SOURCE_USER:
            return table
        former = dict(self._get_reconfigure_subentry().data)
        return {**table, CONF_TRIED: former[CONF_TRIED] and _without_names(table) == _without_names(former)}

    @override
    def _filled_in(self, table: Table) -> Input:
        return module_forms.output_form(table)


class InputModuleFlow(ModuleFlow):
    """Declares an Input module."""

    kind = declared.INPUT_MODULE

    async def async_step_reconfigure(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Change what is declared."""
        return await self.async_step_edit(user_input)

    @override
    def _schema(self, seen: Iterable[str]) -> probatio.Schema:
        return module_forms.input_schema(seen)

    @override
    def _seen(self, coordinator: SmappeeCoordinator) -> Iterable[str]:
        """Return those with topics of their own, and what is listed as a sensor, as an Input module may be."""
        speaking = {seen.module for seen in coordinator.decoder.seen_modules if seen.preset in INPUT_PRESETS}
        return speaking | {sensor.serial for sensor in coordinator.session.site.sensors if sensor.serial}

    @override
    def _table(self, form: Input) -> Table:
        return module_forms.input_table(form)

    @override
    def _filled_in(self, table: Table) -> Input:
        return module_forms.input_form(table)


def _without_names(table: Table) -> Table:
    return {field: value for field, value in table.items() if field not in _OF_NO_IMPORTANCE}


_OF_NO_IMPORTANCE: Final = {CONF_NAME, module_forms.CONF_RELAYS, CONF_TRIED}
"""For a trial."""
