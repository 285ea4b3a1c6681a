"""The past: energies the simulated house has used before Home Assistant listened, put into its statistics."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from demo.home_assistant import HomeAssistant, Json
from demo.house import House

DAYS: Final = 7
"""How many whole days before today the house has lived."""
TIME_ZONE: Final = ZoneInfo("Europe/Brussels")
KILOWATT_HOUR_J: Final = 3.6e6
HOUR_S: Final = 3600.0
HOUR: Final = timedelta(hours=1)


class Hour(msgspec.Struct):
    """True energies within one clock hour, J, as the simulator tells them (`simulator.history`)."""

    start: str
    import_j: float
    export_j: float
    solar_j: float
    house_j: float
    loads_j: dict[str, float]


class _History(msgspec.Struct):
    hours: list[Hour]


type Energy = Callable[[Hour], float]
"""Reads an energy of an hour, in J."""


def hours_to_live(now: datetime) -> int:
    """Return how many whole hours have passed since the first midnight of the past."""
    today = now.astimezone(TIME_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    first_midnight = today - timedelta(days=DAYS)
    return int((now.timestamp() - first_midnight.timestamp()) // HOUR_S)


def read(file: Path) -> list[Hour]:
    """Read what the simulator has written."""
    return msgspec.json.decode(file.read_bytes(), type=_History).hours


async def remember(home_assistant: HomeAssistant, house: House, hours: list[Hour]) -> None:
    """Import the hours for every energy and every power that has a past."""
    for entity, energy in _energies(house):
        await _import(home_assistant, _metadata(entity, "energy", "kWh"), energy_rows(hours, energy))
    for entity, energy in _powers(house):
        await _import(home_assistant, _metadata(entity, "power", "W"), power_rows(hours, energy))


def _energies(house: House) -> list[tuple[str, Energy]]:
    return [
        (house.site["grid_import_energy"], lambda hour: hour.import_j),
        (house.site["grid_export_energy"], lambda hour: hour.export_j),
        (house.site["solar_energy"], lambda hour: hour.solar_j),
        (house.site["house_energy"], lambda hour: hour.house_j),
        *((load.energy, _of_load(load.name)) for load in house.loads),
    ]


def _powers(house: House) -> list[tuple[str, Energy]]:
    return [
        (house.site["grid_power"], lambda hour: hour.import_j - hour.export_j),
        (house.site["solar_power"], lambda hour: hour.solar_j),
        (house.site["house_power"], lambda hour: hour.house_j),
        *((load.power, _of_load(load.name)) for load in house.loads),
    ]


def _of_load(name: str) -> Energy:
    return lambda hour: hour.loads_j[name]


def energy_rows(hours: list[Hour], energy: Energy) -> list[Json]:
    """Return sums in kWh that end at 0: there Home Assistant begins to add when it sees a counter for the first time.

    So its own sums continue the imported ones, whatever the counter shows.
    """
    total = 0.0
    rows = []
    for hour in reversed(hours):
        rows.append({"start": hour.start, "sum": total})
        total -= max(0.0, energy(hour)) / KILOWATT_HOUR_J
    # The first difference needs something to differ from.
    before = datetime.fromisoformat(hours[0].start) - HOUR
    return [{"start": before.isoformat(), "sum": total}, *reversed(rows)]


def power_rows(hours: list[Hour], energy: Energy) -> list[Json]:
    """Return the mean power of each hour in W."""
    return [{"start": hour.start, "mean": energy(hour) / HOUR_S} for hour in hours]


def _metadata(entity: str, unit_class: str, unit: str) -> Json:
    is_energy = unit_class == "energy"
    return {
        "statistic_id": entity,
        "source": "recorder",
        "name": None,
        "has_sum": is_energy,
        "mean_type": 0 if is_energy else 1,
        "unit_class": unit_class,
        "unit_of_measurement": unit,
    }


async def _import(home_assistant: HomeAssistant, metadata: Json, rows: list[Json]) -> None:
    await home_assistant.command("recorder/import_statistics", metadata=metadata, stats=rows)
