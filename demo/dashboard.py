"""The dashboard of the demo: Home Assistant's own cards, our entities."""

from collections.abc import Mapping
from typing import Final

from demo.charging import FUSE_A, Charging
from demo.home_assistant import HomeAssistant, Json
from demo.house import House, Load

URL_PATH: Final = "smappee-house"
ICONS: Final = {
    "Dishwasher": "mdi:dishwasher",
    "Dryer": "mdi:tumble-dryer",
    "EV charger": "mdi:ev-station",
    "Fridge": "mdi:fridge",
    "Heat pump": "mdi:heat-pump",
    "Oven": "mdi:stove",
    "Pool pump": "mdi:pool",
    "Washing machine": "mdi:washing-machine",
}
LARGE_LOAD_W: Final = 4000
SOLAR_PEAK_W: Final = 5000
CONNECTION_W: Final = 15000
LOWEST_V: Final = 207
HIGHEST_V: Final = 253
GREEN, BLUE, AMBER, RED = (f"var(--{kind}-color)" for kind in ("success", "info", "warning", "error"))
GRID_COLORS: Final = {-SOLAR_PEAK_W: GREEN, 0: BLUE, 0.6 * CONNECTION_W: AMBER}
ROOM_COLORS: Final = {0: RED, 0.1 * FUSE_A: AMBER, 0.25 * FUSE_A: GREEN}
FUSE_COLORS: Final = {0: GREEN, 0.6 * FUSE_A: AMBER, 0.8 * FUSE_A: RED}
NARROW: Final = {"grid_options": {"columns": 4}}
WELCOME: Final = """\
# The house, live
Measured by a Smappee Genius with {transformers} clamps; the house is simulated, everything else is real."""


async def create(home_assistant: HomeAssistant, house: House, charging: Charging | None) -> None:
    """Make the dashboard, and the page that opens first."""
    await home_assistant.command(
        "lovelace/dashboards/create", url_path=URL_PATH, title="House", icon="mdi:home-lightning-bolt", mode="storage"
    )
    await home_assistant.command("lovelace/config/save", url_path=URL_PATH, config=config(house, charging))
    await home_assistant.command("frontend/set_system_data", key="core", value={"default_panel": URL_PATH})


def config(house: House, charging: Charging | None) -> Json:
    """Return the dashboard: one view."""
    controlled = [_charging(charging)] if charging else []
    welcome = WELCOME.format(transformers=len(house.transformers))
    view = {
        "title": "House",
        "path": "house",
        "type": "sections",
        "max_columns": 3,
        "header": {"layout": "start", "card": {"type": "markdown", "text_only": True, "content": welcome}},
        "sections": [_now(house), _loads(house), *controlled, _flow(), _today(), _days(house), _phases(house)],
    }
    return {"views": [view]}


def _now(house: House) -> Json:
    return _section(
        "Now",
        "mdi:flash",
        _gauge(house.site["grid_power"], "Grid", (-SOLAR_PEAK_W, CONNECTION_W), GRID_COLORS, needle=True),
        _gauge(house.site["solar_power"], "Solar", (0, SOLAR_PEAK_W), {0: AMBER}),
        _gauge(house.site["house_power"], "House", (0, CONNECTION_W), {0: BLUE}),
        {"type": "history-graph", "hours_to_show": 0.5, "entities": _powers(house), "grid_options": {"rows": 5}},
    )


def _loads(house: House) -> Json:
    return _section("Loads", "mdi:power-plug", *(_load(load) for load in house.loads))


def _load(load: Load) -> Json:
    tile = _tile(load.power, load.name, ICONS.get(load.name, "mdi:power-plug"), "teal")
    return tile | {"features": [{"type": "bar-gauge", "min": 0, "max": LARGE_LOAD_W}]}


def _charging(charging: Charging) -> Json:
    """Show what the charger may draw, why, and what room there is; and let the user decide."""
    lines = enumerate(charging.headroom, 1)
    return _section(
        "Charging below the fuse",
        "mdi:ev-station",
        _tile(charging.target, "May draw", "mdi:current-ac", "teal"),
        _tile(charging.reason, "Because", "mdi:comment-question-outline", "blue-grey"),
        *(_gauge(entity, f"Headroom L{line}", (0, FUSE_A), ROOM_COLORS) for line, entity in lines),
        {"type": "history-graph", "hours_to_show": 0.5, "entities": _currents(charging), "grid_options": {"rows": 5}},
        {"type": "entities", "entities": [{"entity": charging.mode, "name": "Mode"}, charging.enabled]},
    )


def _currents(charging: Charging) -> list[Json]:
    lines = [{"entity": entity, "name": f"Headroom L{line}"} for line, entity in enumerate(charging.headroom, 1)]
    return [{"entity": charging.target, "name": "May draw"}, *lines]


def _flow() -> Json:
    card = {"type": "power-sankey", "grid_options": {"rows": 8}}
    return _section("Where the power goes", "mdi:transit-connection-variant", card)


def _today() -> Json:
    return _section(
        "Today",
        "mdi:calendar-today",
        {"type": "energy-distribution"},
        {"type": "energy-devices-graph", "max_devices": 6},
    )


def _days(house: House) -> Json:
    return _section(
        "Day by day",
        "mdi:chart-bar",
        {"type": "energy-usage-graph"},
        {
            "type": "statistics-graph",
            "days_to_show": 3,
            "period": "hour",
            "stat_types": ["mean"],
            "entities": _powers(house),
        },
    )


def _phases(house: House) -> Json:
    currents, voltages = list(enumerate(house.grid_currents, 1)), list(enumerate(house.voltages, 1))
    lines = [{"entity": entity, "name": f"L{line}"} for line, entity in currents]
    return _section(
        "Phases",
        "mdi:sine-wave",
        *(_gauge(entity, f"Current L{line}", (0, FUSE_A), FUSE_COLORS) for line, entity in currents),
        *(
            _gauge(entity, f"Voltage L{line}", (LOWEST_V, HIGHEST_V), {LOWEST_V: BLUE}, needle=True)
            for line, entity in voltages
        ),
        {"type": "history-graph", "hours_to_show": 0.5, "entities": lines, "grid_options": {"rows": 5}},
    )


def _powers(house: House) -> list[Json]:
    names = {"grid_power": "Grid", "solar_power": "Solar", "house_power": "House"}
    return [{"entity": house.site[key], "name": name} for key, name in names.items()]


def _section(title: str, icon: str, *cards: Json) -> Json:
    heading = {"type": "heading", "heading": title, "icon": icon}
    return {"type": "grid", "cards": [heading, *cards]}


def _gauge(
    entity: str, name: str, limits: tuple[float, float], colors: Mapping[float, str], *, needle: bool = False
) -> Json:
    """Return a gauge; `colors` says which colour begins at which value."""
    least, most = limits
    return NARROW | {
        "type": "gauge",
        "entity": entity,
        "name": name,
        "min": least,
        "max": most,
        "needle": needle,
        "segments": [{"from": value, "color": color} for value, color in colors.items()],
    }


def _tile(entity: str, name: str, icon: str, color: str) -> Json:
    return {"type": "tile", "entity": entity, "name": name, "icon": icon, "color": color}
