"""The Genius profile: every document of one service location, as a gateway of series 50 writes it.

Names, units, key order and signs are those of the public capture (protocol facts 3.4 to 3.11); ``aggregated`` was never
captured and follows what a client reads (3.8).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from simulator.gateway.measurement_types import (
    CHANNEL_KINDS,
    FLOWS,
    LOCATION_KINDS,
    Kind,
    aggregated_type,
    published_type,
)
from simulator.gateway.message import Json, compact
from simulator.gateway.profile import BootDocument
from simulator.gateway.provider import Entries, Publication
from simulator.gateway.reading import AGGREGATION_S, ChannelAverage, ChannelReading, SiteAverage, SiteReading
from simulator.sites.site import CurrentTransformer, Role, Site

WATT_HOUR_J: Final = 3600
CT_TYPE: Final = "SCT2_50A"
FIRMWARE: Final = "V4.7.1"

# When each document follows the start, ms after a whole second, as the time stamps inside the captured ones tell
# (protocol facts 3.3).
CONFIG_MS: Final = 87
SENSOR_CONFIG_MS: Final = 956
HOME_CONTROL_CONFIG_MS: Final = 3040
CHANNEL_CONFIG_MS: Final = 3280


class Genius:
    """Writes the documents of `site`, with `entries` in their lists. Times are ms UTC."""

    def __init__(self, site: Site, entries: Entries) -> None:
        self._site = site
        self._entries = entries
        self._inputs = tuple((index, ct.formula, ct.phase.value) for index, ct in enumerate(site.transformers))
        self._metered = tuple(index for index, ct in enumerate(site.transformers) if ct.role is not Role.LOAD)

    def boot_documents(self) -> tuple[BootDocument, ...]:
        """All retained (protocol facts 3.3)."""
        return (
            BootDocument(CONFIG_MS, Publication("config", self.config)),
            BootDocument(SENSOR_CONFIG_MS, Publication("sensorConfig", self.sensor_config)),
            BootDocument(HOME_CONTROL_CONFIG_MS, Publication("homeControlConfig", self.home_control_config)),
            BootDocument(CHANNEL_CONFIG_MS, Publication("channelConfigV2", self.channel_config)),
        )

    def config(self, at_ms: int) -> bytes:
        """Who the gateway is."""
        identity = self._site.identity
        return compact(
            {
                "utcTimeStamp": at_ms,
                "deviceUuid": identity.device_uuid,
                "serialNumber": identity.serial_number,
                "serviceLocationUuid": identity.location_uuid,
                "serviceLocationId": identity.location_id,
                "firmwareVersion": FIRMWARE,
                "aggregationPeriodSeconds": AGGREGATION_S,
                "timeZone": identity.time_zone,
            }
        )

    def sensor_config(self, at_ms: int) -> bytes:
        """Gas, water and switch sensors."""
        return compact(
            {
                "utcTimeStamp": at_ms,
                "gwSensors": self._entries.get("gwSensors", ()),
                "switchSensors": self._entries.get("switchSensors", ()),
            }
        )

    def home_control_config(self, at_ms: int) -> bytes:
        """Switches and comfort plugs."""
        return compact(
            {
                "utcTimeStamp": at_ms,
                "switchActuators": self._entries.get("switchActuators", ()),
                "smartplugActuators": self._entries.get("smartplugActuators", ()),
                "maximumAmpere": 0,
            }
        )

    def channel_config(self, at_ms: int) -> bytes:
        """The CTs as inputs of the bus (dataSources) and as meanings (measurements), then the location itself."""
        cts = self._site.transformers
        specification: Mapping[str, Json] = {
            "serviceLocationId": self._site.identity.location_id,
            "phaseType": self._site.topology.phase_type,
            "dataSources": [_data_source(ct) for ct in cts],
            "measurements": [*(_measurement(index, ct) for index, ct in enumerate(cts)), _location_measurement()],
        }
        return compact({"utcTimeStamp": at_ms, "dataProcessingSpecification": specification})

    def realtime(self, reading: SiteReading) -> bytes:
        """What is measured now.

        Powers sum the GRID-connected channels (grid and solar: the house), energies sum all channels, submeters
        included (protocol facts 8, inferred from the capture; the reactive sum likewise, 46 var fits no other signs).
        """
        channels = reading.channels
        metered = [channels[index] for index in self._metered]
        exports = [whole_watt_hours(channel.export_energy_j) for channel in channels]
        imports = [whole_watt_hours(channel.import_energy_j) for channel in channels]
        return compact(
            {
                "totalPower": round(sum(channel.active_power_w for channel in metered)),
                "totalReactivePower": round(sum(channel.reactive_power_var for channel in metered)),
                "totalExportEnergy": sum(exports),
                "totalImportEnergy": sum(imports),
                "monitorStatus": 0,
                "utcTimeStamp": reading.at_ms,
                "measuredFrequency": round(reading.frequency_hz * 1e6),
                "channelPowers": list(map(_channel_power, self._inputs, channels, exports, imports)),
                "voltages": [
                    {"voltage": round(volt), "phaseId": phase_id} for phase_id, volt in enumerate(reading.voltages_v)
                ],
            }
        )

    def aggregated(self, average: SiteAverage) -> bytes:
        """Five minutes' averages: an entry for each channel, the last, without publishIndex, for the location."""
        channels: list[Json] = [
            {"utcEndtime": average.end_ms, "publishIndex": index, "measurements": _channel_measurements(ct, channel)}
            for index, (ct, channel) in enumerate(zip(self._site.transformers, average.channels, strict=True))
        ]
        location: Mapping[str, Json] = {"utcEndtime": average.end_ms, "measurements": _location_measurements(average)}
        return compact({"intervalDatas": [*channels, location]})


