"""Parts of the installation that plug into a gateway: each is one file and knows nothing of the kind of gateway."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from simulator.gateway.message import Json

type Write = Callable[[int], bytes]
"""Writes a document for the time of its publication, ms UTC."""

type Entries = Mapping[str, Sequence[Json]]
"""What the lists of ``sensorConfig`` and ``homeControlConfig`` hold, by key, such as ``smartplugActuators``."""


class Publication(NamedTuple):
    """Something to publish: its topic below the service location, such as ``plug/1/state``, and its contents."""

    name: str
    write: Write
    retain: bool = True


class Provider:
    """A part of the installation with contents of its own. What it does not override, it does not do.

    It is called only while the gateway has power, and keeps whatever it must not lose in between.
    """

    commands: tuple[str, ...] = ()
    """Topic filters below the service location on which clients command it, such as ``plug/+/setstate``."""

    def entries(self) -> Entries:
        """What it adds to the lists of ``sensorConfig`` and ``homeControlConfig``; asked once."""
        return {}

    def documents(self) -> list[Publication]:
        """What it tells at each boot, after the gateway's own documents."""
        return []

    def every_second(self) -> list[Publication]:
        """What it tells in this second, such as a change."""
        return []

    def every_period(self, end_ms: int) -> list[Publication]:
        """What it tells of the five minutes that ended at `end_ms` (ms UTC)."""
        del end_ms
        return []

    def handle(self, name: str, payload: bytes) -> list[Publication] | None:
        """Take a client's message on the topic `name` below the service location; None when it is not for this one."""
        del name, payload
        return None

    def power_off(self) -> None:
        """Notice that the gateway and its bus lose their power."""


def merged_entries(providers: Iterable[Provider]) -> Entries:
    """The entries of all `providers`, list by list, in their order."""
    merged: dict[str, list[Json]] = {}
    for provider in providers:
        for key, entries in provider.entries().items():
            merged.setdefault(key, []).extend(entries)
    return merged
