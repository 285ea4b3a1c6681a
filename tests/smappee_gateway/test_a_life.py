"""The life of a host with its gateway, in any order that chance finds: nothing is raised, totals only grow.

`scripts/test tests/smappee_gateway/test_a_life.py --hypothesis-profile=million` lives through about a million events.
"""

import math
from typing import TypeGuard

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mqtt_schema.points import points
from mqtt_schema.quantities import Nature
from smappee_gateway.decoders.sensors import HIGHEST_PULSES
from smappee_gateway.freshness import Feed as State
from smappee_gateway.session import SessionMemory
from tests import genius, plus
from tests.feed import STALE_AFTER_S, Feed
from tests.genius import Ct

CHILD = "22222222-2222-3333-4444-555555555555"
NEIGHBOUR = "33333333-2222-3333-4444-555555555555"
LIFETIME_J = 36_000_000
HIGHEST_POWER_W = 11_000
MORE = (*genius.HOUSE, Ct(7, "Sauna", hub="5500000002", input=3))
REGROUPED = (Ct(4, "Heat pump", phase="B", hub="5500000002", input=0), *genius.HOUSE[:4], *genius.HOUSE[5:])

GAS = "3003000078_0"

powers = st.integers(-HIGHEST_POWER_W, HIGHEST_POWER_W)
absurd = st.sampled_from([0, -1, 2**31, 2**32 - 1, 2**63, 10**15, 10**300, None, "many", 0.5])


