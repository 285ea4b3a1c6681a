"""What goes wrong with brokers, and what to do, in the words of the bridge's configuration."""

from collections.abc import Iterable

from openhab_bridge.settings import GatewaySettings
from smappee_gateway.broker import Broker
from smappee_gateway.errors import (
    CannotConnectError,
    GatewayError,
    InvalidAuthError,
    NoTlsError,
    TlsRequiredError,
    UnreadableCertificateError,
    UntrustedCertificateError,
    WrongGatewayError,
)
from smappee_gateway.explanations import explanation


def of_target(error: CannotConnectError, broker: Broker) -> str:
    """Return why nothing can be published, and what to do."""
    address = broker.address
    match error:
        case InvalidAuthError():
            return (
                f"the broker at {address} does not let us in ({error}); correct user and password of 'target', or add "
                "that user to the broker"
            )
        case TlsRequiredError() | NoTlsError() | UntrustedCertificateError() | UnreadableCertificateError():
            return _of_tls(error, broker, "target")
        case _:
            return (
                f"no MQTT broker answers at {address} ({error}); look whether it is on, and whether host and port of "
                "'target' are its own"
            )


def of_gateway(error: GatewayError, settings: GatewaySettings) -> str:
    """Return why a gateway is not heard, and what to do."""
    broker = settings.broker
    match error:
        case TlsRequiredError() | NoTlsError() | UntrustedCertificateError() | UnreadableCertificateError():
            return _of_tls(error, broker, "gateways")
        case WrongGatewayError(expected=expected, found=found):
            follow = "start the bridge again" if settings.serial is None else f"write serial: {found} in 'gateways'"
            return (
                f"at {broker.address} gateway {found} speaks, and {expected} does not; if it has taken the place of "
                f"{expected}, {follow}, otherwise look whether {expected} is on and sends to this broker"
            )
        case _:
            return explanation(error, broker)


def of_several(serials: Iterable[str], broker: Broker) -> str:
    """Return what to do where several gateways speak, and none is named."""
    return f"at {broker.address} there are {', '.join(serials)}; name one of them as 'serial'"


def of_silence(root: str, broker: Broker) -> str:
    """Return what to do where a broker takes what is published below a topic, and keeps nothing of it."""
    return (
        f"the broker at {broker.address} takes what is published below {root}/, but nothing of it arrives; let "
        f"{_user(broker)} write and read {root}/# there"
    )


def forbidden(topics: str, broker: Broker) -> str:
    """Return what to do where something may not be read."""
    return f"'{topics}' may not be read at {broker.address}, so nothing is obeyed there; let {_user(broker)} read it"


def _user(broker: Broker) -> str:
    return "clients without a user" if broker.user is None else f"user '{broker.user}'"


def _of_tls(error: CannotConnectError, broker: Broker, key: str) -> str:
    match error:
        case TlsRequiredError():
            return f"what answers at {broker.address} speaks only TLS; write tls: true for it in '{key}', or mqtts://"
        case NoTlsError():
            return (
                f"what answers at {broker.address} does not speak TLS ({error}); correct its port in '{key}', or leave "
                "out tls"
            )
        case UnreadableCertificateError():
            return (
                f"the certificate that '{key}' names for {broker.address} cannot be used ({error}); name one in PEM as "
                "tls: {certificate: …}"
            )
        case _:
            return (
                f"the certificate of the broker at {broker.address} is not trusted ({error}); name the certificate of "
                f"its authority in '{key}' as tls: {{certificate: …}}, and the broker by the name in its certificate"
            )
