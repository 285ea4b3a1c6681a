"""The subentry flows in which owners declare circuits, chargers and loads that can be shed."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, override

import probatio
from homeassistant.config_entries import SOURCE_USER, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME, Platform
from homeassistant.helpers import entity_registry as er

from .._vendor.mqtt_schema.model import Site
from ..const import DOMAIN
from ..loading import is_loaded
from . import checks, forms
from .const import CIRCUIT, CONF_CIRCUIT, CONF_PARENT, EV_CHARGER, SHED_LOAD
from .controls import CONTROL_ENABLED
from .declared import Declared, Table, declared, of_kind

type Answer = dict[str, Any]


class BalancingFlow(ConfigSubentryFlow):
    """Declares one thing: the same form for a new one and for a change."""

    kind: ClassVar[str]

    async def async_step_user(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Declare something new."""
        return await self._begin(user_input)

    async def async_step_reconfigure(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Change what is declared."""
        return await self._begin(user_input)

    @abstractmethod
    async def _begin(self, user_input: Answer | None) -> SubentryFlowResult:
        """Show the form that fits."""

    @abstractmethod
    def _problems(self, table: Table) -> Iterable[str]:
        """Return what is wrong with a table."""

    def _ask(self, step_id: str, schema: probatio.Schema, user_input: Answer | None) -> SubentryFlowResult:
        """Save what the form says, or show it again with what is wrong."""
        problems: list[str] = []
        if user_input is not None:
            table = forms.flat(user_input)
            problems = list(self._problems(table))
            if not problems:
                return self._save(table)
        shown = user_input or forms.nested(schema, self._known())
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors={"base": problems[0]} if problems else {},
        )

    def _known(self) -> Table:
        """Return what is declared, or what a new one begins with."""
        if self.source == SOURCE_USER:
            return self._usual()
        subentry = self._get_reconfigure_subentry()
        return {CONF_NAME: subentry.title, **subentry.data}

    def _usual(self) -> Table:
        """Return what a new one begins with, beside the defaults of its form."""
        circuits = self._circuits()
        return {CONF_CIRCUIT: next(iter(circuits))} if circuits else {}

    def _save(self, table: Answer) -> SubentryFlowResult:
        title = table.pop(CONF_NAME).strip()
        if self.source == SOURCE_USER:
            return self.async_create_entry(title=title, data=table)
        return self.async_update_and_abort(self._get_entry(), self._get_reconfigure_subentry(), title=title, data=table)

    @property
    def _site(self) -> Site:
        site: Site = self._get_entry().runtime_data.session.site
        return site

    @property
    def _own_id(self) -> str:
        return "" if self.source == SOURCE_USER else self._reconfigure_subentry_id

    def _others(self) -> Mapping[str, Declared]:
        return {id_: item for id_, item in declared(self._get_entry()).items() if id_ != self._own_id}

    def _circuits(self) -> dict[str, str]:
        """Return the names of the circuits, the connection to the grid first."""
        circuits = of_kind(self._get_entry(), CIRCUIT)
        ordered = sorted(circuits.items(), key=lambda circuit: CONF_PARENT in circuit[1].data)
        return {id_: circuit.title for id_, circuit in ordered}

    def _our_entities(self) -> list[str]:
        """Return our own entities: nothing of them tells of a charger."""
        entry_id = self._get_entry().entry_id
        return [entry.entity_id for entry in er.async_entries_for_config_entry(er.async_get(self.hass), entry_id)]

    def _no_switches(self) -> list[str]:
        """Return those of our own switches that switch nothing."""
        serial = self._get_entry().unique_id
        found = er.async_get(self.hass).async_get_entity_id(Platform.SWITCH, DOMAIN, f"{serial}_{CONTROL_ENABLED}")
        return [] if found is None else [found]


class CircuitFlow(BalancingFlow):
    """Declares the connection to the grid first, then circuits behind it."""

    kind = CIRCUIT

    @override
    async def _begin(self, user_input: Answer | None) -> SubentryFlowResult:
        return await (self.async_step_main() if self._is_main else self.async_step_sub())

    async def async_step_main(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Ask for the connection to the grid; its CTs are known."""
        if not await is_loaded(self._get_entry()):
            return self.async_abort(reason="not_loaded")
        return self._ask("main", forms.main_schema(forms.limit_entity(self._our_entities())), user_input)

    async def async_step_sub(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Ask for another circuit: what it is behind, and which loads measure it."""
        if not await is_loaded(self._get_entry()):
            return self.async_abort(reason="not_loaded")
        parents = {id_: name for id_, name in self._circuits().items() if not self._is_within(id_)}
        limits = forms.limit_entity(self._our_entities())
        return self._ask("sub", forms.sub_schema(forms.choice(parents), self._site, limits), user_input)

    @property
    def _is_main(self) -> bool:
        if self.source != SOURCE_USER:
            return CONF_PARENT not in self._get_reconfigure_subentry().data
        circuits = of_kind(self._get_entry(), CIRCUIT).values()
        return all(CONF_PARENT in circuit.data for circuit in circuits)

    def _is_within(self, circuit: str) -> bool:
        """Tell whether a circuit is the one that is changed, or behind it."""
        circuits = of_kind(self._get_entry(), CIRCUIT)
        for _ in circuits:
            if circuit == self._own_id:
                return True
            circuit = circuits[circuit].data.get(CONF_PARENT, "") if circuit in circuits else ""
        return False

    @override
    def _usual(self) -> Table:
        circuits = self._circuits()
        return {CONF_PARENT: next(iter(circuits))} if circuits else {}

    @override
    def _problems(self, table: Table) -> Iterable[str]:
        return checks.of_circuit(self.hass, self._site, table)


class ChargerFlow(BalancingFlow):
    """Declares a charger."""

    kind = EV_CHARGER

    @override
    async def _begin(self, user_input: Answer | None) -> SubentryFlowResult:
        return await self.async_step_charger()

    async def async_step_charger(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Ask for a charger."""
        if not await is_loaded(self._get_entry()):
            return self.async_abort(reason="not_loaded")
        circuits = self._circuits()
        if not circuits:
            return self.async_abort(reason="no_circuit")
        schema = forms.charger_schema(forms.choice(circuits), self._site, self._our_entities(), self._no_switches())
        return self._ask("charger", schema, user_input)

    @override
    def _problems(self, table: Table) -> Iterable[str]:
        return checks.of_charger(self.hass, self._others(), table)


class ShedLoadFlow(BalancingFlow):
    """Declares a load that can be shed."""

    kind = SHED_LOAD

    @override
    async def _begin(self, user_input: Answer | None) -> SubentryFlowResult:
        return await self.async_step_load()

    async def async_step_load(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Ask for a load."""
        if not await is_loaded(self._get_entry()):
            return self.async_abort(reason="not_loaded")
        circuits = self._circuits()
        if not circuits:
            return self.async_abort(reason="no_circuit")
        schema = forms.load_schema(forms.choice(circuits), self._site, self._no_switches())
        return self._ask("load", schema, user_input)

    @override
    def _problems(self, table: Table) -> Iterable[str]:
        return checks.of_commanded(self._others(), table)
