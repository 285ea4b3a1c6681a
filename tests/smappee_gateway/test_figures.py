"""What `watch` derives: the size of the reactive power, the power factor, voltages between lines."""

import pytest

from mqtt_schema.electrical import power_factor, reactive_var
from mqtt_schema.quantities import Phase, Topology
from mqtt_schema.readings import Readings
from mqtt_schema.wire.realtime import ChannelPower
from smappee_gateway.cli.figures import figures, line_to_line_v
from tests import genius
from tests.feed import Feed


@pytest.mark.parametrize(
    ("topology", "phase", "volt"),
    [
        (Topology.STAR, Phase.L1, 398.4),
        (Topology.STAR, None, None),
        (Topology.SPLIT_PHASE, Phase.L1, 460.0),
        (Topology.SPLIT_PHASE, Phase.L2, 460.0),
        (Topology.DELTA, Phase.L1, 230.0),
        (Topology.SINGLE_PHASE, Phase.L1, None),
        (Topology.UNKNOWN, Phase.L2, None),
    ],
)
def test_the_voltage_between_lines_follows_from_the_supply(
    topology: Topology, phase: Phase | None, volt: float | None
) -> None:
    readings = Readings(voltage_v={Phase.L1: 230.0, Phase.L2: 230.0})
    assert line_to_line_v(phase, readings, topology) == pytest.approx(volt, abs=0.1)


def test_a_missing_line_makes_the_voltage_unknown() -> None:
    readings = Readings(voltage_v={Phase.L1: 230.0})
    for topology in (Topology.STAR, Topology.SPLIT_PHASE):
        assert line_to_line_v(Phase.L1, readings, topology) is None


def test_reactive_power_has_a_size_only_and_no_power_has_no_factor() -> None:
    reading = ChannelPower(index=0, power_w=-300, apparent_va=500, power_factor_percent=-60)
    assert (reactive_var(reading), power_factor(reading)) == (400, -0.6)
    rounded = ChannelPower(index=0, power_w=5, apparent_va=4, power_factor_percent=99)
    assert reactive_var(rounded) == 0
    idle = ChannelPower(index=0, power_w=0, apparent_va=0, power_factor_percent=62)
    assert (reactive_var(idle), power_factor(idle)) == (0, None)
    assert reactive_var(ChannelPower(index=0)) is None


def test_a_missing_channel_still_has_its_voltage() -> None:
    feed = Feed()
    feed.introduce()
    feed.second(genius.realtime(genius.channels()[1:], 1))
    shown = figures(feed.session.site.channels[0], feed.session.readings, Topology.STAR)
    assert (shown.power_w, shown.line_to_neutral_v) == (None, 230)
