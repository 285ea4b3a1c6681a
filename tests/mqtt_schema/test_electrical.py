"""Derived figures, worked out by hand."""

import math

import msgspec
import pytest

from mqtt_schema import electrical
from mqtt_schema.model import Channel, Site
from mqtt_schema.quantities import Phase, Role, Topology
from mqtt_schema.readings import Readings
from mqtt_schema.wire.realtime import ChannelPower, CtPower

KEY = "hub_0"
SITE = Site(channels=(Channel(index=0, key=KEY, name="Oven", role=Role.LOAD, sends_apparent=True),))


def measured(**wire: object) -> Readings:
    """Of one CT on a Genius, as sent."""
    return Readings(channels={0: msgspec.convert({"publishIndex": 0, **wire}, ChannelPower)})


def test_powers_of_a_ct() -> None:
    readings = measured(power=-3, apparentPower=5, cosPhi=-60)
    assert electrical.channel_power(SITE, readings, KEY) == -3
    assert electrical.channel_apparent_power(SITE, readings, KEY) == 5
    assert electrical.channel_reactive_power(SITE, readings, KEY) == 4
    assert electrical.channel_power_factor(SITE, readings, KEY) == -60


def test_rounding_that_makes_p_larger_than_s_makes_no_error() -> None:
    assert electrical.channel_reactive_power(SITE, measured(power=242, apparentPower=241), KEY) == 0


def test_a_power_factor_of_noise_is_unknown() -> None:
    readings = measured(power=0, apparentPower=0, cosPhi=62)
    assert electrical.channel_power_factor(SITE, readings, KEY) is None
    assert electrical.power_factor(readings.channels[0]) is None


@pytest.mark.parametrize("wire", [{"power": 3}, {"apparentPower": 5}])
def test_reactive_power_needs_both_powers(wire: dict[str, object]) -> None:
    assert electrical.channel_reactive_power(SITE, measured(**wire), KEY) is None


def test_other_gateways_send_no_apparent_power() -> None:
    reading = msgspec.convert({"ctInput": 0, "power": 3}, CtPower)
    assert (reading.power_w, reading.apparent_va, reading.power_factor_percent) == (3, None, None)


@pytest.mark.parametrize(
    ("topology", "volts", "expected"),
    [
        (Topology.STAR, {Phase.L1: 230, Phase.L2: 230}, 230 * math.sqrt(3)),
        (Topology.STAR, {Phase.L1: 240, Phase.L2: 220}, math.sqrt(240**2 + 220**2 + 240 * 220)),
        (Topology.SPLIT_PHASE, {Phase.L1: 121, Phase.L2: 119}, 240),
        (Topology.STAR, {Phase.L1: 230}, None),
    ],
)
def test_voltage_between_two_lines(topology: Topology, volts: dict[Phase, float], expected: float | None) -> None:
    readings = Readings(voltage_v=volts)
    assert electrical.line_voltage(Site(topology=topology), readings, "L1-L2") == pytest.approx(expected)
