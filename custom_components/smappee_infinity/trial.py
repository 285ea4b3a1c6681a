"""The supervised trial of an Output module (docs/modules.md): its owner watches each relay, and says what it did.

Nothing else switches a relay before. Every single movement is asked for.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final, NamedTuple

import probatio
from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_ID
from homeassistant.helpers.selector import BooleanSelector, SelectSelector, SelectSelectorConfig, SelectSelectorMode

from . import errors
from ._vendor.mqtt_schema.accessories import Relay
from ._vendor.smappee_gateway.errors import CommandError
from .loading import is_loaded
from .module_forms import CONF_TRIED

CONF_READY: Final = "ready"
CONF_SEEN: Final = "seen"
YES, NO = "yes", "no"

TRIAL_SCHEMA: Final = probatio.Schema({probatio.Required(CONF_READY, default=False): BooleanSelector()})
SEEN_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(CONF_SEEN): SelectSelector(
            SelectSelectorConfig(options=[YES, NO], translation_key=CONF_SEEN, mode=SelectSelectorMode.LIST)
        )
    }
)

type Answer = dict[str, Any]


class Movement(NamedTuple):
    """One relay, switched once."""

    relay: Relay
    on: bool


class TrialSteps(ConfigSubentryFlow):
    """The steps of a trial; part of the flow that reconfigures an Output module."""

    _left: list[Movement]
    """What is still to be tried, in this order."""

    async def async_step_trial(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Explain, and begin only when the owner is ready."""
        if not await is_loaded(self._get_entry()):
            return self.async_abort(reason="not_loaded")
        problems = {}
        if user_input is not None:
            if user_input[CONF_READY]:
                self._left = list(self._movements())
                return await self.async_step_switch_on()
            problems = {"base": "not_ready"}
        relays = ", ".join(relay.name for relay in self._relays())
        return self.async_show_form(
            step_id="trial", data_schema=TRIAL_SCHEMA, errors=problems, description_placeholders={"relays": relays}
        )

    async def async_step_switch_on(self, user_input: Answer | None = None) -> SubentryFlowResult:
        """Say what comes next, and do it when the owner watches."""
        if user_input is None:
            return self._announce({})
        relay, on = self._left[0]
        try:
            await self._get_entry().runtime_data.gateway.switch_relay(relay.id, on=on, trial=True)
        except CommandError as error:
            return self._announce({"base": errors.COMMAND_KEYS[type(error)]})
        return self._show("seen", SEEN_SCHEMA, {})

    async_step_switch_off = async_step_switch_on

    async def async_step_seen_on(self, user_input: Answer) -> SubentryFlowResult:
        """Take the owner's word: that relay alone, and as it was told."""
        relay, on = self._left.pop(0)
        if user_input[CONF_SEEN] == NO:
            with suppress(CommandError):  # back as it was, if that can be
                await self._get_entry().runtime_data.gateway.switch_relay(relay.id, on=not on, trial=True)
            return self.async_abort(reason="trial_failed", description_placeholders={"relay": relay.name})
        if self._left:
            return self._announce({})
        return self.async_update_and_abort(
            self._get_entry(), self._get_reconfigure_subentry(), data_updates={CONF_TRIED: True}, reason="trial_passed"
        )

    async_step_seen_off = async_step_seen_on

    def _announce(self, problems: dict[str, str]) -> SubentryFlowResult:
        return self._show("switch", probatio.Schema({}), problems)

    def _show(self, step: str, schema: probatio.Schema, problems: dict[str, str]) -> SubentryFlowResult:
        relay, on = self._left[0]
        serial = str(self._get_entry().unique_id)
        return self.async_show_form(
            step_id=f"{step}_{'on' if on else 'off'}",
            data_schema=schema,
            errors=problems,
            description_placeholders={"name": relay.name, "serial": serial},
        )

    def _movements(self) -> Iterator[Movement]:
        """Every relay there and back, so that all ends as it began; one of unknown state ends switched off."""
        readings = self._get_entry().runtime_data.session.readings
        for relay in self._relays():
            on = readings.relays[relay.id].on is not True
            yield Movement(relay, on)
            yield Movement(relay, not on)

    def _relays(self) -> tuple[Relay, ...]:
        site = self._get_entry().runtime_data.session.site
        return tuple(site.output_module_by_id[self._get_reconfigure_subentry().data[CONF_ID]].relays)