class Life(RuleBasedStateMachine):
    """Events of gateway, broker, host and user. `second` is the gateway's clock, `counted_j` its counters."""

    def __init__(self) -> None:
        super().__init__()
        self.feed = Feed()
        self.second = 0
        self.boots = 0
        self.counted_j = LIFETIME_J
        self.last: genius.Json | None = None
        self.seen: dict[str, float] = {}
        self.counted: dict[str, float] = {}

    @initialize()
    def meet(self) -> None:
        self.feed.introduce()
        self.feed.send("sensorConfig", plus.sensor_config(), retained=True)

    def measure(self, channels: list[dict[str, object]], elapsed_s: int = 1) -> None:
        self.second += elapsed_s
        self.feed.now += elapsed_s
        self.last = genius.realtime(channels, self.second)
        self.feed.send("realtime", self.last)

    def channels(self, grid_w: int = 0, solar_w: int = 0) -> list[dict[str, object]]:
        channels = genius.channels(self.counted_j, grid1=grid_w, roof=solar_w)
        return [*channels, genius.channel(7, 100, self.counted_j)]

    @rule(grid_w=powers, solar_w=powers, seconds=st.sampled_from([1, 1, 1, 2, 9, 45, 900, 90_000]))
    def live(self, grid_w: int, solar_w: int, seconds: int) -> None:
        self.counted_j += HIGHEST_POWER_W * min(seconds, 60)
        self.measure(self.channels(grid_w, solar_w), seconds)

    @rule(index=st.integers(0, 7), counter=st.sampled_from(["importEnergy", "exportEnergy"]), value=absurd)
    def garbage_in_one_counter(self, index: int, counter: str, value: object) -> None:
        channels = self.channels(500)
        channels[index] |= {counter: value}
        self.measure(channels)

    @rule(index=st.integers(0, 7))
    def one_channel_is_missing(self, index: int) -> None:
        channels = self.channels(500)
        del channels[index]
        self.measure(channels)

    @rule(payload=st.binary(max_size=60), name=st.sampled_from(["realtime", "config", "channelConfigV2", "aggregated"]))
    def garbage_on_a_topic(self, payload: bytes, name: str) -> None:
        self.feed.message(genius.topic(name), payload)

    @rule(resets=st.booleans())
    def the_gateway_boots(self, *, resets: bool) -> None:
        self.boots += 1
        self.second += 40
        self.counted_j = 0 if resets else self.counted_j
        self.feed.send("config", genius.config(boot_ms=genius.BOOT_MS + self.boots), retained=True)
        self.feed.send("channelConfigV2", genius.channel_config(), retained=True)

    @rule(cts=st.sampled_from([genius.HOUSE, MORE, REGROUPED, genius.HOUSE[:3]]), delta=st.booleans())
    def the_installation_changes(self, cts: tuple[Ct, ...], *, delta: bool) -> None:
        document = genius.channel_config(cts, "THREE_DELTA" if delta else "THREE_STAR")
        self.feed.send("channelConfigV2", document, retained=True)

    @rule(cts=st.sampled_from([plus.HOUSE, plus.HOUSE[:2]]))
    def the_gateway_speaks_as_a_plus(self, cts: tuple[plus.Ct, ...]) -> None:
        self.feed.send("channelConfig", plus.channel_config(cts), retained=True)
        self.second += 1
        self.feed.now += 1
        self.last = {**plus.running(self.second), "utcTimeStamp": genius.START_MS + 1000 * self.second}
        self.feed.send("realtime", self.last)

    @rule(
        ends=st.lists(st.integers(0, 700).map(lambda number: 300 * number) | st.none(), max_size=4),
        pulses=st.integers(0, 1000) | absurd,
        retained=st.booleans(),
    )
    def intervals_come_in_any_order(self, ends: list[int | None], pulses: object, *, retained: bool) -> None:
        before = self.feed.session.readings.meter_pulses.get(GAS, 0.0)
        intervals = [plus.gas_water(pulses, end) for end in ends]
        self.feed.send("aggregatedGW", {"gwIntervalDatas": intervals}, retained=retained)
        self.feed.send("aggregatedSwitch", {"switchIntervalDatas": [plus.switched(pulses, end) for end in ends]})
        counted = self.feed.session.readings.meter_pulses.get(GAS, 0.0) - before
        assert counted in {0.0} | {float(pulses) * times for times in range(len(ends) + 1) if _is_plausible(pulses)}

    @rule()
    def others_speak(self) -> None:
        self.feed.send("config", genius.config(location=CHILD, number=4712))
        self.feed.send("realtime", genius.powers(self.second, grid1=9000), CHILD)
        self.feed.send("config", genius.config("5010099999", NEIGHBOUR, number=1))
        self.feed.send("realtime", genius.powers(self.second, grid1=9000), NEIGHBOUR)

    @precondition(lambda self: self.last is not None)
    @rule()
    def the_last_message_comes_again(self) -> None:
        assert not self.feed.send("realtime", self.last)

    @rule(back_s=st.sampled_from([3, 7200]))
    def the_clock_is_turned_back(self, back_s: int) -> None:
        self.second -= back_s

    @rule(seconds=st.sampled_from([1.0, STALE_AFTER_S + 1]))
    def time_passes(self, seconds: float) -> None:
        self.feed.now += seconds
        self.feed.session.tick(self.feed.now)
        assert seconds <= STALE_AFTER_S or self.feed.session.feed is not State.FRESH

    @precondition(lambda self: self.feed.session.site.channels)
    @rule()
    def the_host_restarts(self) -> None:
        stored = msgspec.json.encode(self.feed.session.memory)
        self.feed = Feed(memory=msgspec.json.decode(stored, type=SessionMemory))
        self.feed.introduce()
        self.feed.send("sensorConfig", plus.sensor_config(), retained=True)

    @invariant()
    def totals_only_grow(self) -> None:
        session = self.feed.session
        for row, scope in points(session.site):
            value = row.value(session.site, session.readings, scope.id)
            assert not isinstance(value, float) or math.isfinite(value), row.key
            if row.nature is Nature.COUNTER and isinstance(value, float):
                name = f"{row.key} {scope.id}"
                assert value >= self.seen.get(name, 0.0), name
                self.seen[name] = value
        for name, counted in {**session.readings.meter_pulses, **session.readings.switch_energy_j}.items():
            assert math.isfinite(counted)
            assert counted >= self.counted.get(name, 0.0), name
            self.counted[name] = counted

    @invariant()
    def no_total_is_absurd(self) -> None:
        """No more than every load at its highest for all the time there was, and its lifetime before."""
        hours = (self.feed.session.memory.clock + 90_000) / 3600
        assert all(value <= 10 * LIFETIME_J / 3.6e6 + 100 * hours for value in self.seen.values())


def _is_plausible(pulses: object) -> TypeGuard[float]:
    return isinstance(pulses, int | float) and 0 <= pulses <= HIGHEST_PULSES


TestLife = Life.TestCase
