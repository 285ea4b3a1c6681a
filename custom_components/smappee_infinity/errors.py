"""What a user is told when a gateway cannot be used: one table, for set-up, flows and repairs."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady, HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from ._vendor.smappee_gateway.errors import (
    CannotConnectError,
    CommandError,
    GatewayError,
    NoDataError,
    NotASmappeeError,
    NotConfirmedError,
    NotConnectedError,
    UnknownTargetError,
    WrongGatewayError,
)
from .const import DOMAIN

TRANSLATION_KEYS: Final[Mapping[type[GatewayError], str]] = {
    CannotConnectError: "cannot_connect",
    NotASmappeeError: "not_a_smappee",
    NoDataError: "no_data",
    WrongGatewayError: "wrong_gateway",
}
COMMAND_KEYS: Final[Mapping[type[CommandError], str]] = {
    UnknownTargetError: "unknown_target",
    NotConnectedError: "not_connected",
    NotConfirmedError: "not_confirmed",
}
REPAIRS: Final = (NoDataError, WrongGatewayError)
"""The errors that waiting rarely cures: somebody must look at the address or at the gateway."""


def placeholders(address: Mapping[str, Any], serial: str, error: GatewayError | None) -> dict[str, str]:
    """Return what the texts of all errors may mention."""
    return {
        "host": str(address.get(CONF_HOST, "")),
        "port": str(address.get(CONF_PORT, "")),
        "serial": serial,
        "found": error.found if isinstance(error, WrongGatewayError) else "",
        "reason": str(error or ""),
    }


def not_ready(error: GatewayError, texts: dict[str, str]) -> ConfigEntryNotReady:
    """Translate an error of the set-up. All of them can pass, so Home Assistant tries again."""
    return ConfigEntryNotReady(
        translation_domain=DOMAIN,
        translation_key=TRANSLATION_KEYS[type(error)],
        translation_placeholders=texts,
    )


def not_switched(error: CommandError, name: str, serial: str) -> HomeAssistantError:
    """Translate the failure of a command."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=COMMAND_KEYS[type(error)],
        translation_placeholders={"name": name, "serial": serial},
    )


def report(hass: HomeAssistant, entry_id: str, error: GatewayError, texts: dict[str, str]) -> None:
    """Show the repair that belongs to an error, and take away the others."""
    for kind in REPAIRS:
        if not isinstance(error, kind):
            ir.async_delete_issue(hass, DOMAIN, _issue_id(kind, entry_id))
            continue
        ir.async_create_issue(
            hass,
            DOMAIN,
            _issue_id(kind, entry_id),
            is_fixable=False,
            severity=ir.IssueSeverity.ERROR,
            translation_key=TRANSLATION_KEYS[kind],
            translation_placeholders=texts,
        )


def clear(hass: HomeAssistant, entry_id: str) -> None:
    """Take away all repairs of a gateway."""
    for kind in REPAIRS:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(kind, entry_id))


def _issue_id(kind: type[GatewayError], entry_id: str) -> str:
    return f"{TRANSLATION_KEYS[kind]}_{entry_id}"
