"""How values are written in a terminal."""

from mqtt_schema.points import Row, Value

UNKNOWN = "–"


def number(value: float | None, decimals: int = 0) -> str:
    """Write a number with a real minus sign, and without one before a zero."""
    return UNKNOWN if value is None else f"{value:z.{decimals}f}".replace("-", "−")


def with_unit(value: float | None, unit: str, decimals: int = 0) -> str:
    """Write a number and its unit."""
    return f"{number(value, decimals)} {unit}".rstrip() if value is not None else UNKNOWN


def point(row: Row, value: Value) -> str:
    """Write the value of a data point."""
    match value:
        case None:
            return UNKNOWN
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return with_unit(value, row.unit or "", row.precision)
        case _:
            return value
