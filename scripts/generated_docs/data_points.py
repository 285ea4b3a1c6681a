"""docs/points.md: the table of data points."""

from markdown import NOTICE, code, first_line, table

from mqtt_schema.points import POINTS, Row, ScopeKind
from mqtt_schema.quantities import Nature, Role

INTRODUCTION = """\
# Data points

Everything a site can tell, wherever it is shown. The table is `mqtt_schema/points.py`; a new data point is a new row.
A value that is missing is unknown, never zero.
"""
SCOPES = {
    ScopeKind.SITE: "Of the whole site",
    ScopeKind.PHASE: "Of each connected line",
    ScopeKind.LINES: "Of each pair of lines with a neutral (star, split phase)",
    ScopeKind.LOAD: "Of each load and inverter",
    ScopeKind.CHANNEL: "Of each CT",
    ScopeKind.PLUG: "Of each comfort plug and Smappee Switch",
}


def document() -> str:
    """Return the whole document."""
    return NOTICE + INTRODUCTION + "".join(_scope(scope, title) for scope, title in SCOPES.items())


def _scope(scope: ScopeKind, title: str) -> str:
    rows = [_cells(row) for row in POINTS if row.scope is scope]
    headings = ["key", "meaning", "unit", "nature", "decimals", "shown unasked", "exists when"]
    return f"\n## {title}\n\n" + table(headings, rows)


def _cells(row: Row) -> list[str]:
    return [
        code(row.key),
        first_line(row.value.__doc__).removesuffix("."),
        "" if row.unit is None else row.unit.value,
        "total" if row.nature is Nature.COUNTER else row.nature.value,
        "" if row.unit is None else str(row.precision),
        "yes" if row.enabled else "no",
        _condition(row),
    ]


def _condition(row: Row) -> str:
    if row.needs is not None:
        return f"{row.needs.value} is measured"
    conditions = []
    if row.roles != frozenset(Role):
        conditions.append("role is " + " or ".join(sorted(role.value for role in row.roles)))
    if row.where is not None:
        conditions.append(_spoken(row.where.__doc__))
    if row.measuring:
        conditions.append("it is a Smappee Switch")
    return "; ".join(conditions) or "always"


def _spoken(docstring: str | None) -> str:
    line = first_line(docstring).removesuffix(".")
    return line[0].lower() + line[1:]
