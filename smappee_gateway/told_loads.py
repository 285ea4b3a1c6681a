"""What no gateway tells of its loads, and their owner does: which are batteries or cars, and which contain others."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from mqtt_schema.model import Channel, Site
from mqtt_schema.quantities import CONSUMING, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLoads:
    """Loads by their identifiers. What is told of a load that is not there is left alone."""

    batteries: AbstractSet[str] = frozenset()
    cars: AbstractSet[str] = frozenset()
    """Charging points of electric cars. One that is a battery, too, is a battery."""
    parents: Mapping[str, str] = field(default_factory=dict)
    """By load: the load that contains it."""


NOTHING_TOLD = ToldLoads()


def with_told(channels: tuple[Channel, ...], told: ToldLoads) -> tuple[Channel, ...]:
    """Give the CTs of loads what is told of their loads."""
    if told == NOTHING_TOLD:
        return channels
    channels = with_role(channels, told.batteries, Role.BATTERY)
    channels = with_role(channels, told.cars, Role.EV)
    return with_parents(channels, told.parents)


def with_role(channels: tuple[Channel, ...], loads: AbstractSet[str], role: Role) -> tuple[Channel, ...]:
    """Give the CTs of some loads a role. Grid and solar keep theirs, and so does what has another already."""
    members = {channel for load in Site(channels=channels).loads if load.id in loads for channel in load.channels}
    return tuple(
        replace(channel, role=role) if channel in members and channel.role is Role.LOAD else channel
        for channel in channels
    )


def with_parents(channels: tuple[Channel, ...], parents: Mapping[str, str]) -> tuple[Channel, ...]:
    """Tell the CTs of loads which load contains theirs. What would contain itself has no parent."""
    loads = [load for load in Site(channels=channels).loads if load.role in CONSUMING]
    present = {load.id for load in loads}
    parent_by_channel = {
        channel.key: parents[load.id]
        for load in loads
        if parents.get(load.id) in present and not is_in_circle(load.id, parents)
        for channel in load.channels
    }
    return tuple(replace(channel, parent=parent_by_channel.get(channel.key, "")) for channel in channels)


def is_in_circle(load: str, parents: Mapping[str, str]) -> bool:
    """Tell whether a load would, directly or through others, contain itself."""
    above = parents.get(load)
    for _ in parents:
        if above is None or above == load:
            break
        above = parents.get(above)
    return above == load
