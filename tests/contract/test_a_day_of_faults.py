"""A simulated day in which everything goes wrong that can, at random times: our totals beside the true meter."""

import math
import tracemalloc
from datetime import UTC, datetime
from random import Random

import pytest

from mqtt_schema.points import points
from mqtt_schema.quantities import Nature
from simulator import FAULTS, SITES, Fault, Gateway, House
from tests.feed import Feed

HOUR_S = 3600
DAY_S = 24 * HOUR_S
MIDSUMMER = datetime(2026, 6, 21, tzinfo=UTC)
SETTLED_S = 5 * HOUR_S
ALLOWED_GROWTH_BYTES = 1_000_000
WITHOUT = {"solar-single": {Fault.LATE_BACKLOG}}
"""Faults that need a message a gateway is not known to send."""


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


class Truth:
    """What the true meter has counted since our totals began, of what the gateway measures."""

    def __init__(self, gateway: Gateway, feed: Feed) -> None:
        self._meter, self._feed = gateway.house.meter, feed
        self._begin: dict[str, float] = {}

    def begin(self) -> None:
        """Note where the meter stood when a total was first known."""
        for name in self.measured().keys() - self._begin:
            self._begin[name] = self._counted()[name]

    def measured(self) -> dict[str, float]:
        energy = self._feed.session.readings.site_energy
        ours = {"import": energy.import_j, "export": energy.export_j, "house": energy.house_j, "solar": energy.solar_j}
        return {name: total for name, total in ours.items() if total is not None}

    def meant(self) -> dict[str, float]:
        return {name: self._counted()[name] - begin for name, begin in self._begin.items()}

    def _counted(self) -> dict[str, float]:
        meter = self._meter
        return {"import": meter.import_j, "export": meter.export_j, "house": meter.house_j, "solar": meter.solar_j}


@pytest.mark.parametrize(("site", "seed"), [("home", 1), ("plus-star", 2), ("solar-single", 1)])
@pytest.mark.timeout(300)
def test_totals_are_right_nothing_turns_back_and_memory_stays_flat(site: str, seed: int) -> None:
    gateway = Gateway(House(SITES[site], seed=seed, start=MIDSUMMER), seed=seed)
    faults = [fault for fault in FAULTS if site not in WITHOUT or fault not in WITHOUT[site]]
    rng = Random(seed)
    for fault in faults:
        gateway.inject(fault, after_s=rng.uniform(HOUR_S, 23 * HOUR_S))
    feed = Feed(SITES[site].identity.serial_number)
    totals, truth = Totals(feed), Truth(gateway, feed)
    settled_bytes = 0
    for second in range(DAY_S):
        feed.now += 1
        for message in gateway.step():
            feed.message(message.topic, message.payload, retained=message.retain)
        feed.session.tick(feed.now)
        truth.begin()
        if second % 60 == 0:
            totals.check()
        if second == SETTLED_S:
            tracemalloc.start()
            settled_bytes = tracemalloc.get_traced_memory()[0]
        if second == SETTLED_S + HOUR_S:
            grown_bytes = tracemalloc.get_traced_memory()[0] - settled_bytes
            tracemalloc.stop()
            assert grown_bytes < ALLOWED_GROWTH_BYTES

    assert gateway.occurred == dict.fromkeys(faults, 1)
    assert truth.measured() == pytest.approx(truth.meant(), rel=0.005)
