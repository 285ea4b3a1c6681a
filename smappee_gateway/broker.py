"""Where a broker is, who we are to it, and how the way there is secured."""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import override

from smappee_gateway.errors import UnreadableCertificateError

DEFAULT_PORT = 1883
TLS_PORT = 8883
"""The port that is registered for MQTT over TLS."""
HANDSHAKE_TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """How a broker proves who it is."""

    verify: bool = True
    """Whether its certificate must be valid for its address; without that anybody may stand in the middle."""
    authority: str | None = None
    """The only certificate authority that is trusted, in PEM; None = those that this system trusts."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a broker is, and who we are to it. Its representation holds no secret."""

    host: str
    port: int = DEFAULT_PORT
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls | None = None
    """None = in plain text."""

    @property
    def address(self) -> str:
        """Name it without its secrets."""
        return f"{self.host}:{self.port}"


class _ClosingSocket(ssl.SSLSocket):
    """Closes itself when nothing comes of it; the MQTT client would leave it open."""

    @override
    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


async def client_context(tls: Tls) -> ssl.SSLContext:
    """Make what TLS needs, in a thread: certificates are read from disk. Raises UnreadableCertificateError."""
    return await asyncio.to_thread(_client_context, tls)


async def speaks_tls(broker: Broker) -> bool:
    """Tell whether something answers there with TLS, whoever it is."""
    try:
        async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
            _, writer = await asyncio.open_connection(broker.host, broker.port, ssl=_context_without_check())
    except (OSError, ValueError):
        return False
    writer.close()
    return True


def _client_context(tls: Tls) -> ssl.SSLContext:
    context = trusting(tls.authority) if tls.verify else _context_without_check()
    context.sslsocket_class = _ClosingSocket
    return context


def trusting(authority: str | None) -> ssl.SSLContext:
    """Trust one authority, or those of this system; reads from disk. Raises UnreadableCertificateError."""
    try:
        context = ssl.create_default_context(cadata=authority)
    except (ssl.SSLError, TypeError) as error:  # a TypeError for letters beyond ASCII
        raise UnreadableCertificateError(str(error)) from error
    # Authorities that people make for their own broker seldom have all that RFC 5280 asks for.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _context_without_check() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
