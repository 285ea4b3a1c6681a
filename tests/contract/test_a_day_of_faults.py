"""A simulated day in which everything goes wrong that can, at random times: our totals beside the true meter."""

import math
import tracemalloc
from datetime import UTC, datetime
from random import Random

import pytest

from mqtt_schema.points import points
from mqtt_schema.quantities import Nature
from simulator import FAULTS, SITES, Gateway, House
from tests.feed import Feed

HOUR_S = 3600
DAY_S = 24 * HOUR_S
MIDSUMMER = datetime(2026, 6, 21, tzinfo=UTC)
SETTLED_S = 5 * HOUR_S
ALLOWED_GROWTH_BYTES = 1_000_000


class Totals:
    """Every total that people see, with the promise that none moves backwards."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.last: dict[str, float] = {}

    def check(self) -> None:
        session = self.feed.session
        for row, scope in points(session.site):
            value = row.value(session.site, session.readings, scope.id)
            if row.nature is Nature.COUNTER and isinstance(value, float):
                name = f"{row.key} {scope.id}"
                assert math.isfinite(value)
                assert value >= self.last.get(name, 0.0), name
                self.last[name] = value


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.timeout(300)
def test_totals_are_right_nothing_turns_back_and_memory_stays_flat(seed: int) -> None:
    gateway = Gateway(House(SITES["home"], seed=seed, start=MIDSUMMER), seed=seed)
    rng = Random(seed)
    for fault in FAULTS:
        gateway.inject(fault, after_s=rng.uniform(HOUR_S, 23 * HOUR_S))
    feed = Feed(SITES["home"].identity.serial_number)
    totals, meter = Totals(feed), gateway.house.meter
    at_first: tuple[float, ...] = ()
    settled_bytes = 0
    for second in range(DAY_S):
        feed.now += 1
        for message in gateway.step():
            feed.message(message.topic, message.payload, retained=message.retain)
        feed.session.tick(feed.now)
        if second % 60 == 0:
            totals.check()
        if not at_first and feed.session.readings.site_energy.import_j is not None:
            at_first = (meter.import_j, meter.export_j, meter.house_j)
        if second == SETTLED_S:
            tracemalloc.start()
            settled_bytes = tracemalloc.get_traced_memory()[0]
        if second == SETTLED_S + HOUR_S:
            grown_bytes = tracemalloc.get_traced_memory()[0] - settled_bytes
            tracemalloc.stop()
            assert grown_bytes < ALLOWED_GROWTH_BYTES

    assert gateway.occurred == dict.fromkeys(FAULTS, 1)
    energy = feed.session.readings.site_energy
    true = [end - begin for end, begin in zip((meter.import_j, meter.export_j, meter.house_j), at_first, strict=True)]
    assert (energy.import_j, energy.export_j, energy.house_j) == pytest.approx(true, rel=0.005)
