"""Hand-written messages of a small Genius, made from the documented facts and from nothing of ours."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SERIAL = "5010012345"
LOCATION = "11111111-2222-3333-4444-555555555555"
BOOT_MS = 1_700_000_000_000
START_MS = 1_700_000_100_000

type Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ct:
    """A CT as the installer sees it."""

    index: int
    name: str
    flow: str = "CONSUMPTION"
    connection: str = "SUBMETER"
    phase: str = "A"
    hub: str = "5500000001"
    input: int = 0


HOUSE = (
    Ct(0, "Mains L1", connection="GRID", phase="A", input=0),
    Ct(1, "Mains L2", connection="GRID", phase="B", input=1),
    Ct(2, "Mains L3", connection="GRID", phase="C", input=2),
    Ct(3, "Roof", flow="PRODUCTION", connection="GRID", phase="A", input=3),
    Ct(4, "Oven", phase="B", hub="5500000002", input=0),
    Ct(5, "Heat pump", phase="A", hub="5500000002", input=1),
    Ct(6, "Heat pump", phase="B", hub="5500000002", input=2),
)

SHORT_NAMES = ("grid1", "grid2", "grid3", "roof", "oven", "pump1", "pump2")


def config(serial: str = SERIAL, location: str = LOCATION, number: int = 4711, boot_ms: int = BOOT_MS) -> Json:
    return {
        "utcTimeStamp": boot_ms,
        "deviceUuid": "99999999-8888-7777-6666-555555555555",
        "serialNumber": serial,
        "serviceLocationUuid": location,
        "serviceLocationId": number,
        "firmwareVersion": "V4.7.1",
        "aggregationPeriodSeconds": 300,
        "timeZone": "Europe/Brussels",
    }


def channel_config(cts: Sequence[Ct] = HOUSE, phase_type: str = "THREE_STAR") -> Json:
    return {
        "utcTimeStamp": BOOT_MS + 3200,
        "dataProcessingSpecification": {
            "serviceLocationId": 4711,
            "phaseType": phase_type,
            "dataSources": [_source(ct) for ct in cts],
            "measurements": [*(_measurement(ct) for ct in cts), _service_location()],
        },
    }


def _source(ct: Ct) -> Json:
    return {
        "busAddress": {"serialNumber": ct.hub, "inputIndex": ct.input},
        "type": "SCT2_50A",
        "reversed": False,
        "version": 4,
        "name": f"CTHub-{ct.hub}",
        "nilm": False,
        "measurementType": _kind("ACTIVE_POWER", "WATT", ct.phase),
    }


def _measurement(ct: Ct) -> Json:
    return {
        "version": 2,
        "type": "CT",
        "name": ct.name,
        "formula": f"${ct.hub}/{ct.input}$",
        "publishIndex": ct.index,
        "flow": ct.flow,
        "connectionType": ct.connection,
        "publishedMeasurementTypes": [_kind("ACTIVE_POWER", "WATT", ct.phase), _kind("CURRENT", "AMPERE", ct.phase)],
    }


def _service_location() -> Json:
    return {
        "version": 2,
        "type": "SERVICE_LOCATION",
        "formula": "",
        "publishIndex": -1,
        "flow": "UNKNOWN",
        "connectionType": "UNKNOWN",
        "publishedMeasurementTypes": [{**_kind("ALWAYS_ON", "WATT", ""), "phase": "NOTAPPLICABLE"}],
    }


def _kind(kind: str, unit: str, phase: str) -> Json:
    return {"commodity": "ELECTRICITY", "measurementKind": kind, "unit": unit, "index": 0, "phase": f"PHASE{phase}"}


def channel(
    index: int, power: object = 0, imported: object = 0, exported: object = 0, current: object = None
) -> dict[str, object]:
    """One entry of channelPowers; energies in J."""
    return {
        "publishIndex": index,
        "formula": f"$5500000001/{index}$",
        "power": power,
        "exportEnergy": exported,
        "importEnergy": imported,
        "phaseId": 0,
        "current": abs(power) // 23 if current is None and isinstance(power, int) else current,
        "apparentPower": 0,
        "cosPhi": 100,
    }


def realtime(channels: Sequence[object], second: float = 0, voltages: Sequence[object] = (230, 231, 229)) -> Json:
    return {
        "totalPower": 0,
        "totalReactivePower": 0,
        "totalExportEnergy": 0,
        "totalImportEnergy": 0,
        "monitorStatus": 0,
        "utcTimeStamp": START_MS + int(second * 1000),
        "measuredFrequency": 49_980_000,
        "channelPowers": list(channels),
        "voltages": [{"voltage": voltage, "phaseId": phase} for phase, voltage in enumerate(voltages)],
    }


def channels(imported: int = 36_000_000, **power_by_name: int) -> list[dict[str, object]]:
    """The channels of HOUSE; e.g. `channels(grid1=500, roof=1200)`; every counter at `imported` J."""
    return [channel(index, power_by_name.get(name, 0), imported) for index, name in enumerate(SHORT_NAMES)]


def powers(second: float = 0, imported: int = 36_000_000, **power_by_name: int) -> Json:
    """A realtime message of HOUSE."""
    return realtime(channels(imported, **power_by_name), second)


def home_control(*plugs: tuple[int, str]) -> Json:
    return {
        "utcTimeStamp": BOOT_MS + 3000,
        "switchActuators": [],
        "smartplugActuators": [{"nodeId": node, "name": name} for node, name in plugs],
        "maximumAmpere": 0,
    }


def topic(name: str, location: str = LOCATION) -> str:
    return f"servicelocation/{location}/{name}"


def encode(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
