"""The URL of a broker. What is wrong with one is said without repeating it: there may be a password in it."""

from typing import Final
from urllib.parse import unquote, urlsplit

from smappee_gateway.broker import DEFAULT_PORT, TLS_PORT, Broker, Tls

HIGHEST_PORT = (1 << 16) - 1
SCHEMES: Final = {"mqtt": (DEFAULT_PORT, None), "mqtts": (TLS_PORT, Tls())}


def broker_at(url: str) -> Broker:
    """Read a URL; what stands behind its port has no meaning for MQTT. Raises ValueError with a reason."""
    try:
        parts = urlsplit(url)
    except ValueError:  # its text, and that of the next one, repeats what may be a password
        raise ValueError("the host cannot be read") from None
    if parts.scheme not in SCHEMES:
        raise ValueError("it must begin with mqtt:// or mqtts://")
    default_port, tls = SCHEMES[parts.scheme]
    try:
        port = default_port if parts.port is None else parts.port
    except ValueError:
        port = 0
    if not port:
        raise ValueError(f"the port must be a whole number from 1 to {HIGHEST_PORT}")
    if not parts.hostname:
        raise ValueError("the host is missing")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("nothing may stand behind host and port")
    user, password = (part if part is None else unquote(part) for part in (parts.username, parts.password))
    return Broker(parts.hostname, port, user, password, tls)
