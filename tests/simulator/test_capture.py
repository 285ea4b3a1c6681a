"""The public Genius capture: fed with its physical state, the simulator writes the same documents, byte for byte."""

import json
import math

from simulator import House
from simulator.gateway.genius import Genius
from simulator.gateway.message import compact
from simulator.gateway.plugs import Plugs, plug_state
from simulator.gateway.presence import presence
from simulator.gateway.reading import ChannelReading, SiteReading
from simulator.sites.table import CAPTURED, SINGLE
from tests import captures
from tests.simulator.living import MIDSUMMER_NOON, new_gateway


def captured(name: str) -> bytes:
    """A capture in the white space of the wire."""
    return compact(json.loads(captures.captured(f"genius-{name}.json")))


def channel(
    active_w: float, apparent_va: float, voltage_v: float, watt_hours: tuple[int, int], *, leads: bool = False
) -> ChannelReading:
    """A CT's state from what a meter beside it would show; `watt_hours` are import and export."""
    reactive_var = math.sqrt(apparent_va**2 - active_w**2)
    return ChannelReading(
        active_power_w=active_w,
        reactive_power_var=-reactive_var if leads else reactive_var,
        apparent_power_va=apparent_va,
        current_a=apparent_va / voltage_v,
        power_factor=active_w / apparent_va,
        import_energy_j=watt_hours[0] * 3600.0 + 1234.5,
        export_energy_j=watt_hours[1] * 3600.0 + 3599.0,
    )


ENTRIES = Plugs(House(CAPTURED, start=MIDSUMMER_NOON)).entries()

# The site on 22 January 2021 at 14:51:49 UTC: volts of the wires each CT is measured on, powers with the decimals that
# the wire cannot show.
PHYSICAL_STATE = SiteReading(
    at_ms=1611327109000,
    frequency_hz=50.020624,
    voltages_v=(230.1, 231.2, 0.0),
    channels=(
        channel(237.0, 240.8, 231.2, (4356871, 13698), leads=True),
        channel(-356.0, 418.3, 230.1, (4172901, 210674)),
        channel(28.0, 160.0, 230.1, (5627759, 2994657)),
        channel(-83.0, 300.0, 231.2, (11182125, 1461629), leads=True),
        channel(0.2, 0.32, 230.1, (2276571, 297)),
        channel(6.51, 20.45, 231.2, (3975088, 44)),
        channel(-36.6, 46.2, 231.2, (1207547, 198025)),
        channel(1.6, 6.1, 231.2, (462886, 49118), leads=True),
        channel(-5.0, 8.0, 230.1, (3643954, 15439), leads=True),
        channel(10.9, 12.3, 231.2, (276159, 143579)),
        channel(6.2, 7.2, 230.1, (169044, 29350)),
        channel(79.0, 165.0, 232.0, (1143686, 16491)),
    ),
)


def test_realtime_equals_the_capture() -> None:
    assert Genius(CAPTURED, ENTRIES).realtime(PHYSICAL_STATE) == captured("realtime")


def test_channel_config_equals_the_capture() -> None:
    assert Genius(CAPTURED, ENTRIES).channel_config(1610744704280) == captured("channelConfigV2-2021-01")


def test_config_equals_the_capture() -> None:
    assert Genius(CAPTURED, ENTRIES).config(1610744701087) == captured("config")


def test_sensor_config_equals_the_capture() -> None:
    assert Genius(CAPTURED, ENTRIES).sensor_config(1610744701956) == captured("sensorConfig")


def test_home_control_config_equals_the_capture() -> None:
    assert Genius(CAPTURED, ENTRIES).home_control_config(1610744704040) == captured("homeControlConfig")


def test_plug_state_and_presence_equal_the_capture() -> None:
    assert plug_state(on=False, since_ms=1611296368404) == captured("plug-1-state")
    assert presence(somebody=False) == captured("presence")


def test_a_living_gateway_writes_realtime_with_the_keys_of_the_capture() -> None:
    gateway = new_gateway("captured", start=MIDSUMMER_NOON)
    payload = [gateway.step() for _ in range(5)][-1][-1].payload
    assert _shape(json.loads(payload)) == _shape(json.loads(captured("realtime")))


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return [(key, _shape(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    return type(value)


def test_realtime_of_a_flat_written_by_hand() -> None:
    """The same promise without the captures: every unit, sign and rounding in one document."""
    state = SiteReading(
        at_ms=1782036000000,
        frequency_hz=49.9871239,
        voltages_v=(229.6,),
        channels=(
            channel(-1499.6, 1502.0, 229.6, (1000, 500), leads=True),
            channel(1850.2, 1851.0, 229.6, (2000, 1), leads=True),
            channel(2.4, 4.4, 229.6, (3, 0), leads=True),
            channel(0.0, 1.0, 229.6, (4, 0)),
            channel(311.7, 315.0, 229.6, (5, 0)),
        ),
    )
    assert Genius(SINGLE, {}).realtime(state).decode() == (
        '{"totalPower":351,"totalReactivePower":-139,"totalExportEnergy":1803600,"totalImportEnergy":10843200,'
        '"monitorStatus":0,"utcTimeStamp":1782036000000,"measuredFrequency":49987124,"channelPowers":['
        '{"publishIndex":0,"formula":"$5500001131/0$","power":-1500,"exportEnergy":1800000,"importEnergy":3600000,'
        '"phaseId":0,"current":65,"apparentPower":1502,"cosPhi":-99},'
        '{"publishIndex":1,"formula":"$5500001131/1$","power":1850,"exportEnergy":3600,"importEnergy":7200000,'
        '"phaseId":0,"current":81,"apparentPower":1851,"cosPhi":99},'
        '{"publishIndex":2,"formula":"$5500001131/2$","power":2,"exportEnergy":0,"importEnergy":10800,'
        '"phaseId":0,"current":0,"apparentPower":4,"cosPhi":54},'
        '{"publishIndex":3,"formula":"$5500001131/3$","power":0,"exportEnergy":0,"importEnergy":14400,'
        '"phaseId":0,"current":0,"apparentPower":1,"cosPhi":0},'
        '{"publishIndex":4,"formula":"$5500001132/0$","power":312,"exportEnergy":0,"importEnergy":18000,'
        '"phaseId":0,"current":14,"apparentPower":315,"cosPhi":98}],'
        '"voltages":[{"voltage":230,"phaseId":0}]}'
    )
