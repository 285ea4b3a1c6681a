"""What Home Assistant shows of the house now."""

from collections.abc import Mapping
from typing import Final

import msgspec

from demo.home_assistant import HomeAssistant
from demo.house import House
from demo.program import Program
from demo.waiting import until

SITE: Final = {
    "Grid": ("grid_power", "grid_import_energy", "grid_export_energy"),
    "Solar": ("solar_power", "solar_energy"),
    "House": ("house_power", "house_energy"),
}
"""The data points of the whole house: a power and its energies."""


class _Attributes(msgspec.Struct):
    friendly_name: str = ""


class State(msgspec.Struct):
    """The state of an entity."""

    entity_id: str
    state: str
    attributes: _Attributes

    @property
    def name(self) -> str:
        """What Home Assistant calls the entity."""
        return self.attributes.friendly_name

    @property
    def number(self) -> float | None:
        """Its number; None while it has none."""
        try:
            return float(self.state)
        except ValueError:
            return None


type States = Mapping[str, State]


async def states(home_assistant: HomeAssistant) -> States:
    """Return all states by entity."""
    rows = msgspec.convert(await home_assistant.command("get_states"), list[State])
    return {row.entity_id: row for row in rows}


def missing(house: House, now: States) -> list[str]:
    """Return which entities of the house show no number."""
    site = [house.site.get(key, key) for keys in SITE.values() for key in keys]
    loads = [entity for load in house.loads for entity in (load.power, load.energy)]
    currents = [transformer.current for transformer in house.transformers]
    wanted = [*site, *house.voltages, *currents, *loads]
    return [entity for entity in wanted if entity not in now or now[entity].number is None]


async def settle(home_assistant: HomeAssistant, house: House, *programs: Program) -> None:
    """Wait until every entity shows a number, and then until the power of the house changes."""
    power = house.site["house_power"]

    async def complete() -> States | None:
        now = await states(home_assistant)
        return None if missing(house, now) else now

    first = await until(complete, "every entity shows a number", *programs)

    async def moved() -> bool | None:
        return (await states(home_assistant))[power].state != first[power].state or None

    await until(moved, "the power of the house changes", *programs)
