"""Everything that can go wrong in a way a host must tell its user."""


class GatewayError(Exception):
    """Root of all errors of this package."""


class CannotConnectError(GatewayError):
    """No connection: wrong host, refused, unreachable, or lost while identifying."""


class NotASmappeeError(GatewayError):
    """The broker answers, but no gateway has introduced itself there."""


class NoDataError(GatewayError):
    """The gateway has introduced itself but sends no live values."""


class WrongGatewayError(GatewayError):
    """Another gateway than the expected one answers at this address."""

    def __init__(self, expected: str, found: str) -> None:
        """Keep both serials, so that the host can name them."""
        super().__init__(f"expected gateway {expected}, found {found}")
        self.expected = expected
        self.found = found


class CommandError(GatewayError):
    """Root of failed commands."""


class UnknownTargetError(CommandError):
    """The site has no such plug."""


class NotConnectedError(CommandError):
    """The command could not be sent because there is no connection."""


class NotConfirmedError(CommandError):
    """The gateway did not answer the command in time; what the relay did is not known."""
