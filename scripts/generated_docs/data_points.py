"""docs/points.md: the table of data points."""

from collections.abc import Set as AbstractSet

from markdown import NOTICE, code, first_line, table

from energy_control.points import CONTROL_POINTS, ControlPoint
from mqtt_schema.points import POINTS, Point, Row, ScopeKind
from mqtt_schema.quantities import Medium, Nature, Role

INTRODUCTION = """\
# Data points

Everything a site can tell, wherever it is shown. The tables are `mqtt_schema/points.py` and, for what policies work
out, `energy_control/points.py`; a new data point is a new row.
A value that is missing is unknown, never zero.
"""
SCOPES = {
    ScopeKind.SITE: "Of the whole site",
    ScopeKind.PHASE: "Of each connected line",
    ScopeKind.LINES: "Of each pair of lines with a neutral (star, split phase)",
    ScopeKind.LOAD: "Of each load and inverter",
    ScopeKind.CHANNEL: "Of each CT",
    ScopeKind.PLUG: "Of each comfort plug and Smappee Switch",
    ScopeKind.SENSOR: "Of each gas & water sensor",
    ScopeKind.METER: "Of each pulse meter",
    ScopeKind.SWITCH_METER: "Of each meter in a Smappee Switch",
    ScopeKind.RELAY: "Of each relay of an Output module",
    ScopeKind.CONTACT: "Of each contact of an Input module",
}
HEADINGS = ["key", "meaning", "unit", "nature", "decimals", "shown unasked", "exists when"]
ALWAYS = "always"


def document() -> str:
    """Return the whole document."""
    of_sites = "".join(_scope(scope, title) for scope, title in SCOPES.items())
    policies = [_cells(point, point.value.__doc__, _policy_condition(point)) for point in CONTROL_POINTS]
    return NOTICE + INTRODUCTION + of_sites + "\n## Worked out by policies\n\n" + table(HEADINGS, policies)


def condition_of_each() -> dict[str, str]:
    """Return when each data point exists, in words, by its key."""
    policies = {point.key: _policy_condition(point) for point in CONTROL_POINTS}
    return {row.key: _condition(row) for row in POINTS} | policies


def _scope(scope: ScopeKind, title: str) -> str:
    rows = [_cells(row, row.value.__doc__, _condition(row)) for row in POINTS if row.scope is scope]
    return f"\n## {title}\n\n" + table(HEADINGS, rows)


def _cells(point: Point, meaning: str | None, condition: str) -> list[str]:
    return [
        code(point.key),
        first_line(meaning).removesuffix("."),
        "" if point.unit is None else point.unit.value,
        "total" if point.nature is Nature.COUNTER else point.nature.value,
        "" if point.unit is None else str(point.precision),
        "yes" if point.enabled else "no",
        condition,
    ]


def _measured(roles: AbstractSet[Role]) -> str:
    return " and ".join(sorted(roles)) + (" are measured" if len(roles) > 1 else " is measured")


def _policy_condition(point: ControlPoint) -> str:
    match point.scope:
        case ScopeKind.LOAD:
            return f"of each load whose {_one_of('role', point.roles)}"
        case ScopeKind.METER:
            return f"of each pulse meter whose {_one_of('medium', point.media)}"
        case _:
            return _measured(point.needs_all)


def _one_of(what: str, values: AbstractSet[Role] | AbstractSet[Medium]) -> str:
    return f"{what} is " + " or ".join(sorted(value.value for value in values))


def _condition(row: Row) -> str:
    conditions = [] if row.needs is None else [_measured({row.needs})]
    if row.roles != frozenset(Role):
        conditions.append(_one_of("role", row.roles))
    if row.where is not None:
        conditions.append(_spoken(row.where.__doc__))
    return "; ".join(conditions) or ALWAYS


def _spoken(docstring: str | None) -> str:
    line = first_line(docstring).removesuffix(".")
    return line[0].lower() + line[1:]
