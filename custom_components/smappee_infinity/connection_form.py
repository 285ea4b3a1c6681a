"""The form that asks for the address of a broker, and what of its answers is kept."""

from collections.abc import Mapping
from typing import Any, Final

import probatio
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_SSL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ._vendor.smappee_gateway.broker import DEFAULT_PORT
from .transports import CONF_CERTIFICATE, Way

CONF_SECURITY: Final = "security"
SECRETS: Final = frozenset({CONF_USERNAME, CONF_PASSWORD, CONF_CERTIFICATE})
"""Kept out of what people show to others."""

LOGIN_FIELDS: Final = {
    probatio.Optional(CONF_USERNAME): TextSelector(TextSelectorConfig(autocomplete="username")),
    probatio.Optional(CONF_PASSWORD): TextSelector(
        TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
    ),
}
LOGIN_SCHEMA: Final = probatio.Schema(LOGIN_FIELDS)
SECURITY_SCHEMA: Final = probatio.Schema(
    {
        **LOGIN_FIELDS,
        probatio.Required(CONF_SSL, default=False): BooleanSelector(),
        probatio.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
        probatio.Optional(CONF_CERTIFICATE): TextSelector(TextSelectorConfig(multiline=True)),
    }
)


def address_schema(*, collapsed: bool) -> probatio.Schema:
    """Return the form; most users need no more than the host, so the rest can be collapsed."""
    return probatio.Schema(
        {
            probatio.Required(CONF_HOST): TextSelector(),
            probatio.Required(CONF_PORT, default=DEFAULT_PORT): probatio.All(
                NumberSelector(NumberSelectorConfig(min=1, max=65535, step=1, mode=NumberSelectorMode.BOX)),
                probatio.Coerce(int),
            ),
            # A default of the section would hide those of its fields from the browser.
            probatio.Optional(CONF_SECURITY): section(SECURITY_SCHEMA, {"collapsed": collapsed}),
        }
    )


def is_secured(way: Mapping[str, Any]) -> bool:
    """Tell whether more than the address has been entered."""
    return bool(way.keys() & {CONF_USERNAME, CONF_SSL})


def suggested(way: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form is filled with; a password is not sent back to the browser."""
    return {**way, CONF_SECURITY: without_password(way)}


def without_password(way: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be shown to the user again."""
    return {key: value for key, value in way.items() if key != CONF_PASSWORD}


def way_of(answer: Mapping[str, Any], before: Mapping[str, Any]) -> Way:
    """Return what is kept of the form: nothing that is left as it is on a gateway's own broker."""
    security = SECURITY_SCHEMA(answer.get(CONF_SECURITY, {}))
    way: Way = {CONF_HOST: answer[CONF_HOST].strip(), CONF_PORT: answer[CONF_PORT], **_login(security, before)}
    if security[CONF_SSL]:
        certificate = security.get(CONF_CERTIFICATE, "").strip()
        way |= {CONF_SSL: True, CONF_VERIFY_SSL: security[CONF_VERIFY_SSL]}
        way |= {CONF_CERTIFICATE: certificate} if certificate else {}
    return way


def with_login(way: Mapping[str, Any], answer: Mapping[str, Any]) -> Way:
    """Return a way with another user and password."""
    rest = {key: value for key, value in way.items() if key not in {CONF_USERNAME, CONF_PASSWORD}}
    return rest | _login(answer, way)


def _login(answer: Mapping[str, Any], before: Mapping[str, Any]) -> Way:
    """Return user and password. A password that was entered before stays while the user does and none is entered."""
    user, password = answer.get(CONF_USERNAME, "").strip(), answer.get(CONF_PASSWORD, "")
    if not user:
        return {}
    if not password and user == before.get(CONF_USERNAME):
        password = before.get(CONF_PASSWORD, "")
    return {CONF_USERNAME: user, CONF_PASSWORD: password}
