"""What a Plus and a Solar share: channels go by the number of their CT input (protocol facts 3.4, 3.6, 3.7)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from simulator.gateway.measurement_types import FLOWS
from simulator.gateway.message import Json, compact
from simulator.gateway.reading import AGGREGATION_S, ChannelReading
from simulator.sites.site import CurrentTransformer, Role, Site

CT_TYPE: Final = "CT50_100_200"

_TYPE_AND_CONNECTION: Final = {
    **FLOWS,
    # Captured is only that a Solar's ct 2 is its load. It is no exchange with the grid, so it is not called GRID here.
    Role.HOUSE: ("CONSUMPTION", "SUBMETER"),
    # The first word was seen in a client; what stands beside it is invented.
    Role.UNUSED: ("UNUSED", "GRID"),
}


class Totals(NamedTuple):
    """What stands at the head of ``realtime``: W, var, J."""

    power: int
    reactive_power: int
    import_energy: int
    export_energy: int


class CtInputWire:
    """Writes the documents that both kinds share. Times are ms UTC."""

    firmware: str

    def __init__(self, site: Site) -> None:
        self.site = site
        self._inputs = tuple((ct.hub_input, ct.phase.value) for ct in site.transformers)

    def config(self, at_ms: int) -> bytes:
        """Who the gateway is; unlike a Genius it does not tell its time zone."""
        identity = self.site.identity
        return compact(
            {
                "utcTimeStamp": at_ms,
                "deviceUuid": identity.device_uuid,
                "serialNumber": identity.serial_number,
                "serviceLocationUuid": identity.location_uuid,
                "serviceLocationId": identity.location_id,
                "firmwareVersion": self.firmware,
                "aggregationPeriodSeconds": AGGREGATION_S,
            }
        )

    def channel_config(self, at_ms: int) -> bytes:
        """The CT inputs, unused ones included."""
        return compact({"utcTimeStamp": at_ms, "inputChannels": [_input(ct) for ct in self.site.transformers]})

    def realtime_document(
        self,
        at_ms: int,
        totals: Totals,
        channels: Iterable[ChannelReading],
        energies_j: Iterable[tuple[int, int]],
        voltages_v: Sequence[float],
    ) -> bytes:
        """A ``realtime``; `energies_j` are import and export of each channel as the wire shall show them."""
        return compact(
            {
                "totalPower": totals.power,
                "totalReactivePower": totals.reactive_power,
                "totalExportEnergy": totals.export_energy,
                "totalImportEnergy": totals.import_energy,
                "monitorStatus": 0,
                "utcTimeStamp": at_ms,
                "channelPowers": list(map(_channel_power, self._inputs, channels, energies_j)),
                "voltages": [{"voltage": round(volt), "phaseId": phase_id} for phase_id, volt in enumerate(voltages_v)],
            }
        )


def _input(ct: CurrentTransformer) -> Mapping[str, Json]:
    channel_type, connection = _TYPE_AND_CONNECTION[ct.role]
    return {
        "ctInput": ct.hub_input,
        "name": ct.name,
        "phase": ct.phase.value,
        "inputChannelType": channel_type,
        "inputChannelConnection": connection,
        "reversed": ct.is_reversed,
        "nilm": ct.nilm,
        "balanced": False,
        "inputChannelCTType": CT_TYPE,
    }


def _channel_power(
    ct_input: tuple[int, int], channel: ChannelReading, energies_j: tuple[int, int]
) -> Mapping[str, Json]:
    number, phase_id = ct_input
    import_j, export_j = energies_j
    return {
        "ctInput": number,
        "power": round(channel.active_power_w),
        "exportEnergy": export_j,
        "importEnergy": import_j,
        "phaseId": phase_id,
        "current": round(channel.current_a * 10),
    }
