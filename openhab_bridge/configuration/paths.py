"""Checks of paths of files, and of what stands in them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import voluptuous as vol

from openhab_bridge.configuration.checks import text
from openhab_bridge.configuration.secrets import LONGEST
from openhab_bridge.configuration.written import Written
from smappee_gateway.broker import trusting
from smappee_gateway.errors import ModuleFileError, ModuleSettingsError, UnreadableCertificateError
from smappee_gateway.module_settings import load_modules
from smappee_gateway.modules import Modules

_BEGIN: Final = "-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of the configuration: paths are relative to it."""

    path: Path

    def place(self, value: object) -> Path:
        """Check a path; what it names need not be there."""
        written = text(value)
        if written.startswith("~"):
            raise vol.Invalid("must be a whole path, or one relative to this file; ~ has no meaning here")
        if "://" in written:  # it could hold a password, and would be shown
            raise vol.Invalid("must be a folder or file of this machine, not an address")
        return self.path / written

    def certificate(self, value: object) -> str:
        """Check the certificate of an authority in PEM: a file, or, from a secret, the certificate itself."""
        itself = isinstance(value, Written) and value.text.lstrip().startswith(_BEGIN)
        pem = value.text if isinstance(value, Written) and itself else _content(self.place(value))
        try:
            if _BEGIN not in pem:
                raise vol.Invalid(f"must be a certificate in PEM; it has no line {_BEGIN}")
            trusting(pem)
        except UnreadableCertificateError:
            raise vol.Invalid("must be a certificate in PEM; this one is damaged") from None
        return pem

    def modules_file(self, value: object) -> Path:
        """Check a file with modules, which gateway ever they hang on."""
        file = self.place(value)
        modules_in(file, "")
        return file


def modules_in(file: Path, serial: str) -> Modules:
    """Read modules; raises Invalid with all that is wrong with them. An empty serial is one that is not known."""
    try:
        return load_modules(file, serial)
    except ModuleFileError as error:
        raise vol.Invalid(str(error)) from error
    except ModuleSettingsError as error:
        raise vol.MultipleInvalid([vol.Invalid(str(problem)) for problem in error.problems]) from error


def _content(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(LONGEST).decode()
    except OSError as error:
        raise vol.Invalid(f"{file} cannot be read: {error.strerror}") from error
    except ValueError:
        raise vol.Invalid("must be a certificate in PEM, which is a text") from None
