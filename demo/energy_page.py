"""Home Assistant's Energy page, filled in as its settings would be: grid, solar, and what uses energy."""

from demo.home_assistant import HomeAssistant, Json
from demo.house import House


async def fill(home_assistant: HomeAssistant, house: House) -> None:
    """Save the preferences of the Energy page."""
    await home_assistant.command(
        "energy/save_prefs",
        energy_sources=[_grid(house), _solar(house)],
        device_consumption=[
            {"stat_consumption": load.energy, "stat_rate": load.power, "name": load.name} for load in house.loads
        ],
    )


def _grid(house: House) -> Json:
    return {
        "type": "grid",
        "name": "Grid",
        "stat_energy_from": house.site["grid_import_energy"],
        "stat_energy_to": house.site["grid_export_energy"],
        "stat_rate": house.site["grid_power"],
        "cost_adjustment_day": 0.0,
    }


def _solar(house: House) -> Json:
    return {
        "type": "solar",
        "name": "Solar",
        "stat_energy_from": house.site["solar_energy"],
        "stat_rate": house.site["solar_power"],
    }
