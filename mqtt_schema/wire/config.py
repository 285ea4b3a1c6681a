"""`config`: who the gateway is. Retained, published at boot (captured on Genius and Plus)."""

from typing import Annotated

from mqtt_schema.quantities import Confidence
from mqtt_schema.wire.base import Number, Wire, meaning


class Config(Wire):
    """Identity of a gateway and of the service location it measures."""

    serial_number: Annotated[str, meaning("ten digits; the first tell the model", Confidence.CAPTURED)]
    service_location_uuid: Annotated[str, meaning("equals the topic's uuid", Confidence.CAPTURED)]
    utc_time_stamp: Annotated[Number, meaning("publish time, in effect the boot time", Confidence.CAPTURED, "ms")] = (
        None
    )
    service_location_id: Annotated[Number, meaning("number of the service location", Confidence.CAPTURED)] = None
    device_uuid: Annotated[str, meaning("the gateway itself", Confidence.CAPTURED)] = ""
    firmware_version: Annotated[str, meaning("V3106 (Plus) or V4.7.1 (Genius)", Confidence.CAPTURED)] = ""
    aggregation_period_seconds: Annotated[Number, meaning("300 in every capture", Confidence.CAPTURED, "s")] = None
    time_zone: Annotated[str, meaning("IANA name; Genius only", Confidence.CAPTURED)] = ""


class NestedConfig(Wire):
    """Old firmware puts the whole of `Config` under a `config` key (seen in the vendor's client)."""

    config: Annotated[Config, meaning("see Config", Confidence.SEEN_IN_CODE)]