def whole_watt_hours(energy_j: float) -> int:
    """Joule, but counted in whole Wh (captured: every counter is a multiple of 3600)."""
    return int(energy_j // WATT_HOUR_J) * WATT_HOUR_J


def _data_source(ct: CurrentTransformer) -> Mapping[str, Json]:
    return {
        "busAddress": {"serialNumber": ct.hub, "inputIndex": ct.hub_input},
        "type": CT_TYPE,
        "reversed": ct.is_reversed,
        "version": 4,
        "name": f"CTHub-{ct.hub}",
        "nilm": ct.nilm,
        "measurementType": published_type(Kind.ACTIVE_POWER, ct.phase),
    }


def _measurement(index: int, ct: CurrentTransformer) -> Mapping[str, Json]:
    flow, connection_type = FLOWS[ct.role]
    return {
        "version": 2,
        "type": "CT",
        "name": ct.name,
        "formula": ct.formula,
        "publishIndex": index,
        "flow": flow,
        "connectionType": connection_type,
        "publishedMeasurementTypes": [published_type(kind, ct.phase) for kind in CHANNEL_KINDS],
    }


def _location_measurement() -> Mapping[str, Json]:
    return {
        "version": 2,
        "type": "SERVICE_LOCATION",
        "formula": "",
        "publishIndex": -1,
        "flow": "UNKNOWN",
        "connectionType": "UNKNOWN",
        "publishedMeasurementTypes": [published_type(kind, None) for kind in LOCATION_KINDS],
    }


def _channel_power(
    ct_input: tuple[int, str, int], channel: ChannelReading, export_j: int, import_j: int
) -> Mapping[str, Json]:
    index, formula, phase_id = ct_input
    return {
        "publishIndex": index,
        "formula": formula,
        "power": round(channel.active_power_w),
        "exportEnergy": export_j,
        "importEnergy": import_j,
        "phaseId": phase_id,
        "current": round(channel.current_a * 10),
        "apparentPower": round(channel.apparent_power_va),
        # Cut off, not rounded: of the capture's twelve one (7 W, 20 VA, 31 %) allows nothing else (inferred).
        "cosPhi": int(channel.power_factor * 100),
    }


def _channel_measurements(ct: CurrentTransformer, average: ChannelAverage) -> list[Json]:
    values = (average.active_power_w, average.reactive_power_var, average.voltage_v, average.current_a)
    return [
        {"type": aggregated_type(kind, ct.phase), "value": _milli(value)}
        for kind, value in zip(CHANNEL_KINDS, values, strict=True)
    ]


def _location_measurements(average: SiteAverage) -> list[Json]:
    values: Iterable[float] = (
        average.always_on_w,
        average.load_w,
        average.production_w,
        average.import_w,
        average.export_w,
    )
    return [
        {"type": aggregated_type(kind, None), "value": _milli(value)}
        for kind, value in zip(LOCATION_KINDS, values, strict=True)
    ]


def _milli(value: float) -> int:
    """The wire's aggregates are a thousand times the SI value (protocol facts 3.8, seen in a client)."""
    return round(value * 1000)
