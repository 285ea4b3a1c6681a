"""`channelConfig`: which CT measures what (Plus, Pro and Solar; retained; captured once, cut off)."""

from typing import Annotated

import msgspec

from mqtt_schema.quantities import Confidence
from mqtt_schema.wire.base import Number, Wire, meaning

UNUSED = "UNUSED"
"""The `inputChannelType` of an input without a CT."""


class InputChannel(Wire):
    """One CT input. Several with one name make a multi-phase load."""

    ct_input: Annotated[int, meaning("number of the CT input, key into realtime", Confidence.CAPTURED)]
    name: Annotated[str, meaning("the user's name", Confidence.CAPTURED)] = ""
    phase: Annotated[Number, meaning("0 = L1, 1 = L2, 2 = L3", Confidence.CAPTURED)] = None
    input_channel_type: Annotated[str, meaning("CONSUMPTION, PRODUCTION or UNUSED", Confidence.CAPTURED)] = ""
    input_channel_connection: Annotated[str, meaning("GRID captured; SUBMETER", Confidence.CAPTURED)] = ""
    reversed: Annotated[bool, meaning("the CT is inverted in software", Confidence.CAPTURED)] = False
    balanced: Annotated[bool, meaning("stands for three equal phases; not applied", Confidence.INFERRED)] = False
    ct_type: Annotated[str, meaning("CT model, e.g. CT50_100_200", Confidence.CAPTURED)] = msgspec.field(
        default="", name="inputChannelCTType"
    )


class ChannelConfig(Wire):
    """Envelope of `channelConfig`."""

    input_channels: Annotated[tuple[InputChannel, ...], meaning("the CT inputs", Confidence.CAPTURED)]
    utc_time_stamp: Annotated[Number, meaning("publish time", Confidence.CAPTURED, "ms")] = None


class RawChannelConfig(Wire):
    """`channelConfig` with its inputs still encoded: the second try, when one of them is broken."""

    input_channels: list[msgspec.Raw]
