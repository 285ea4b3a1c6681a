"""What a user is told when a command cannot do its work: one message that says what to do next."""

from smappee_gateway.broker import Broker
from smappee_gateway.errors import GatewayError
from smappee_gateway.explanations import explanation


class CannotRunError(Exception):
    """A command cannot do its work; the message says what, and what to do."""


def explained(error: GatewayError, broker: Broker) -> CannotRunError:
    """Return what to tell about a gateway that cannot be used."""
    return CannotRunError(explanation(error, broker))
