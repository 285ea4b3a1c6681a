"""Whether the use of electricity tells that somebody is there (``presence``, captured)."""

from typing import override

from simulator.gateway.message import compact
from simulator.gateway.provider import Provider, Publication
from simulator.house.house import House


class Presence(Provider):
    """Told at boot and on change."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._told: bool | None = None

    @override
    def documents(self) -> list[Publication]:
        self._told = None
        return [Publication("presence", self._write)]

    @override
    def every_second(self) -> list[Publication]:
        if self._told in {None, self._house.somebody_is_home}:
            return []
        return [Publication("presence", self._write)]

    def _write(self, _: int) -> bytes:
        self._told = self._house.somebody_is_home
        return presence(somebody=self._told)


def presence(*, somebody: bool) -> bytes:
    """The document."""
    return compact({"value": somebody})
