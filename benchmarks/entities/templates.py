"""What a person would write for Home Assistant's own `mqtt` sensors, to have the values of ours."""

from collections.abc import Callable, Mapping

from custom_components.smappee_infinity._vendor.mqtt_schema.model import Channel, Site
from custom_components.smappee_infinity._vendor.mqtt_schema.points import Point, Scope, ScopeKind
from custom_components.smappee_infinity._vendor.mqtt_schema.quantities import Phase, Role

JOULE_PER_KILOWATT_HOUR = 3_600_000
_OF_CHANNELS: Mapping[str, str] = {
    "power": "{0}.power",
    "current": "({0}.current / 10)",
    "apparent_power": "{0}.apparentPower",
    "reactive_power": "((({0}.apparentPower ** 2 - {0}.power ** 2) | abs) ** 0.5)",
    "power_factor": "{0}.cosPhi",
}
"""By how a data point of a CT ends; `{0}` is its place in the message."""
_OF_LOADS: Mapping[str, str] = {
    "power": "{0}.power",
    "import_energy": f"({{0}}.importEnergy / {JOULE_PER_KILOWATT_HOUR})",
    "export_energy": f"({{0}}.exportEnergy / {JOULE_PER_KILOWATT_HOUR})",
}
_OF_SITES: Mapping[str, tuple[str, tuple[Role, ...]]] = {
    "grid_power": ("power", (Role.GRID,)),
    "grid_import_energy": ("import_energy", (Role.GRID,)),
    "grid_export_energy": ("export_energy", (Role.GRID,)),
    "solar_power": ("power", (Role.SOLAR,)),
    "solar_energy": ("import_energy", (Role.SOLAR,)),
    "house_power": ("power", (Role.GRID, Role.SOLAR)),
    "house_energy": ("import_energy", (Role.GRID, Role.SOLAR)),
}
"""The energies are simpler than ours: bare sums of counters, wrong where phases import and export at once."""


def template(site: Site, point: Point, scope: Scope) -> str | None:
    """Return the value template of a data point; None when `realtime` does not hold it."""
    expression = _EXPRESSIONS.get(scope.kind, _nothing)(site, point, scope)
    return None if expression is None else f"{{{{ {expression} }}}}"


def _nothing(_site: Site, _point: Point, _scope: Scope) -> str | None:
    return None


def _of_site(site: Site, point: Point, _scope: Scope) -> str | None:
    if point.key == "frequency":
        return "(value_json.measuredFrequency / 1000000)"
    if point.key not in _OF_SITES:
        return None
    what, roles = _OF_SITES[point.key]
    return _sum(_OF_LOADS[what], [channel for channel in site.channels if channel.role in roles])


def _of_phase(_site: Site, _point: Point, scope: Scope) -> str:
    return f"value_json.voltages[{Phase[scope.id].value}].voltage"


def _of_load(site: Site, point: Point, scope: Scope) -> str | None:
    expression = _OF_LOADS.get(point.key.removeprefix("load_"))
    return None if expression is None else _sum(expression, site.load_by_id[scope.id].channels)


def _of_channel(site: Site, point: Point, scope: Scope) -> str:
    what = point.key.removeprefix("grid_").removeprefix("channel_")
    return _sum(_OF_CHANNELS[what], [site.channel_by_key[scope.id]])


def _sum(expression: str, channels: list[Channel] | tuple[Channel, ...]) -> str:
    return " + ".join(expression.format(f"value_json.channelPowers[{channel.index}]") for channel in channels)


_EXPRESSIONS: Mapping[ScopeKind, Callable[[Site, Point, Scope], str | None]] = {
    ScopeKind.SITE: _of_site,
    ScopeKind.PHASE: _of_phase,
    ScopeKind.LOAD: _of_load,
    ScopeKind.CHANNEL: _of_channel,
}
