"""What one update changed: hosts redraw that and nothing else."""

from collections.abc import Set as AbstractSet

import msgspec

from mqtt_schema.model import Site
from mqtt_schema.points import Scope, ScopeKind
from smappee_gateway.commands import Command


class Changes(msgspec.Struct):
    """The answer of a session to an update or to the passing of time."""

    site: bool = False
    """Site-wide values, voltages included."""
    channels: AbstractSet[int] = frozenset()
    """Indexes of channels with a new reading."""
    loads: AbstractSet[str] = frozenset()
    """Identifiers of loads with a new total."""
    plugs: AbstractSet[str] = frozenset()
    """Identifiers of plugs with a new state."""
    relays: AbstractSet[str] = frozenset()
    """Identifiers of relays with a new reading."""
    contacts: AbstractSet[str] = frozenset()
    """Identifiers of contacts with a new state."""
    sensors: AbstractSet[str] = frozenset()
    """Identifiers of gas & water sensors with a new reading."""
    meters: AbstractSet[str] = frozenset()
    """Identifiers of pulse meters with a new total."""
    switch_meters: AbstractSet[str] = frozenset()
    """Identifiers of switch meters with a new total."""
    installation: bool = False
    """Loads, channels, plugs, sensors, phases or the identity itself: hosts look at `Session.site` again."""
    freshness: bool = False
    """The feed became fresh or stale."""
    confirmed: tuple[Command, ...] = ()
    failed: tuple[Command, ...] = ()

    def touches(self, site: Site, scope: Scope) -> bool:
        """Tell whether the values of a scope of this site may differ from before."""
        match scope.kind:
            case ScopeKind.LOAD:
                return scope.id in self.loads or any(
                    channel.index in self.channels for channel in site.load_by_id[scope.id].channels
                )
            case ScopeKind.CHANNEL:
                return site.channel_by_key[scope.id].index in self.channels
            case ScopeKind.SITE | ScopeKind.PHASE | ScopeKind.LINES:
                return self.site
            case kind:
                return scope.id in self._without_roles(kind)

    def _without_roles(self, kind: ScopeKind) -> AbstractSet[str]:
        """Return what has changed of the parts of a site that are no CTs."""
        return {
            ScopeKind.PLUG: self.plugs,
            ScopeKind.SENSOR: self.sensors,
            ScopeKind.METER: self.meters,
            ScopeKind.SWITCH_METER: self.switch_meters,
            ScopeKind.RELAY: self.relays,
            ScopeKind.CONTACT: self.contacts,
        }[kind]

    def merge(self, later: "Changes") -> None:
        """Add later changes to these, so that a host may write less often than it listens."""
        self.site |= later.site
        self.channels |= later.channels
        self.loads |= later.loads
        self.plugs |= later.plugs
        self.relays |= later.relays
        self.contacts |= later.contacts
        self.sensors |= later.sensors
        self.meters |= later.meters
        self.switch_meters |= later.switch_meters
        self.installation |= later.installation
        self.freshness |= later.freshness
        self.confirmed += later.confirmed
        self.failed += later.failed

    def __bool__(self) -> bool:
        """Tell whether anything changed at all."""
        return self != _NOTHING


_NOTHING = Changes()
