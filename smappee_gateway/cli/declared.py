"""The modules that a user declares in a file."""

from pathlib import Path

from smappee_gateway.cli.errors import CannotRunError
from smappee_gateway.errors import ModuleFileError, ModuleSettingsError
from smappee_gateway.module_settings import load_modules
from smappee_gateway.modules import NO_MODULES, Modules


def declared_in(file: Path | None, serial: str = "") -> Modules:
    """Return the modules of a file, none without one; raises CannotRunError that says what to mend."""
    if file is None:
        return NO_MODULES
    try:
        return load_modules(file, serial)
    except ModuleFileError as error:
        raise CannotRunError(str(error)) from error
    except ModuleSettingsError as error:
        problems = "".join(f"\n  {problem}" for problem in error.problems)
        raise CannotRunError(
            f"the modules of {file} cannot be used; docs/modules.md tells what may be written{problems}"
        ) from error
