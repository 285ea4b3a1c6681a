"""What a user is told when a command cannot do its work: one message that says what to do next."""

from smappee_gateway.errors import CannotConnectError, GatewayError, NoDataError, NotASmappeeError


class CannotRunError(Exception):
    """A command cannot do its work; the message says what, and what to do."""


def explained(error: GatewayError, host: str, port: int) -> CannotRunError:
    """Return what to tell about a gateway that cannot be used."""
    return CannotRunError(_text(error, f"{host}:{port}"))


def _text(error: GatewayError, address: str) -> str:
    match error:
        case CannotConnectError(lost=True):
            return (
                f"the connection to {address} was lost ({error}); what had arrived until then was read. Look whether "
                "the gateway, or its broker, is on and online, then try again"
            )
        case CannotConnectError():
            return (
                f"no MQTT broker answers at {address} ({error}); check the address and the port: 'discover' lists the "
                "gateways of this network, and a Connect (serial 51…) has no MQTT"
            )
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
