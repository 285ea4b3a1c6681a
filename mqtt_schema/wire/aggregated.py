"""`aggregated` of a Genius: averages of each five minutes (seen in a client's parser; no capture is known)."""

from typing import Annotated

import msgspec

from mqtt_schema.quantities import Confidence
from mqtt_schema.wire.base import Number, Wire, meaning
from mqtt_schema.wire.channels import MeasurementType

ALWAYS_ON = "ALWAYS_ON"
"""The measurement kind of the house's always-on power."""


class IntervalMeasurement(Wire):
    """One averaged value."""

    type: Annotated[MeasurementType, meaning("kind and phase", Confidence.SEEN_IN_CODE)] = msgspec.field(
        default_factory=MeasurementType
    )
    value: Annotated[Number, meaning("1000 times the unit of its type", Confidence.SEEN_IN_CODE, "mW, mV, mA")] = None


class IntervalData(Wire):
    """One channel, or the service location when `publishIndex` is absent."""

    utc_endtime: Annotated[
        Number, meaning("end of the interval, a multiple of 300 s", Confidence.SEEN_IN_CODE, "ms")
    ] = None
    publish_index: Annotated[Number, meaning("absent on the service location", Confidence.SEEN_IN_CODE)] = None
    measurements: Annotated[tuple[IntervalMeasurement, ...], meaning("the averages", Confidence.SEEN_IN_CODE)] = ()


class Aggregated(Wire):
    """Envelope of `aggregated`."""

    interval_datas: Annotated[tuple[IntervalData, ...], meaning("one entry per channel", Confidence.SEEN_IN_CODE)] = ()


class RawInterval(Wire):
    """What both forms of an interval say of the whole house; everything else may be broken."""

    utc_endtime: Number = None
    publish_index: Number = None
    always_on: Number = None
    measurements: tuple[IntervalMeasurement, ...] = ()


class RawAggregated(Wire):
    """`aggregated` of any gateway with its intervals still encoded, so that a broken one is lost alone."""

    interval_datas: list[msgspec.Raw] = []
