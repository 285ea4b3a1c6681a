"""Plugs and switches: `homeControlConfig`, `plug/<id>/…`, and `presence`."""

from typing import Annotated

from mqtt_schema.quantities import Confidence
from mqtt_schema.wire.base import Number, Wire, meaning


class Actuator(Wire):
    """A comfort plug or a Smappee Switch."""

    node_id: Annotated[int | str, meaning("the <id> of plug/<id>/…", Confidence.CAPTURED)]
    name: Annotated[str, meaning("the user's name", Confidence.CAPTURED)] = ""
    serial_number: Annotated[str, meaning("4006… for a Smappee Switch", Confidence.SEEN_IN_CODE)] = ""


class HomeControlConfig(Wire):
    """What can be switched (retained; captured with one plug)."""

    utc_time_stamp: Annotated[Number, meaning("publish time", Confidence.CAPTURED, "ms")] = None
    switch_actuators: Annotated[tuple[Actuator, ...], meaning("Smappee Switches", Confidence.SEEN_IN_CODE)] = ()
    smartplug_actuators: Annotated[tuple[Actuator, ...], meaning("comfort plugs", Confidence.CAPTURED)] = ()


class PlugState(Wire):
    """`plug/<id>/state` (retained; captured) and, with the same shape, `plug/<id>/setstate`."""

    value: Annotated[str, meaning("ON or OFF", Confidence.CAPTURED)]
    since: Annotated[Number | str, meaning("time of the last change", Confidence.CAPTURED, "ms")] = None


class PlugConnectionState(Wire):
    """`plug/<id>/connectionState`: only Smappee Switches report it in practice."""

    value: Annotated[str, meaning("CONNECTED or anything else", Confidence.SEEN_IN_CODE)]


class Presence(Wire):
    """`presence`: the gateway believes that somebody is at home, judged by usage."""

    value: Annotated[bool, meaning("true = someone is present", Confidence.CAPTURED)]
