"""What a user is told when a gateway cannot be used: one table, for set-up, flows and repairs."""

import math
from collections.abc import Mapping
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
)
from homeassistant.helpers import issue_registry as ir

from ._vendor.energy_control.chatter import MOST_SWITCHINGS
from ._vendor.smappee_gateway.errors import (
    CannotConnectError,
    CommandError,
    GatewayError,
    InvalidAuthError,
    ModuleBusyError,
    NoDataError,
    NotASmappeeError,
    NotConfirmedError,
    NotConnectedError,
    NoTlsError,
    NotTriedError,
    RelayStateUnknownError,
    TlsRequiredError,
    UnknownTargetError,
    UnreadableCertificateError,
    UntrustedCertificateError,
    WrongGatewayError,
)
from .const import DOMAIN
from .ha_mqtt_transport import MqttNotConnectedError

TRANSLATION_KEYS: Final[Mapping[type[GatewayError], str]] = {
    CannotConnectError: "cannot_connect",
    InvalidAuthError: "invalid_auth",
    UntrustedCertificateError: "untrusted_certificate",
    UnreadableCertificateError: "unreadable_certificate",
    NoTlsError: "no_tls",
    TlsRequiredError: "tls_required",
    MqttNotConnectedError: "mqtt_not_connected",
    NotASmappeeError: "not_a_smappee",
    NoDataError: "no_data",
    WrongGatewayError: "wrong_gateway",
}
COMMAND_KEYS: Final[Mapping[type[CommandError], str]] = {
    UnknownTargetError: "unknown_target",
    NotConnectedError: "not_connected",
    NotConfirmedError: "not_confirmed",
    NotTriedError: "not_tried",
    RelayStateUnknownError: "relay_state_unknown",
    ModuleBusyError: "module_busy",
}
TOO_OFTEN: Final = "switched_too_often"
NOT_DECLARABLE: Final = "not_declarable"
LEFT_ON: Final = "left_on"
DOUBLED: Final = "doubled"
REPAIRS: Final = (NoDataError, WrongGatewayError)
"""The errors that waiting rarely cures: somebody must look at the address or at the gateway."""


def placeholders(address: tuple[str, int], serial: str, error: GatewayError | None) -> dict[str, str]:
    """Return what the texts of all errors may mention; `address` is host and port of the broker."""
    host, port = address
    return {
        "host": host,
        "port": str(port),
        "serial": serial,
        "found": error.found if isinstance(error, WrongGatewayError) else "",
        "reason": str(error or ""),
    }


def not_ready(error: GatewayError, texts: dict[str, str]) -> ConfigEntryNotReady | ConfigEntryAuthFailed:
    """Translate an error of the set-up. Home Assistant asks for a new password, or tries again: all others can pass."""
    kind = ConfigEntryAuthFailed if isinstance(error, InvalidAuthError) else ConfigEntryNotReady
    return kind(
        translation_domain=DOMAIN,
        translation_key=TRANSLATION_KEYS[type(error)],
        translation_placeholders=texts,
    )


def not_declarable(problems: str) -> ConfigEntryError:
    """Say what this version of the component cannot take of the declarations. Waiting cures nothing of it."""
    return ConfigEntryError(
        translation_domain=DOMAIN,
        translation_key=NOT_DECLARABLE,
        translation_placeholders={"problems": problems},
    )


def not_switched(error: CommandError, name: str, serial: str) -> HomeAssistantError:
    """Translate the failure of a command."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=COMMAND_KEYS[type(error)],
        translation_placeholders={"name": name, "serial": serial},
    )


def switched_too_often(name: str, wait_s: float) -> HomeAssistantError:
    """Say how long to wait before a relay may be switched on again."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=TOO_OFTEN,
        translation_placeholders={
            "name": name,
            "count": str(MOST_SWITCHINGS),
            "seconds": str(math.ceil(wait_s)),
        },
    )


def report_left_on(hass: HomeAssistant, entry_id: str, switch: str, texts: dict[str, str]) -> None:
    """Show that a switch could not be switched off at its time."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _left_on_id(entry_id, switch),
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=LEFT_ON,
        translation_placeholders=texts,
    )


def clear_left_on(hass: HomeAssistant, entry_id: str, switch: str) -> None:
    """Take away the repair of a switch: it is off, or shall be on."""
    ir.async_delete_issue(hass, DOMAIN, _left_on_id(entry_id, switch))


def report_doubled(hass: HomeAssistant, entry_id: str, serial: str) -> None:
    """Show that Home Assistant has a gateway twice."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _doubled_id(entry_id),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=DOUBLED,
        translation_placeholders={"serial": serial},
    )


def clear_doubled(hass: HomeAssistant, entry_id: str) -> None:
    """Take away the repair of a gateway that was there twice."""
    ir.async_delete_issue(hass, DOMAIN, _doubled_id(entry_id))


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


def _left_on_id(entry_id: str, switch: str) -> str:
    return f"{LEFT_ON}_{entry_id}_{switch}"


def _doubled_id(entry_id: str) -> str:
    return f"{DOUBLED}_{entry_id}"
