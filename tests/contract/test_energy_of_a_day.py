"""A simulated day, second by second: our import and export beside the simulator's true meter.

The meter nets the phases at each instant and knows nothing of CTs, counters or messages. On the way the host is away
for two minutes, the gateway restarts with its counters at zero, and one counter value is garbage.
"""

from datetime import UTC, datetime

import pytest

from simulator import SITES, Fault, Gateway, House
from tests.feed import Feed

HOUR_S = 3600
GAP_S = range(11 * HOUR_S, 11 * HOUR_S + 120)
MIDSUMMER = datetime(2026, 6, 21, tzinfo=UTC)


@pytest.mark.parametrize("site", ["one-phase-solar", "delta-two-ct"])
@pytest.mark.timeout(300)
def test_import_and_export_are_those_of_the_meter(site: str) -> None:
    gateway = Gateway(House(SITES[site], seed=3, start=MIDSUMMER), seed=3)
    gateway.inject(Fault.COUNTER_RESET, after_s=14 * HOUR_S)
    gateway.inject(Fault.GARBAGE_COUNTER, after_s=16 * HOUR_S)
    feed = Feed(SITES[site].identity.serial_number)
    meter = gateway.house.meter
    at_first: tuple[float, ...] = ()
    energy = feed.session.memory.site_energy.totals
    for second in range(24 * HOUR_S):
        feed.now += 1
        messages = gateway.step()
        if second not in GAP_S:
            for message in messages:
                feed.message(message.topic, message.payload)
        if not at_first and energy.import_j is not None:
            at_first = (meter.import_j, meter.export_j, meter.house_j, meter.solar_j)

    assert gateway.occurred == {Fault.COUNTER_RESET: 1, Fault.GARBAGE_COUNTER: 1}
    assert feed.session.ignored_counter_values == 1
    assert energy.approximated
    ours = (energy.import_j, energy.export_j, energy.house_j, energy.solar_j)
    true = (meter.import_j, meter.export_j, meter.house_j, meter.solar_j)
    assert ours == pytest.approx([end - begin for end, begin in zip(true, at_first, strict=True)], rel=0.005)
