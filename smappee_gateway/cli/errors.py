"""What a user is told when a command cannot do its work: one message that says what to do next."""

from smappee_gateway.broker import Broker
from smappee_gateway.errors import (
    CannotConnectError,
    GatewayError,
    InvalidAuthError,
    NoDataError,
    NotASmappeeError,
    NoTlsError,
    TlsRequiredError,
    UntrustedCertificateError,
)


class CannotRunError(Exception):
    """A command cannot do its work; the message says what, and what to do."""


def explained(error: GatewayError, broker: Broker) -> CannotRunError:
    """Return what to tell about a gateway that cannot be used."""
    return CannotRunError(_text(error, broker.address))


def _text(error: GatewayError, address: str) -> str:
    match error:
        case CannotConnectError():
            return _without_connection(error, address)
        case NotASmappeeError():
            return (
                f"a broker answers at {address}, but no Smappee gateway has introduced itself there; give the "
                "gateway's own address, or let the gateway send to this broker"
            )
        case NoDataError():
            return (
                f"gateway {error} is known at {address}, but no measurements arrive; look whether it is on and "
                "online, and restart it when it is"
            )
        case _:
            return f"{address}: {error}"


def _without_connection(error: CannotConnectError, address: str) -> str:
    match error:
        case InvalidAuthError():
            return (
                f"the broker at {address} does not let this user in ({error}); write user and password as in "
                "mqtt://user:password@host, and let that user read servicelocation/# on the broker"
            )
        case UntrustedCertificateError():
            return (
                f"the certificate of the broker at {address} is not trusted ({error}); name the certificate of its "
                "authority in the environment variable SSL_CERT_FILE, and the broker by the name in its certificate"
            )
        case NoTlsError():
            return f"what answers at {address} does not speak TLS ({error}); write mqtt:// or another port"
        case TlsRequiredError():
            return f"what answers at {address} speaks only TLS; write mqtts://"
        case CannotConnectError(lost=True):
            return (
                f"the connection to {address} was lost ({error}); what had arrived until then was read. Look whether "
                "the gateway, or its broker, is on and online, then try again"
            )
        case _:
            return (
                f"no MQTT broker answers at {address} ({error}); check the address and the port: 'discover' lists the "
                "gateways of this network, and a Connect (serial 51…) has no MQTT"
            )
