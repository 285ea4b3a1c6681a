"""Checks of brokers: a URL, or keys of their own."""

import re
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from typing import Final

import msgspec
import voluptuous as vol

from openhab_bridge.configuration.checks import Check, is_nothing, needed, section, switch, text, whole
from openhab_bridge.configuration.paths import Folder
from openhab_bridge.configuration.written import Written
from smappee_gateway.broker import DEFAULT_PORT, TLS_PORT, Broker, Tls
from smappee_gateway.broker_url import HIGHEST_PORT, broker_at

PORT: Final = whole(1, HIGHEST_PORT)
FORM: Final = "mqtt://host, mqtts://user:password@host:port"
LONGEST_NAME: Final = 253
"""Letters of a host name (RFC 1035)."""
_NAME: Final = re.compile(r"[\w.-]+")


class _Keys(msgspec.Struct, frozen=True, kw_only=True):
    """What is written about a broker; valid key by key."""

    host: str
    port: int | None = None
    user: str | None = None
    password: str | None = None
    tls: Tls | None = None


def broker_fields(folder: Folder) -> Mapping[vol.Marker, object]:
    """Return the keys of a broker."""
    return {
        needed("host", "the name or the address of the broker"): host,
        vol.Optional("port"): PORT,
        vol.Optional("user"): text,
        vol.Optional("password"): text,
        vol.Optional("tls"): tls(folder),
    }


def broker(folder: Folder) -> Check[Broker]:
    """Return a check of a broker in either form."""
    keys = section(broker_fields(folder), from_keys)
    return lambda value: from_url(value) if is_text(value) else keys(value)


def is_text(value: object) -> bool:
    """Tell whether a broker is written as a URL, or is not there at all."""
    return isinstance(value, Written)


def from_url(value: object) -> Broker:
    """Check a URL, or a host alone. A URL that is wrong is never repeated."""
    if is_nothing(value):
        raise vol.Invalid(f"is empty; must be a URL ({FORM}), or host, port, user, password and tls")
    written = text(value)
    if "://" not in written and "@" not in written:
        return Broker(host(value))
    try:
        found = broker_at(written)
    except ValueError as error:
        letters = "; in user and password write @ as %40, / as %2F, # as %23" if "@" in written else ""
        raise vol.Invalid(f"must be {FORM}: {error}{letters}") from None
    _require_host(found.host)
    return _with_user(replace(found, user=found.user or None))


def from_keys(keys: Mapping[str, object]) -> Broker:
    """Make a broker of checked keys, whichever others are among them."""
    written = msgspec.convert(keys, _Keys)
    port = written.port or (TLS_PORT if written.tls else DEFAULT_PORT)
    return _with_user(Broker(written.host, port, written.user, written.password, written.tls))


def _with_user(broker: Broker) -> Broker:
    if broker.password is not None and broker.user is None:
        raise vol.Invalid("has a password and no user; MQTT asks for both")
    if not all(part.isprintable() for part in (broker.user or "", broker.password or "")):
        raise vol.Invalid("has a control character in its user or password")
    return broker


def host(value: object) -> str:
    """Check a name or an address. What is wrong is not repeated: it may be a URL with its password."""
    written = text(value)
    if "://" in written or "@" in written:
        raise vol.Invalid("must be a host alone; a URL stands in the place of all keys of a broker")
    _require_host(written)
    return written


def _require_host(written: str) -> None:
    try:
        ip_address(written)
    except ValueError:
        if not _is_name(written):
            raise vol.Invalid(
                "must be a host name or an IP address; a port is written with a key of its own or in a URL"
            ) from None


def _is_name(written: str) -> bool:
    try:
        return len(written.encode("idna")) <= LONGEST_NAME and _NAME.fullmatch(written) is not None
    except UnicodeError:
        return False


def tls(folder: Folder) -> Check[Tls | None]:
    """Return a check of how a broker is trusted: true or false, or keys."""
    keys = section(
        {vol.Optional("verify"): switch, vol.Optional("certificate"): folder.certificate},
        _tls,
    )

    def check(value: object) -> Tls | None:
        if isinstance(value, Written) and not is_nothing(value):
            return Tls() if switch(value) else None
        return keys(value)

    return check


def _tls(keys: Mapping[str, object]) -> Tls:
    found = msgspec.convert({"verify": keys.get("verify", True), "authority": keys.get("certificate")}, Tls)
    if found.authority and not found.verify:
        raise vol.Invalid("has a certificate that verify: false would leave unused; remove one of them")
    return found
