"""Hand-written messages of a small Plus and of a Solar, made from the documented facts and from nothing of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests import genius

SERIAL = "2004012345"
SOLAR_SERIAL = "1100012345"
LOCATION = "aaaaaaaa-2222-3333-4444-555555555555"
BOOT_MS = 1_520_261_397_469
START_MS = 1_520_261_400_313
"""Not on a whole second."""

GRID, SOLAR, OVEN = 0, 3, 5
"""CT inputs of HOUSE; 1, 2 and 4 are not used."""

type Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ct:
    """A CT input as the installer sees it."""

    input: int
    name: str
    type: str = "CONSUMPTION"
    connection: str = "SUBMETER"
    phase: int = 0


HOUSE = (
    Ct(GRID, "Mains", connection="GRID"),
    Ct(1, "", type="UNUSED"),
    Ct(SOLAR, "Roof", type="PRODUCTION", connection="GRID"),
    Ct(OVEN, "Oven", phase=1),
)


def config(serial: str = SERIAL, boot_ms: int = BOOT_MS) -> Json:
    """A Plus tells no time zone."""
    document = {**genius.config(serial, LOCATION, 100045, boot_ms), "firmwareVersion": "V3106"}
    del document["timeZone"]
    return document


def channel_config(cts: Sequence[Ct] = HOUSE) -> Json:
    return {"utcTimeStamp": BOOT_MS + 800, "inputChannels": [input_channel(ct) for ct in cts]}


def input_channel(ct: Ct) -> dict[str, object]:
    return {
        "ctInput": ct.input,
        "name": ct.name,
        "phase": ct.phase,
        "inputChannelType": ct.type,
        "inputChannelConnection": ct.connection,
        "reversed": True,
        "nilm": False,
        "balanced": False,
        "inputChannelCTType": "CT50_100_200",
    }


def channel(ct: int, power: object = 0, imported: object = 0, exported: object = 0) -> dict[str, object]:
    """One entry of channelPowers; energies in J."""
    current = abs(power) // 23 if isinstance(power, int) else 0
    return {
        "ctInput": ct,
        "power": power,
        "exportEnergy": exported,
        "importEnergy": imported,
        "phaseId": 0,
        "current": current,
    }


def realtime(channels: Sequence[object], second: float = 0) -> Json:
    return {
        "totalPower": 0,
        "totalReactivePower": 0,
        "totalExportEnergy": 0,
        "totalImportEnergy": 0,
        "monitorStatus": 0,
        "utcTimeStamp": START_MS + int(second * 1003),
        "channelPowers": list(channels),
        "voltages": [{"voltage": 236, "phaseId": 0}, {"voltage": 235, "phaseId": 1}, {"voltage": 0, "phaseId": 2}],
    }


def running(second: int, power: int = 1000, since_boot: int = 0) -> Json:
    """Every CT at one power; the counters began at 0 and add the power each second."""
    counted = power * (second - since_boot)
    return realtime([channel(ct, power, counted) for ct in (GRID, SOLAR, OVEN)], second)


def interval(end_s: int, always_on_mw: object) -> Json:
    """An interval of `aggregated` version 2."""
    channel_data = {
        "averageRMSCurrent": 811,
        "averageImportRMSActivePower": 60_430,
        "averageExportRMSActivePower": 0,
        "averageRMSApparentPower": 110_787,
        "averageRMSReactivePower": 92_853,
        "averagePowerfactor": 53,
        "ctInput": 0,
    }
    return {
        "utcEndtime": end_s * 1000,
        "averageRMSVoltages": [2360, 2363, 2345],
        "alwaysOn": always_on_mw,
        "channelIntervalDatas": [channel_data],
        "version": 2,
    }


def sensor_config(
    ppu: object = 100, unit: object = "m3", serial: str = "3003000078", switch_serial: str = "4006000001"
) -> Json:
    """A gas & water sensor with a gas meter and an unused input, and a switch."""
    inputs = [
        {"enabled": True, "type": "gas", "uom": unit, "ppu": ppu},
        {"enabled": False, "type": "water", "uom": "l", "ppu": 1},
    ]
    return {
        "utcTimeStamp": BOOT_MS + 500,
        "gwSensors": [{"sensorId": 7, "serialNumber": serial, "gwSensorChannelsConfig": inputs}],
        "switchSensors": [{"sensorId": 9, "name": "Heater", "serialNumber": switch_serial}],
    }


def gas_water(pulses: object, end_s: float | None = 300, **felt: object) -> dict[str, object]:
    """An interval of the gas & water sensor."""
    time = {} if end_s is None else {"utcEndtime": int(end_s * 1000)}
    return {
        "sensorId": 7,
        "temperature": 226,
        "humidity": 41,
        "battLevel": 100,
        "index0Delta": pulses,
        "index1Delta": 0,
        **time,
        **felt,
    }


def switched(energy_ws: object, end_s: float | None = 300) -> dict[str, object]:
    """An interval of the switch."""
    time = {} if end_s is None else {"utcEndtime": int(end_s * 1000)}
    return {"sensorId": 9, "activePower": energy_ws, **time}
