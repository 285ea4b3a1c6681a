"""Config flow: looks for gateways at an address, with the parser that reads them later, before anything is saved."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, override

import probatio
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import callback
from homeassistant.helpers.selector import SelectOptionDict, SelectSelector, SelectSelectorConfig
from homeassistant.helpers.service_info.mqtt import MqttServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from . import connection_form, declared, discovered, errors
from ._vendor.mqtt_schema.model import Identity
from ._vendor.smappee_gateway.broker import DEFAULT_PORT
from ._vendor.smappee_gateway.errors import GatewayError, WrongGatewayError
from ._vendor.smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from ._vendor.smappee_gateway.probe import PROBE_TIMEOUT_S, identify
from ._vendor.smappee_gateway.updates import IdentityUpdate
from .balancing.const import CIRCUIT, EV_CHARGER, SHED_LOAD
from .balancing.flows import ChargerFlow, CircuitFlow, ShedLoadFlow
from .const import DOMAIN
from .devices import gateway_name
from .ha_mqtt_transport import is_set_up
from .meter_flow import MeterFlow
from .module_flows import InputModuleFlow, OutputModuleFlow
from .options_flow import SmappeeInfinityOptionsFlow
from .transports import BY_HOME_ASSISTANT, Way, address_of, transport_of

CONF_GATEWAY: Final = "gateway"
QUICK_S: Final = 1.0
"""A search that takes longer is shown as progress."""
SHOWN_S: Final = 2.0
"""Progress is shown at least so long."""
MDNS_NAME: Final = re.compile(r"smappee(\d+)\.", re.IGNORECASE)

type Answer = dict[str, Any]
"""What a form is sent back with."""


class SmappeeInfinityConfigFlow(ConfigFlow, domain=DOMAIN):
    """Asks how a gateway is reached, or takes what was discovered; looks there; lets the user choose among several."""

    VERSION = 1

    def __init__(self) -> None:
        """Start without a gateway."""
        self._way: Way = {}
        """How the gateway is reached: the data of the entry."""
        self._serial = ""
        """The gateway that must be there; empty when any will do."""
        self._asking_step = "address"
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
            CIRCUIT: CircuitFlow,
            EV_CHARGER: ChargerFlow,
            SHED_LOAD: ShedLoadFlow,
        }

    @override
    async def async_step_user(self, _user_input: Answer | None = None) -> ConfigFlowResult:
        """Ask in which way, where there are two."""
        if is_set_up(self.hass):
            return self.async_show_menu(step_id="user", menu_options=["address", "home_assistant_mqtt"])
        return await self.async_step_address()

    async def async_step_reconfigure(self, _user_input: Answer | None = None) -> ConfigFlowResult:
        """Ask how a gateway that is set up is reached now."""
        entry = self._get_reconfigure_entry()
        self._serial = str(entry.unique_id)
        self._way = dict(entry.data)
        if is_set_up(self.hass):
            return self.async_show_menu(
                step_id="reconfigure",
                menu_options=["new_address", "home_assistant_mqtt"],
                description_placeholders=self._texts(None),
            )
        return await self.async_step_new_address()

    async def async_step_address(self, user_input: Answer | None = None) -> ConfigFlowResult:
        """Ask for the address of a gateway or broker."""
        return await self._ask_address("address", user_input)

    async def async_step_new_address(self, user_input: Answer | None = None) -> ConfigFlowResult:
        """Ask for the new address of a gateway that is set up."""
        return await self._ask_address("new_address", user_input)

    async def async_step_home_assistant_mqtt(self, user_input: Answer | None = None) -> ConfigFlowResult:
        """Say what is needed, and listen with Home Assistant's own MQTT."""
        return await self._confirm("home_assistant_mqtt", BY_HOME_ASSISTANT, user_input)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin to ask anew for user and password: the broker refuses those that are saved."""
        self._serial = str(self._get_reauth_entry().unique_id)
        self._way = dict(entry_data)
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: Answer | None = None) -> ConfigFlowResult:
        """Ask for user and password, and try them before they are saved."""
        if user_input is not None:
            return await self._look(connection_form.with_login(self._way, user_input), "reauth_confirm")
        schema, shown = connection_form.LOGIN_SCHEMA, connection_form.without_password(self._way)
        return self._form("reauth_confirm", self.add_suggested_values_to_schema(schema, shown))

    @override
    async def async_step_mqtt(self, discovery_info: MqttServiceInfo) -> ConfigFlowResult:
        """Take a gateway that introduces itself at the broker of Home Assistant's own MQTT."""
        payload = discovery_info.payload
        raw = payload.encode() if isinstance(payload, str) else bytes(payload)
        for update in MqttDecoder().decode(MqttMessage(discovery_info.topic, raw, discovery_info.retain)):
            if isinstance(update, IdentityUpdate):
                await self._take_discovered(update.identity.serial)
                self._abort_if_unique_id_configured()
                return await self.async_step_mqtt_confirm()
        return self.async_abort(reason="not_a_smappee")

    async def async_step_mqtt_confirm(self, user_input: Answer | None = None) -> ConfigFlowResult:
        """Ask whether to add what introduces itself."""
        return await self._confirm(self._beside_core("mqtt_confirm"), BY_HOME_ASSISTANT, user_input)

    async_step_mqtt_confirm_beside_core = async_step_mqtt_confirm

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Take a gateway that announces itself. One that is set up and has moved is followed."""
        name = MDNS_NAME.match(discovery_info.name)
        if name is None:
            return self.async_abort(reason="not_a_smappee")
        self._way = {CONF_HOST: discovery_info.host, CONF_PORT: DEFAULT_PORT}
        entry = await self._take_discovered(name[1])
        if entry is not None and await discovered.has_moved(self.hass, entry, self._way):
            return self._save(entry, "already_configured")
        self._abort_if_unique_id_configured()
        return await self.async_step_zeroconf_confirm()

    async def async_step_zeroconf_confirm(self, user_input: Answer | None = None) -> ConfigFlowResult:
        """Ask whether to add what announces itself."""
        return await self._confirm(self._beside_core("zeroconf_confirm"), self._way, user_input)

    async_step_zeroconf_confirm_beside_core = async_step_zeroconf_confirm

    async def async_step_probe(self, _user_input: Answer | None = None) -> ConfigFlowResult:
        """Show that the search takes a while, until it is over."""
        if self._progress is None:
            self._progress = self.hass.async_create_task(self._searched(), "Smappee search, shown")
        if self._progress.done():
            return self.async_show_progress_done(next_step_id=self._step_after_search)
        return self.async_show_progress(
            step_id="probe",
            progress_action="probe",
            description_placeholders=self._texts(None),
            progress_task=self._progress,
        )

    async def async_step_gateway(self, user_input: Answer | None = None) -> ConfigFlowResult:
        """Take the gateway that was found; of several, ask which. Those that are set up are not offered again."""
        taken = self._async_current_ids(include_ignore=False)
        choice = {serial: found for serial, found in self._found.items() if serial not in taken} or self._found
        if user_input is None and len(choice) > 1:
            return self._form("gateway", _choice_schema(choice))
        serial = next(iter(choice)) if user_input is None else user_input[CONF_GATEWAY]
        return await self._finish(self._found[serial])

    async def _ask_address(self, step_id: str, user_input: Answer | None) -> ConfigFlowResult:
        if user_input is not None:
            return await self._look(connection_form.way_of(user_input, self._way), step_id)
        simple = self._error is None and not connection_form.is_secured(self._way)
        schema, shown = connection_form.address_schema(collapsed=simple), connection_form.suggested(self._way)
        return self._form(step_id, self.add_suggested_values_to_schema(schema, shown))

    async def _confirm(self, step_id: str, way: Way, user_input: Answer | None) -> ConfigFlowResult:
        if user_input is not None:
            return await self._look(way, step_id)
        self._way = way
        return self._form(step_id, probatio.Schema({}))

    async def _take_discovered(self, serial: str) -> ConfigEntry | None:
        """Expect this gateway from now on; returns its entry. Ends here while it is offered already."""
        self._serial = serial
        entry = await self.async_set_unique_id(serial)
        self._set_confirm_only()
        title = gateway_name(Identity(serial=serial, location=""))
        self.context["title_placeholders"] = {"name": f"{title} ({serial})"}
        return entry

    async def _look(self, way: Way, asking_step: str) -> ConfigFlowResult:
        """Search there. What is over at once, as a refused connection is, is not shown as progress."""
        self._way = way
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
        """Find the gateways in this way, or the error that says why there are none."""
        transport = transport_of(self.hass, self._way)
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
            return self._save(self._get_reconfigure_entry(), "reconfigure_successful")
        if self.source == SOURCE_REAUTH:
            return self._save(self._get_reauth_entry(), "reauth_successful")
        entry = await self.async_set_unique_id(identity.serial, raise_on_progress=False)
        if entry is not None and entry.source != SOURCE_IGNORE:
            return self._save(entry, "already_configured")
        return self.async_create_entry(title=f"{gateway_name(identity)} {identity.serial}", data=self._way)

    def _save(self, entry: ConfigEntry, reason: str) -> ConfigFlowResult:
        """Keep the way to a gateway that is set up; nothing is left of the way before. It is set up anew with it."""
        if entry.update_listeners:
            return self.async_update_and_abort(entry, data=self._way, reason=reason)
        return self.async_update_reload_and_abort(entry, data=self._way, reason=reason)

    def _beside_core(self, step_id: str) -> str:
        """Name the step that warns of Home Assistant's own integration, when that is in the way."""
        return f"{step_id}_beside_core" if discovered.core_has_it(self.hass, self._serial) else step_id

    def _texts(self, error: GatewayError | None) -> dict[str, str]:
        return errors.placeholders(address_of(self.hass, self._way), self._serial, error)

    def _form(self, step_id: str, schema: probatio.Schema) -> ConfigFlowResult:
        error, self._error = self._error, None
        return self.async_show_form(
            step_id=step_id,
            data_schema=schema,
            errors={"base": errors.TRANSLATION_KEYS[type(error)]} if error else {},
            description_placeholders=self._texts(error),
        )


def _choice_schema(choice: dict[str, Identity]) -> probatio.Schema:
    options = [
        SelectOptionDict(value=serial, label=f"{gateway_name(identity)} {serial}")
        for serial, identity in choice.items()
    ]
    return probatio.Schema({probatio.Required(CONF_GATEWAY): SelectSelector(SelectSelectorConfig(options=options))})
