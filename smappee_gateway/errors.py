"""Everything that can go wrong in a way a host must tell its user."""

from collections.abc import Iterable

from smappee_gateway.setting_problems import Problem


class GatewayError(Exception):
    """Root of all errors of this package."""


class CannotConnectError(GatewayError):
    """No connection: wrong host, refused, unreachable, or lost."""

    def __init__(self, reason: str, *, lost: bool = False) -> None:
        """`lost`: there was a connection, and it has ended."""
        super().__init__(reason)
        self.lost = lost


class InvalidAuthError(CannotConnectError):
    """The broker refuses this user name and password, or what this user wants to read."""


class UntrustedCertificateError(CannotConnectError):
    """The broker's certificate is not trusted: unknown authority, expired, or for another name."""


class UnreadableCertificateError(CannotConnectError):
    """What was given as the certificate of an authority is none."""


class NoTlsError(CannotConnectError):
    """TLS was tried, and what answers does not speak it."""


class TlsRequiredError(CannotConnectError):
    """Plain text was tried, and what answers speaks only TLS."""


class CannotPublishError(GatewayError):
    """A message that MQTT does not allow, such as one with a wildcard in its topic."""


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
    """The site has no such plug or relay."""


class NotTriedError(CommandError):
    """Nobody has seen the module obey yet: its owner tries it first, and then declares it as tried."""


class RelayStateUnknownError(CommandError):
    """One word would write another relay too, whose state is not known: switch it once in the Smappee app."""


class ModuleBusyError(CommandError):
    """The module has not answered its last command yet: wait until that is confirmed or has failed."""


class NotConnectedError(CommandError):
    """The command could not be sent because there is no connection."""


class NotConfirmedError(CommandError):
    """The gateway did not answer the command in time; what the relay did is not known."""


class ModuleFileError(GatewayError):
    """A file with modules cannot be read, or is no TOML."""


class ModuleSettingsError(GatewayError):
    """What somebody has written about modules is wrong; `problems` says where, and what is allowed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep every problem, so that all can be mended at once."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
