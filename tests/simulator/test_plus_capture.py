"""The vendor's captures of a Plus: fed with the same state, the simulator writes the same documents."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from simulator.gateway.message import compact
from simulator.gateway.plus import Plus
from simulator.gateway.provider import Entries
from simulator.gateway.reading import ChannelAverage, ChannelReading, SiteAverage, SiteReading
from simulator.sites.site import Identity
from simulator.sites.table import SITES
from tests import captures
from tests.simulator.living import document, live, named, new_gateway

CAPTURED = replace(
    SITES["plus-star"],
    identity=Identity(
        serial_number="2004000832",
        device_uuid="8d36c6cc-1aeb-4b8b-a8e2-397ac2fed192",
        location_uuid="ff4dc198-a504-4ea5-baae-42d39133fd5c",
        location_id=100045,
    ),
)
PLUGS: Entries = {
    "smartplugActuators": [{"nodeId": node, "name": f"Switch {name}"} for node, name in enumerate("ABC", 1)]
}


def captured(name: str) -> Any:  # noqa: ANN401 - a document as it is
    return json.loads(captures.captured(f"plus-{name}.json"))


def shape(value: object) -> object:
    """Keys in their order and types, without the values."""
    if isinstance(value, dict):
        return [(key, shape(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value)


def test_config_equals_the_capture() -> None:
    assert Plus(CAPTURED, {}).config(1520261397469) == compact(captured("config"))


def test_config_has_the_keys_of_the_vendors_document() -> None:
    vendors = json.loads(captures.captured("vendor-2018-config.json"))
    assert shape(json.loads(Plus(CAPTURED, {}).config(1))) == shape(vendors)


def test_sensor_config_equals_the_capture() -> None:
    assert Plus(CAPTURED, {}).sensor_config(1520261397944) == compact(captured("sensorConfig"))


def test_home_control_config_equals_the_capture() -> None:
    assert Plus(CAPTURED, PLUGS).home_control_config(1520261398304) == compact(captured("homeControlConfig"))


def test_boot_documents_are_as_far_apart_as_the_captured_ones() -> None:
    written = {publication.name: after_ms for after_ms, publication in Plus(CAPTURED, {}).boot_documents()}
    names = ("config", "sensorConfig", "homeControlConfig")
    stamps = [captured(name)["utcTimeStamp"] for name in names]
    assert [written[name] for name in names] == [stamp - 1520261397000 for stamp in stamps]


def test_an_input_of_channel_config_has_the_keys_of_the_capture_that_is_cut_off() -> None:
    text = captures.captured("plus-channelConfig-truncated.txt").decode()
    first, _ = json.JSONDecoder().raw_decode(text[text.index("[") + 1 :].lstrip())
    inputs = json.loads(Plus(CAPTURED, {}).channel_config(1))["inputChannels"]
    assert {str(shape(each)) for each in inputs} == {str(shape(first))}
    grid = {key: value for key, value in inputs[0].items() if key != "reversed"}
    assert grid == {key: value for key, value in first.items() if key != "reversed"}
    assert (inputs[3]["name"], inputs[3]["inputChannelType"]) == ("Solar - Phase 1", "PRODUCTION")


def test_unused_inputs_are_listed_too() -> None:
    (config,) = named(live(new_gateway("plus-single"), 3), "channelConfig")
    types = [each["inputChannelType"] for each in document(config)["inputChannels"]]
    assert types == ["CONSUMPTION", "PRODUCTION", "CONSUMPTION", "CONSUMPTION", *["UNUSED"] * 5]


def interval_of(channel: dict[str, int]) -> ChannelAverage:
    import_w, export_w = (channel[f"average{way}RMSActivePower"] / 1000 for way in ("Import", "Export"))
    return ChannelAverage(
        active_power_w=import_w - export_w,
        reactive_power_var=channel["averageRMSReactivePower"] / -1000,
        voltage_v=0.0,
        current_a=channel["averageRMSCurrent"] / 1000,
        import_w=import_w,
        export_w=export_w,
    )


def test_aggregated_equals_the_capture_but_for_what_is_derived() -> None:
    (interval,) = captured("aggregated")["intervalDatas"]
    average = SiteAverage(
        end_ms=interval["utcEndtime"],
        channels=tuple(map(interval_of, interval["channelIntervalDatas"])),
        voltages_v=(236.0, 236.3, 234.5),
        always_on_w=59.287,
        load_w=0.0,
        production_w=0.0,
        import_w=0.0,
        export_w=0.0,
    )
    (written,) = json.loads(Plus(CAPTURED, {}).aggregated(average))["intervalDatas"]
    assert shape(written) == shape(interval)
    for ours, theirs in zip(written["channelIntervalDatas"], interval["channelIntervalDatas"], strict=True):
        assert ours.pop("averageRMSApparentPower") == pytest.approx(theirs.pop("averageRMSApparentPower"), rel=0.002)
        assert 0 <= ours.pop("averagePowerfactor") - theirs.pop("averagePowerfactor") <= 10
    assert written == interval


def test_a_living_gateway_writes_aggregated_with_the_keys_of_the_capture() -> None:
    (message,) = named(live(new_gateway("plus-star"), 300), "aggregated")
    assert shape(document(message)) == shape(captured("aggregated"))


def test_realtime_of_a_star_written_by_hand() -> None:
    """No capture is at hand: every unit, sign and rounding of the protocol facts in one document."""
    state = SiteReading(
        at_ms=1520261738417,
        frequency_hz=50.0,
        voltages_v=(236.2, 236.4, 234.4),
        channels=(
            channel(62.4, 0.81, import_j=21142.0),
            channel(-28.4, 0.52, export_j=9548.0),
            channel(68.4, 0.63, import_j=23188.0),
            channel(404.2, 3.36, import_j=137764.0),
            *[channel(-1.0, 0.03, export_j=341.0)] * 5,
        ),
    )
    assert Plus(CAPTURED, {}).realtime(state).decode() == (
        '{"totalPower":102,"totalReactivePower":30,"totalExportEnergy":9548,"totalImportEnergy":44330,'
        '"monitorStatus":0,"utcTimeStamp":1520261738417,"channelPowers":['
        '{"ctInput":0,"power":62,"exportEnergy":0,"importEnergy":21142,"phaseId":0,"current":8},'
        '{"ctInput":1,"power":-28,"exportEnergy":9548,"importEnergy":0,"phaseId":1,"current":5},'
        '{"ctInput":2,"power":68,"exportEnergy":0,"importEnergy":23188,"phaseId":2,"current":6},'
        '{"ctInput":3,"power":404,"exportEnergy":0,"importEnergy":137764,"phaseId":0,"current":34},'
        '{"ctInput":4,"power":-1,"exportEnergy":341,"importEnergy":0,"phaseId":1,"current":0},'
        '{"ctInput":5,"power":-1,"exportEnergy":341,"importEnergy":0,"phaseId":2,"current":0},'
        '{"ctInput":6,"power":-1,"exportEnergy":341,"importEnergy":0,"phaseId":0,"current":0},'
        '{"ctInput":7,"power":-1,"exportEnergy":341,"importEnergy":0,"phaseId":1,"current":0},'
        '{"ctInput":8,"power":-1,"exportEnergy":341,"importEnergy":0,"phaseId":2,"current":0}],'
        '"voltages":[{"voltage":236,"phaseId":0},{"voltage":236,"phaseId":1},{"voltage":234,"phaseId":2}]}'
    )


def channel(active_w: float, current_a: float, *, import_j: float = 0.0, export_j: float = 0.0) -> ChannelReading:
    """A CT's state with 10 var."""
    return ChannelReading(active_w, 10.0, math.hypot(active_w, 10.0), current_a, 1.0, import_j, export_j)
