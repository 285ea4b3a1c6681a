"""The seam between kinds of gateway: what a Genius, a Plus and a Solar do differently."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, Protocol

from simulator.gateway.counters import Counters
from simulator.gateway.provider import Entries, Provider, Publication
from simulator.gateway.reading import SiteAverage, SiteReading
from simulator.house.house import House
from simulator.sites.site import CurrentTransformer, GatewayKind, Site


class BootDocument(NamedTuple):
    """A document of the boot and when it follows the start, ms."""

    after_ms: int
    publication: Publication


class Wire(Protocol):
    """Writes what one service location tells, in the form of one kind of gateway."""

    def boot_documents(self) -> Sequence[BootDocument]:
        """What is told at boot, in order."""
        ...

    def realtime(self, reading: SiteReading) -> bytes:
        """What is measured now."""
        ...

    def aggregated(self, average: SiteAverage) -> bytes | None:
        """Five minutes' averages; None from a kind that is not known to send them."""
        ...


type Stamps = Callable[[int], int]
"""When the ``realtime`` of the second that ends at a whole second (ms UTC) is published and stamped, ms UTC."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of gateway.

    ``wire`` takes a site and what its providers add to the lists. ``counters`` and ``stamps`` draw what differs from
    gateway to gateway. ``providers`` are told of at boot from ``providers_after_ms`` on, and ``realtime`` begins
    ``realtime_after_ms`` after the start.
    """

    kind: GatewayKind
    title: str
    serial_prefix: str
    wire: Callable[[Site, Entries], Wire]
    counters: Callable[[Sequence[CurrentTransformer], Random], Counters]
    stamps: Callable[[Random], Stamps]
    providers: tuple[Callable[[House], Provider], ...]
    providers_after_ms: int
    realtime_after_ms: int

    def check_serial(self, serial_number: str) -> None:
        """Raise ValueError when it is not of this kind (protocol facts 1.2)."""
        if not serial_number.startswith(self.serial_prefix):
            reason = f"the serial number of a {self.title} begins with {self.serial_prefix}, not as {serial_number}"
            raise ValueError(f"{reason}; change it or the kind of gateway of the site")
