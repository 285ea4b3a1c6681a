"""Which names this server answers to.

A web page anywhere can let its own name point to 127.0.0.1 or to an address of the home network, and so read what is
served there with its visitor's browser: DNS rebinding. The browser then sends that page's name as Host. An address
cannot be made to point elsewhere, nor can the names that only this machine has; every other name is refused.
"""

import platform
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

INGRESS: Final = "172.30.32.2"
"""The Home Assistant Supervisor. It has asked for the password already, and sends the name its user has typed."""


def is_ours(host: str | None, configured: str, peer: str | None) -> bool:
    """Tell whether a request with this Host header is meant for us; `peer` is the address that it comes from."""
    if host is None or peer == INGRESS:
        return True  # a browser never leaves Host out
    name = _name(host)
    return _is_address(name) or name in {"localhost", configured.lower(), *_own_names()}


def _name(host: str) -> str:
    """Return a Host header in small letters without its port; empty when it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _own_names() -> tuple[str, ...]:
    """Return the name of this machine, and the one it has by mDNS."""
    name = platform.node().lower()
    return (name, f"{name}.local") if name else ()
