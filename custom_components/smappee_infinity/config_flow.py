"""Config flow: looks for gateways at an address, with the parser that reads them later, before anything is saved."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, override

import probatio
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from . import declared, errors
from ._vendor.mqtt_schema.model import Identity
from ._vendor.smappee_gateway.errors import GatewayError, WrongGatewayError
from ._vendor.smappee_gateway.mqtt_transport import DEFAULT_PORT, MqttTransport
from ._vendor.smappee_gateway.probe import PROBE_TIMEOUT_S, identify
from .const import CORE_DOMAIN, DOMAIN
from .devices import gateway_name
from .meter_flow import MeterFlow
from .module_flows import InputModuleFlow, OutputModuleFlow
from .options_flow import SmappeeInfinityOptionsFlow

CONF_GATEWAY: Final = "gateway"
QUICK_S: Final = 1.0
"""A search that takes longer is shown as progress."""
SHOWN_S: Final = 2.0
"""Progress is shown at least so long."""
MDNS_NAME: Final = re.compile(r"smappee(\d+)\.", re.IGNORECASE)

ADDRESS_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(CONF_HOST): TextSelector(),
        probatio.Required(CONF_PORT, default=DEFAULT_PORT): probatio.All(
            NumberSelector(NumberSelectorConfig(min=1, max=65535, step=1, mode=NumberSelectorMode.BOX)),
            probatio.Coerce(int),
        ),
    }
)

type Address = dict[str, Any]


class SmappeeInfinityConfigFlow(ConfigFlow, domain=DOMAIN):
    """Asks for an address, or takes the one that was discovered; looks there; lets the user choose among several."""

    VERSION = 1

    def __init__(self) -> None:
        """Start without an address."""
        self._address: Address = {}
        self._serial = ""
        """The gateway that must be at the address; empty when any will do."""
        self._asking_step = "user"
        self._search: asyncio.Task[None]
        self._progress: asyncio.Task[None] | None = None
        self._error: GatewayError | None = None
        self._found: dict[str, Identity] = {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow of the options."""
        return SmappeeInfinityOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the flows of what owners declare."""
        return {
            declared.OUTPUT_MODULE: OutputModuleFlow,
            declared.INPUT_MODULE: InputModuleFlow,
            declared.METER: MeterFlow,
        }

    @override
    async def async_step_user(self, user_input: Address | None = None) -> ConfigFlowResult:
        """Ask for the address."""
        return await self._ask_address("user", user_input)

    async def async_step_reconfigure(self, user_input: Address | None = None) -> ConfigFlowResult:
        """Ask for the new address of a gateway that is set up."""
        entry = self._get_reconfigure_entry()
        self._serial = str(entry.unique_id)
        self._address = self._address or dict(entry.data)
        return await self._ask_address("reconfigure", user_input)

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Take a gateway that announces itself. One that is set up and has moved is followed."""
        name = MDNS_NAME.match(discovery_info.name)
        if name is None:
            return self.async_abort(reason="not_a_smappee")
        self._serial = name[1]
        self._address = {CONF_HOST: discovery_info.host, CONF_PORT: DEFAULT_PORT}
        entry = await self.async_set_unique_id(self._serial)
        moved = entry is not None and entry.source != SOURCE_IGNORE and await self._has_moved(entry)
        self._abort_if_unique_id_configured(updates=self._address if moved else None)
        title = gateway_name(Identity(serial=self._serial, location=""))
        self.context["title_placeholders"] = {"name": f"{title} ({self._serial})"}
        return await self.async_step_zeroconf_confirm()

    async def async_step_zeroconf_confirm(self, user_input: Address | None = None) -> ConfigFlowResult:
        """Ask whether to add what was discovered, and name Home Assistant's own integration when it is in the way."""
        step_id = "zeroconf_confirm_beside_core" if self._core_has_it() else "zeroconf_confirm"
        if user_input is not None:
            return await self._look(self._address, "zeroconf_confirm")
        self._set_confirm_only()
        return self._form(step_id, probatio.Schema({}))

    async_step_zeroconf_confirm_beside_core = async_step_zeroconf_confirm

    async def async_step_probe(self, _user_input: Address | None = None) -> ConfigFlowResult:
        """Show that the search takes a while, until it is over."""
        if self._progress is None:
            self._progress = self.hass.async_create_task(self._searched(), "Smappee search, shown")
        if self._progress.done():
            return self.async_show_progress_done(next_step_id=self._step_after_search)
        return self.async_show_progress(
            step_id="probe",
            progress_action="probe",
            description_placeholders=errors.placeholders(self._address, self._serial, None),
            progress_task=self._progress,
        )

    async def async_step_gateway(self, user_input: Address | None = None) -> ConfigFlowResult:
        """Take the gateway that was found; of several, ask which. Those that are set up are not offered again."""
        taken = self._async_current_ids(include_ignore=False)
        choice = {serial: found for serial, found in self._found.items() if serial not in taken} or self._found
        if user_input is None and len(choice) > 1:
            return self._form("gateway", _choice_schema(choice))
        serial = next(iter(choice)) if user_input is None else user_input[CONF_GATEWAY]
        return await self._finish(self._found[serial])

    async def _ask_address(self, step_id: str, user_input: Address | None) -> ConfigFlowResult:
        if user_input is not None:
            return await self._look(user_input, step_id)
        return self._form(step_id, self.add_suggested_values_to_schema(ADDRESS_SCHEMA, self._address))

    async def _look(self, address: Address, asking_step: str) -> ConfigFlowResult:
        """Search at an address. What is over at once, as a refused connection is, is not shown as progress."""
        self._address = {CONF_HOST: address[CONF_HOST].strip(), CONF_PORT: address[CONF_PORT]}
        self._asking_step = asking_step
        self._progress = self._error = None
        self._search = self.hass.async_create_task(self._find(), "Smappee search")
        await asyncio.wait({self._search}, timeout=QUICK_S)
        if not self._search.done():
            return await self.async_step_probe()
        step: Callable[[], Awaitable[ConfigFlowResult]] = getattr(self, f"async_step_{self._step_after_search}")
        return await step()

    @property
    def _step_after_search(self) -> str:
        return self._asking_step if self._error else "gateway"

    async def _find(self) -> None:
        """Find the gateways at the address, or the error that says why there are none."""
        transport = MqttTransport(self._address[CONF_HOST], self._address[CONF_PORT])
        try:
            self._found = {identity.serial: identity for identity in await identify(transport, PROBE_TIMEOUT_S)}
            self._require_expected()
        except GatewayError as error:
            self._error = error

    async def _searched(self) -> None:
        """Wait for the search, and long enough: a browser that does not yet follow the progress misses its end."""
        await asyncio.gather(self._search, asyncio.sleep(SHOWN_S))

    def _require_expected(self) -> None:
        """Keep only the expected gateway; raises WrongGatewayError when it is not there."""
        if not self._serial:
            return
        if self._serial not in self._found:
            raise WrongGatewayError(self._serial, ", ".join(self._found))
        self._found = {self._serial: self._found[self._serial]}

    async def _finish(self, identity: Identity) -> ConfigFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_reload_and_abort(self._get_reconfigure_entry(), data_updates=self._address)
        await self.async_set_unique_id(identity.serial, raise_on_progress=False)
        self._abort_if_unique_id_configured(updates=self._address)
        return self.async_create_entry(title=f"{gateway_name(identity)} {identity.serial}", data=self._address)

    async def _has_moved(self, entry: ConfigEntry) -> bool:
        """Tell whether a gateway answers at the discovered address and no longer at the saved one.

        One that sends to the user's own broker is announced with its own address, too: then the broker's stays.
        """
        if entry.data[CONF_HOST] == self._address[CONF_HOST]:
            return False
        return not await self._is_at(dict(entry.data)) and await self._is_at(self._address)

    async def _is_at(self, address: Address) -> bool:
        try:
            found = await identify(MqttTransport(address[CONF_HOST], address[CONF_PORT]), PROBE_TIMEOUT_S)
        except GatewayError:
            return False
        return self._serial in (identity.serial for identity in found)

    def _core_has_it(self) -> bool:
        """Tell whether Home Assistant's own integration offers this gateway, or has it."""
        manager = self.hass.config_entries
        entry = manager.async_entry_for_domain_unique_id(CORE_DOMAIN, self._serial)
        flows = manager.flow.async_progress_by_handler(
            CORE_DOMAIN, include_uninitialized=True, match_context={"unique_id": self._serial}
        )
        return bool(flows) or (entry is not None and entry.source != SOURCE_IGNORE)

    def _form(self, step_id: str, schema: probatio.Schema) -> ConfigFlowResult:
        error, self._error = self._error, None
        return self.async_show_form(
            step_id=step_id,
            data_schema=schema,
            errors={"base": errors.TRANSLATION_KEYS[type(error)]} if error else {},
            description_placeholders=errors.placeholders(self._address, self._serial, error),
        )


def _choice_schema(choice: dict[str, Identity]) -> probatio.Schema:
    options = [
        SelectOptionDict(value=serial, label=f"{gateway_name(identity)} {serial}")
        for serial, identity in choice.items()
    ]
    return probatio.Schema({probatio.Required(CONF_GATEWAY): SelectSelector(SelectSelectorConfig(options=options))})
