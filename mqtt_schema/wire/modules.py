"""Input and Output modules in the form of the presets of `dialects`. Nobody has seen such a message: all is inferred.

The structs are for the documents. Modules are read by their dialect, which their owner can change.
"""

from typing import Annotated

from mqtt_schema.quantities import Confidence
from mqtt_schema.wire.base import Number, Wire, meaning


class OutputModuleState(Wire):
    """`outputmodule/<id>/state` and, with the same shape, `outputmodule/<id>/setstate`; perhaps in the plug space."""

    value: Annotated[str, meaning("ON_ON, ON_OFF, OFF_ON or OFF_OFF: relay 1, relay 2", Confidence.INFERRED)]
    since: Annotated[Number | str, meaning("time of the last change", Confidence.INFERRED, "ms")] = None


class ModuleInput(Wire):
    """One of the four inputs of an Input module."""

    state: Annotated[str | bool | int | None, meaning("OPEN or CLOSED, of a contact", Confidence.INFERRED)] = None
    count: Annotated[Number, meaning("running count of pulses", Confidence.INFERRED)] = None


class InputModuleState(Wire):
    """`inputmodule/<id>/state`."""

    inputs: Annotated[tuple[ModuleInput, ...], meaning("the inputs, from the first", Confidence.INFERRED)]
