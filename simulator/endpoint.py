"""The address of a broker."""

from dataclasses import dataclass
from typing import Final, Self, override
from urllib.parse import urlsplit

DEFAULT_PORT: Final = 1883


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A broker's address, with credentials where it wants them."""

    host: str
    port: int = DEFAULT_PORT
    username: str | None = None
    password: str | None = None

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read ``mqtt://[user:password@]host[:port]``. Raises ValueError for anything else."""
        parts = urlsplit(url)
        if parts.scheme != "mqtt" or not parts.hostname:
            raise ValueError(f"not an address like mqtt://host:{DEFAULT_PORT}: {url}")
        return cls(parts.hostname, parts.port or DEFAULT_PORT, parts.username, parts.password)

    @override
    def __str__(self) -> str:
        return f"mqtt://{self.host}:{self.port}"
