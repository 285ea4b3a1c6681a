"""What the errors of this package mean to people, and what they can do: for hosts that speak English."""

from collections.abc import Mapping
from typing import Final

from smappee_gateway.broker import Broker
from smappee_gateway.errors import (
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
    UntrustedCertificateError,
    WrongGatewayError,
)


def explanation(error: GatewayError, broker: Broker) -> str:
    """Return what happened at a broker, and what to do."""
    address = broker.address
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
        case WrongGatewayError(expected=expected, found=found):
            return (
                f"at {address} there is gateway {found}, not {expected}; give the address of {expected}, or let it "
                "send to this broker"
            )
        case _:
            return f"{address}: {error}"


def not_switched(error: CommandError) -> str:
    """Return why something was not switched, and what to do."""
    return _NOT_SWITCHED.get(type(error), str(error))


_NOT_SWITCHED: Final[Mapping[type[CommandError], str]] = {
    UnknownTargetError: "the gateway does not have it any more; look for it in the Smappee app",
    NotTriedError: "nobody has seen its module obey yet; try it, and then declare the module with `tried = true`",
    RelayStateUnknownError: "the state of the other relay of its module is not known, and one command sets both; "
    "switch the other one once in the Smappee app",
    ModuleBusyError: "its module has not answered the last command yet; try again in a few seconds",
    NotConnectedError: "there is no connection with the gateway now; try again when its measurements are back",
    NotConfirmedError: "the gateway has not confirmed it, so it may have switched or not; look at it, and try again",
}


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
