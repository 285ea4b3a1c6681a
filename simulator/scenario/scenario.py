"""A scenario: which house, when, and what happens in it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from simulator.gateway.gateway import Gateway
from simulator.gateway.profiles import PROFILES
from simulator.scenario.happenings import Happening, NotThereError
from simulator.sites.site import GatewayKind, Identity, Site


class ScenarioError(Exception):
    """A scenario that cannot be played; the message says where the mistake is and what to write instead."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens ``at_s`` simulated seconds after the start; ``where`` it was written."""

    at_s: float
    happening: Happening
    where: str


@dataclass(frozen=True, slots=True)
class SiteChanges:
    """What makes a house of one's own out of a built-in site; None is as it was."""

    serial_number: str | None = None
    time_zone: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    def applied_to(self, site: Site) -> Site:
        """Return the other house. Raises ScenarioError for a serial number of another kind of gateway."""
        return replace(
            site,
            identity=self._identity(site),
            latitude_deg=site.latitude_deg if self.latitude is None else self.latitude,
            longitude_deg=site.longitude_deg if self.longitude is None else self.longitude,
        )

    def _identity(self, site: Site) -> Identity:
        identity = replace(site.identity, time_zone=self.time_zone or site.identity.time_zone)
        if self.serial_number is None:
            return identity
        try:
            PROFILES[site.gateway].check_serial(self.serial_number)
        except ValueError as error:
            raise ScenarioError(f"serial_number = {self.serial_number!r}: {error}") from error
        device = uuid5(UUID(identity.device_uuid), self.serial_number)
        return replace(
            identity,
            serial_number=self.serial_number,
            device_uuid=str(device),
            location_uuid=str(uuid5(device, "location")),
        )


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a scenario file says; None is what it leaves to the command line."""

    site: str | None = None
    site_changes: SiteChanges = SiteChanges()
    profile: GatewayKind | None = None
    seed: int | None = None
    start: datetime | None = None
    speed: float | None = None
    events: tuple[Event, ...] = ()

    @property
    def defaults(self) -> dict[str, object]:
        """What it says instead of the command line, by the names of the options."""
        said = {
            "site": self.site,
            "profile": self.profile,
            "seed": self.seed,
            "start": self.start,
            "speed": self.speed,
        }
        return {name: value for name, value in said.items() if value is not None}

    def play(self, gateway: Gateway) -> None:
        """Arrange every event, counted from now on. Raises ScenarioError when the site lacks what one of them needs."""
        now_ms = gateway.house.now_ms
        for event in self.events:
            try:
                act = event.happening.prepare(gateway)
            except NotThereError as error:
                raise ScenarioError(f"{event.where}: {error}") from error
            gateway.agenda.arrange(now_ms + 1000.0 * event.at_s, act)
