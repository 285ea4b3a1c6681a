"""What Home Assistant has of the house: the entities that came with the gateway, by what they tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from demo.diagnostics import GRID, SOLAR, Channel
from demo.home_assistant import HomeAssistant


class Entity(msgspec.Struct):
    """A row of the entity registry."""

    entity_id: str
    config_entry_id: str | None
    device_id: str | None
    disabled_by: str | None
    translation_key: str | None

    @property
    def data_point(self) -> str:
        """The key of its data point; of several phases it is the same."""
        return (self.translation_key or "").removesuffix("_phase")


class Device(msgspec.Struct):
    """A row of the device registry."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Load:
    """A circuit with a device of its own: the entities of its power and of its energy."""

    name: str
    power: str
    energy: str


@dataclass(frozen=True, slots=True)
class Transformer:
    """A CT, and the entity of its current."""

    channel: Channel
    current: str


@dataclass(frozen=True, slots=True)
class House:
    """The entities of the house."""

    site: Mapping[str, str]
    """Entity by data point: `grid_power`, `solar_energy`…"""
    voltages: tuple[str, ...]
    transformers: tuple[Transformer, ...]
    loads: tuple[Load, ...]
    """What uses energy, by name; the inverter is not among them."""

    @property
    def grid_currents(self) -> tuple[str, ...]:
        """The entities of the currents at the grid connection."""
        return tuple(ct.current for ct in self.transformers if ct.channel.role == GRID)


async def read(home_assistant: HomeAssistant, entry_id: str, channels: Sequence[Channel]) -> House:
    """Read the registries. `channels` are the CTs in the order of the installation."""
    rows = msgspec.convert(await home_assistant.command("config/entity_registry/list"), list[Entity])
    entities = [row for row in rows if row.config_entry_id == entry_id and row.disabled_by is None]
    devices = msgspec.convert(await home_assistant.command("config/device_registry/list"), list[Device])
    transformers = _transformers(entities, channels)
    producing = {current for current, channel in transformers if channel.role == SOLAR}
    inverters = {entity.device_id for entity in entities if entity.entity_id in producing}
    return House(
        site={entity.data_point: entity.entity_id for entity in entities},
        voltages=tuple(entity.entity_id for entity in entities if entity.data_point == "voltage"),
        transformers=tuple(Transformer(channel, current) for current, channel in transformers),
        loads=tuple(_loads(entities, [device for device in devices if device.id not in inverters])),
    )


def _transformers(entities: Iterable[Entity], channels: Iterable[Channel]) -> list[tuple[str, Channel]]:
    """Pair the currents with the CTs: both come in the order of the installation, the grid's currents first."""
    grid_first = sorted(channels, key=lambda channel: channel.role != GRID)
    currents = [entity.entity_id for entity in entities if entity.data_point in {"grid_current", "channel_current"}]
    return list(zip(currents, grid_first, strict=True))


def _loads(entities: Sequence[Entity], devices: Iterable[Device]) -> Iterable[Load]:
    for device in sorted(devices, key=lambda device: device.name or ""):
        own = {entity.data_point: entity.entity_id for entity in entities if entity.device_id == device.id}
        if "load_power" in own:
            yield Load(device.name or "", own["load_power"], own["load_import_energy"])
