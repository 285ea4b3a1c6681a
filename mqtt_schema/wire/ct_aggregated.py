"""`aggregated` version 2, of Plus and Pro: averages of each five minutes (captured)."""

from typing import Annotated

import msgspec

from mqtt_schema.quantities import Confidence
from mqtt_schema.wire.base import Number, Wire, meaning


class CtAverages(
    msgspec.Struct,
    gc=False,
    rename={
        "ct_input": "ctInput",
        "current_ma": "averageRMSCurrent",
        "import_power_mw": "averageImportRMSActivePower",
        "export_power_mw": "averageExportRMSActivePower",
        "apparent_power_mva": "averageRMSApparentPower",
        "reactive_power_mvar": "averageRMSReactivePower",
        "power_factor_percent": "averagePowerfactor",
    },
):
    """The averages of one CT."""

    ct_input: Annotated[Number, meaning("number of the CT input", Confidence.CAPTURED)] = None
    current_ma: Annotated[Number, meaning("RMS current", Confidence.CAPTURED, "mA")] = None
    import_power_mw: Annotated[Number, meaning("active power > 0", Confidence.CAPTURED, "mW")] = None
    export_power_mw: Annotated[Number, meaning("active power < 0, as a magnitude", Confidence.CAPTURED, "mW")] = None
    apparent_power_mva: Annotated[Number, meaning("apparent power", Confidence.CAPTURED, "mVA")] = None
    reactive_power_mvar: Annotated[Number, meaning("reactive power, no sign", Confidence.INFERRED, "mvar")] = None
    power_factor_percent: Annotated[Number, meaning("power factor", Confidence.CAPTURED, "%")] = None


class CtInterval(Wire):
    """Five minutes of all CTs."""

    utc_endtime: Annotated[Number, meaning("end of the interval, a multiple of 300 s", Confidence.CAPTURED, "ms")] = (
        None
    )
    voltages_dv: Annotated[tuple[Number, ...], meaning("RMS voltage of each line", Confidence.CAPTURED, "0.1 V")] = (
        msgspec.field(default=(), name="averageRMSVoltages")
    )
    always_on: Annotated[Number, meaning("the house's always-on power", Confidence.SEEN_IN_CODE, "mW")] = None
    channel_interval_datas: Annotated[tuple[CtAverages, ...], meaning("the CTs", Confidence.CAPTURED)] = ()
    version: Annotated[Number, meaning("2", Confidence.CAPTURED)] = None


class CtAggregated(Wire):
    """Envelope of `aggregated` of a Plus or Pro."""

    interval_datas: Annotated[tuple[CtInterval, ...], meaning("one entry per interval", Confidence.CAPTURED)] = ()
