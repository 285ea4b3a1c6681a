"""`channelConfigV2`: which CT measures what (Genius; retained; captured in full)."""

from typing import Annotated

import msgspec

from mqtt_schema.quantities import Confidence
from mqtt_schema.wire.base import Number, Wire, meaning


class BusAddress(Wire):
    """A physical CT input: hub serial and input 0–3 (printed A–D on the hub)."""

    serial_number: Annotated[str, meaning("serial of the CT hub", Confidence.CAPTURED)] = ""
    input_index: Annotated[Number, meaning("0–3 = A–D", Confidence.CAPTURED)] = None


class MeasurementType(Wire):
    """What a source measures or a measurement publishes (IEC 61968-9 code numbers in `mRID`)."""

    commodity: Annotated[str, meaning("ELECTRICITY", Confidence.CAPTURED)] = ""
    measurement_kind: Annotated[str, meaning("ACTIVE_POWER, CURRENT, ALWAYS_ON, …", Confidence.CAPTURED)] = ""
    unit: Annotated[str, meaning("WATT, VOLT, AMPERE, VOLTAMPEREREACTIVE", Confidence.CAPTURED)] = ""
    phase: Annotated[str, meaning("PHASEA, PHASEB, PHASEC or NOTAPPLICABLE", Confidence.CAPTURED)] = ""


class DataSource(Wire):
    """One CT as it is wired."""

    bus_address: Annotated[BusAddress, meaning("hub and input", Confidence.CAPTURED)] = msgspec.field(
        default_factory=BusAddress
    )
    type: Annotated[str, meaning("CT model, e.g. SCT2_50A", Confidence.CAPTURED)] = ""
    reversed: Annotated[bool, meaning("the CT is inverted in software", Confidence.CAPTURED)] = False


class Measurement(Wire):
    """One logical channel. Several with one name make a multi-phase load."""

    type: Annotated[str, meaning("CT or SERVICE_LOCATION", Confidence.CAPTURED)] = ""
    name: Annotated[str, meaning("the user's name; shared by the CTs of one load", Confidence.CAPTURED)] = ""
    formula: Annotated[str, meaning("$<hub serial>/<input>$, links to the data source", Confidence.CAPTURED)] = ""
    publish_index: Annotated[Number, meaning("key into realtime; −1 = service location", Confidence.CAPTURED)] = None
    flow: Annotated[str, meaning("CONSUMPTION, PRODUCTION or UNKNOWN", Confidence.CAPTURED)] = ""
    connection_type: Annotated[str, meaning("GRID, SUBMETER or UNKNOWN", Confidence.CAPTURED)] = ""
    published_measurement_types: Annotated[
        tuple[MeasurementType, ...], meaning("what `aggregated` carries; its phase is the CT's", Confidence.CAPTURED)
    ] = ()


class DataProcessing(Wire):
    """The body of `channelConfigV2`."""

    phase_type: Annotated[str, meaning("THREE_DELTA captured; ONE, TWO, THREE_STAR", Confidence.CAPTURED)] = ""
    data_sources: Annotated[tuple[DataSource, ...], meaning("the CTs", Confidence.CAPTURED)] = ()
    measurements: Annotated[tuple[Measurement, ...], meaning("the channels", Confidence.CAPTURED)] = ()


class ChannelConfigV2(Wire):
    """Envelope of `channelConfigV2`."""

    data_processing_specification: Annotated[DataProcessing, meaning("the site", Confidence.CAPTURED)]
    utc_time_stamp: Annotated[Number, meaning("publish time", Confidence.CAPTURED, "ms")] = None


class RawDataProcessing(Wire):
    """The body of `channelConfigV2` with its lists still encoded: the second try, when one item is broken."""

    phase_type: str = ""
    data_sources: list[msgspec.Raw] = []
    measurements: list[msgspec.Raw] = []


class RawChannelConfigV2(Wire):
    """Envelope of the second try."""

    data_processing_specification: RawDataProcessing
