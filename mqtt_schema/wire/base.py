"""What all wire structs share."""

import msgspec

from mqtt_schema.quantities import Confidence

Number = int | float | None
"""A wire number. Gateways send integers; fractions and null must not stop the reader."""


def meaning(text: str, confidence: Confidence, unit: str = "") -> msgspec.Meta:
    """Describe a wire field: what it says, in which unit, and how sure that is."""
    marks = {"unit": unit, "confidence": confidence.value}
    schema_marks = {f"x-{name}": mark for name, mark in marks.items() if mark}
    return msgspec.Meta(description=text, extra=marks, extra_json_schema=schema_marks)


class Wire(msgspec.Struct, rename="camel", gc=False):
    """Base of every payload: camelCase on the wire, snake_case here, unknown fields ignored."""
