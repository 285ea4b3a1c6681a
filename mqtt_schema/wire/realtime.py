"""`realtime`: everything measured, once a second (captured; not retained, inferred)."""

from typing import Annotated

import msgspec

from mqtt_schema.quantities import Confidence
from mqtt_schema.wire.base import Number, Wire, meaning

POWER_BOUND_W = 1_000_000
"""More than the largest CT of the product range can measure: a value beyond is broken, and so is its channel."""
_BOUNDS = msgspec.Meta(ge=-POWER_BOUND_W, le=POWER_BOUND_W)
_Power = Annotated[int, _BOUNDS] | Annotated[float, _BOUNDS] | None

_HIGHEST_CURRENT_DA = 1_000_000


def _ampere(current_da: float | None) -> float | None:
    """Convert a current; integers on the wire may be too large even for the division."""
    return None if current_da is None or abs(current_da) > _HIGHEST_CURRENT_DA else current_da / 10


class ChannelPower(
    msgspec.Struct,
    gc=False,
    rename={
        "index": "publishIndex",
        "power_w": "power",
        "export_j": "exportEnergy",
        "import_j": "importEnergy",
        "phase": "phaseId",
        "current_da": "current",
        "apparent_va": "apparentPower",
        "power_factor_percent": "cosPhi",
    },
):
    """One channel of one second: the wire form of a `ChannelReading`.

    It carries the domain's names and keeps the field order of the wire, because 28 of them are read each second.
    """

    index: Annotated[int, meaning("key into channelConfigV2", Confidence.CAPTURED)]
    power_w: Annotated[_Power, meaning("active power, signed", Confidence.CAPTURED, "W")] = None
    export_j: Annotated[Number, meaning("lifetime counter, grows while power < 0", Confidence.CAPTURED, "J")] = None
    import_j: Annotated[Number, meaning("lifetime counter, grows while power > 0", Confidence.CAPTURED, "J")] = None
    phase: Annotated[Number, meaning("0 = L1, 1 = L2, 2 = L3", Confidence.INFERRED)] = None
    current_da: Annotated[Number, meaning("RMS current, never negative", Confidence.CAPTURED, "0.1 A")] = None
    apparent_va: Annotated[Number, meaning("apparent power, never negative", Confidence.INFERRED, "VA")] = None
    power_factor_percent: Annotated[Number, meaning("sign of power; not 0 at 0 W", Confidence.INFERRED, "%")] = None

    @property
    def current_a(self) -> float | None:
        """RMS current in A; None also for more than any CT can measure."""
        return _ampere(self.current_da)


class CtPower(
    msgspec.Struct,
    gc=False,
    rename={
        "index": "ctInput",
        "power_w": "power",
        "export_j": "exportEnergy",
        "import_j": "importEnergy",
        "phase": "phaseId",
        "current_da": "current",
    },
):
    """One channel of one second of a Plus, Pro or Solar: another wire form of a `ChannelReading`."""

    index: Annotated[int, meaning("key into channelConfig; there may be gaps", Confidence.CAPTURED)]
    power_w: Annotated[_Power, meaning("active power, signed", Confidence.CAPTURED, "W")] = None
    export_j: Annotated[Number, meaning("grows while power < 0", Confidence.CAPTURED, "J")] = None
    import_j: Annotated[
        Number,
        meaning("grows while power > 0; restarts at boot (Plus), wraps at 32 bits (Solar)", Confidence.INFERRED, "J"),
    ] = None
    phase: Annotated[Number, meaning("0 = L1, 1 = L2, 2 = L3", Confidence.INFERRED)] = None
    current_da: Annotated[Number, meaning("RMS current, never negative", Confidence.CAPTURED, "0.1 A")] = None

    @property
    def current_a(self) -> float | None:
        """RMS current in A; None also for more than any CT can measure."""
        return _ampere(self.current_da)

    @property
    def apparent_va(self) -> float | None:
        """Not sent."""
        return None

    @property
    def power_factor_percent(self) -> float | None:
        """Not sent."""
        return None


class PhaseVoltage(Wire):
    """Voltage of one line."""

    voltage: Annotated[Number, meaning("whole volts; 0 = not connected", Confidence.CAPTURED, "V")] = None
    phase_id: Annotated[Number, meaning("0 = L1, 1 = L2, 2 = L3", Confidence.CAPTURED)] = None


class RealtimeHead(Wire):
    """`realtime` without its channels.

    `totalPower`, `totalImportEnergy` and `totalExportEnergy` are left out on purpose: the models disagree on their sum.
    """

    utc_time_stamp: Annotated[
        Number, meaning("measurement time, whole seconds on Genius", Confidence.CAPTURED, "ms")
    ] = None
    measured_frequency: Annotated[Number, meaning("line frequency", Confidence.INFERRED, "µHz")] = None
    voltages: Annotated[tuple[PhaseVoltage, ...], meaning("line voltages", Confidence.CAPTURED)] = ()


class Realtime(RealtimeHead):
    """A whole `realtime` message."""

    channel_powers: Annotated[list[ChannelPower], meaning("the channels", Confidence.CAPTURED)] = []


class CtRealtime(RealtimeHead):
    """A whole `realtime` message of a Plus, Pro or Solar, which sends no frequency."""

    channel_powers: Annotated[list[CtPower], meaning("the channels", Confidence.CAPTURED)] = []


class RawChannelKey(Wire):
    """Which of the two numbers a channel goes by."""

    publish_index: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    ct_input: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class RawRealtime(RealtimeHead):
    """`realtime` with its channels still encoded: the second try, when one of them is broken."""

    channel_powers: list[msgspec.Raw] = []
