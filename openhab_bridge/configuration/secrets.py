"""Secrets that do not stand in the file: `!env NAME` and `!file PATH`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ENV, FILE = "!env", "!file"
LONGEST: Final = 64 * 1024
"""In bytes: a certificate fits, a device that never ends does not."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class NoSecretError(Exception):
    """A secret is not where it should be; the message says so and does not hold it."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Where secrets are."""

    folder: Path
    """Paths are relative to it."""
    environment: Mapping[str, str]

    def get(self, tag: str, name: str) -> str:
        """Return a secret; raises NoSecretError."""
        return self._variable(name) if tag == ENV else self._file(name)

    def _variable(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise NoSecretError("!env must be followed by the name of an environment variable, such as !env PASSWORD")
        if name not in self.environment:
            raise NoSecretError(f"the environment variable {name} is not set")
        return _not_empty(self.environment[name], f"the environment variable {name}")

    def _file(self, name: str) -> str:
        if not name or not name.isprintable() or "://" in name:  # an address may hold a password, and is not repeated
            raise NoSecretError("!file must be followed by the path of a file, such as !file password.txt")
        path = self.folder / name
        try:
            with path.open("rb") as file:
                text = file.read(LONGEST + 1).decode()
        except OSError as error:
            raise NoSecretError(f"{path} cannot be read: {error.strerror}") from None
        except ValueError:
            raise NoSecretError(f"{path} is not a text in UTF-8") from None
        if len(text) > LONGEST:
            raise NoSecretError(f"{path} is longer than a secret")
        return _not_empty(text.rstrip("\r\n"), str(path))


def _not_empty(secret: str, where: str) -> str:
    if not secret.strip():
        raise NoSecretError(f"{where} is empty")
    return secret
