"""Grid, solar and house energy, as the meter of the house would count them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtt_schema.readings import SiteEnergy
from smappee_gateway.session import SessionMemory
from tests import genius
from tests.feed import Feed

WH = 3600
START_J = 36_000_000


type Grown = dict[int, tuple[int, int]]
"""What counters have counted since the start: channel index to import and export, J."""


def measured(second: float, grown: Grown | None = None, missing: int | None = None, **powers: int) -> genius.Json:
    """`genius.HOUSE` at a second, powers by name."""
    channels = genius.channels(START_J, **powers)
    for index, (imported, exported) in (grown or {}).items():
        channels[index] |= {"importEnergy": START_J + imported, "exportEnergy": exported}
    return genius.realtime([entry for entry in channels if entry["publishIndex"] != missing], second)


@pytest.fixture
def feed() -> Feed:
    feed = Feed()
    feed.introduce()
    return feed


def totals(feed: Feed) -> SiteEnergy:
    return feed.session.readings.site_energy


def test_nothing_is_known_before_the_first_measurement(feed: Feed) -> None:
    assert totals(feed) == SiteEnergy()


def test_phases_are_netted_at_each_instant(feed: Feed) -> None:
    for second in range(0, 3601, 10):
        feed.second(measured(second, grid1=-3400, grid2=600, grid3=600, roof=4000))
    assert totals(feed).export_j == 2200 * 3600
    assert totals(feed).import_j == 0
    assert totals(feed).solar_j == 4000 * 3600
    assert totals(feed).house_j == 1800 * 3600


def test_import_and_export_are_kept_apart(feed: Feed) -> None:
    for second in range(11):
        feed.second(measured(second, grid1=1000 if second % 2 else -400))
    assert totals(feed).import_j == 5 * 1000
    assert totals(feed).export_j == 5 * 400


def test_a_message_without_a_grid_channel_is_covered_by_the_next(feed: Feed) -> None:
    feed.second(measured(0, grid1=1000))
    feed.second(measured(1, missing=2, grid1=1000))
    assert feed.session.readings.site_power.grid_w is None
    assert totals(feed).import_j == 0
    feed.second(measured(2, grid1=1000))
    assert totals(feed).import_j == 2000


def test_a_silent_inverter_does_not_stop_the_grid(feed: Feed) -> None:
    for second in range(11):
        feed.second(measured(second, missing=3, grid1=500))
    assert totals(feed).import_j == 5000
    assert totals(feed).solar_j is None
    assert totals(feed).house_j is None


def test_a_house_without_solar_uses_what_it_imports() -> None:
    feed = Feed()
    feed.introduce(genius.channel_config(genius.HOUSE[:3]))
    for second in range(11):
        feed.second(genius.realtime([genius.channel(index, 100, START_J) for index in range(3)], second))
    assert totals(feed).house_j == totals(feed).import_j == 3000
    assert totals(feed).solar_j is None


def test_noise_around_zero_never_turns_the_house_back(feed: Feed) -> None:
    highest = 0.0
    for second, noise in enumerate([0, 5, -5, -5, 5, 5, 5]):
        feed.second(measured(second, grid1=noise))
        house_j = totals(feed).house_j
        assert house_j is not None
        assert house_j >= highest
        highest = house_j
    assert highest == 10


def test_an_impossible_power_is_unknown(feed: Feed) -> None:
    feed.second(measured(0, grid1=1000))
    feed.second(measured(1, grid1=900_000))
    assert feed.session.readings.site_power.grid_w is None
    feed.second(measured(2, grid1=1000))
    assert totals(feed).import_j == 2000


def test_a_short_gap_is_bridged_by_the_powers_at_its_ends(feed: Feed) -> None:
    feed.second(measured(0, grid1=1000))
    feed.second(measured(40, grid1=2000))
    assert totals(feed).import_j == 40 * 1500
    assert totals(feed).approximated


def test_a_long_gap_is_filled_by_the_net_of_the_counters(feed: Feed) -> None:
    feed.second(measured(0, grid1=1000))
    feed.second(measured(1, grid1=1000))
    gap = {0: (500 * WH, 0), 1: (0, 200 * WH), 3: (100 * WH, 0)}
    feed.second(measured(3601, gap, grid1=1000))
    assert totals(feed).import_j == 1000 + 300 * WH
    assert totals(feed).export_j == 0
    assert totals(feed).house_j == 1000 + 400 * WH
    assert totals(feed).approximated


def test_after_a_gap_a_doubtful_counter_is_waited_for(feed: Feed) -> None:
    feed.second(measured(0, grid1=1000))
    feed.second(measured(1, grid1=1000))
    feed.second(measured(3601, {0: (10**15, 0)}, grid1=1000))
    assert totals(feed).import_j == 1000
    feed.second(measured(3602, {0: (500 * WH, 0)}, grid1=1000))
    assert totals(feed).import_j == 1000 + 500 * WH


def test_a_counter_that_never_clears_up_is_not_waited_for_for_ever(feed: Feed) -> None:
    feed.second(measured(0, grid1=1000))
    feed.second(measured(1, grid1=1000))
    for second in range(3601, 3621):
        feed.second(measured(second, {0: (10**15 * (second % 7 + 2), 0)}, grid1=1000))
    grown = totals(feed).import_j
    feed.second(measured(3621, {0: (500 * WH, 0)}, grid1=1000))
    assert grown is not None
    assert 1000 < grown <= 1000 + 20 * 1000
    assert totals(feed).import_j == grown + 1000


def test_a_restart_of_the_host_is_a_gap(feed: Feed) -> None:
    feed.second(measured(0, grid1=1000))
    feed.second(measured(10, grid1=1000))
    memory = msgspec.convert(msgspec.to_builtins(feed.session.memory), SessionMemory)
    restarted = Feed(memory=memory)
    restarted.introduce()
    assert totals(restarted).import_j == 10_000
    restarted.second(measured(7210, {0: (3000 * WH, 0)}, grid1=1000))
    restarted.second(measured(7211, {0: (3000 * WH, 0)}, grid1=1000))
    assert totals(restarted).import_j == 10_000 + 3000 * WH + 1000


def test_a_boot_with_a_counter_reset_adds_nothing_but_the_bridge(feed: Feed) -> None:
    for second in range(3):
        feed.second(measured(second, grid1=900))
    feed.send("config", genius.config(boot_ms=genius.BOOT_MS + 1))
    reset = dict.fromkeys(range(7), (-START_J, 0))
    feed.second(measured(42, reset, grid1=900))
    feed.second(measured(43, reset, grid1=900))
    assert totals(feed).import_j == 43 * 900


powers = st.integers(-30_000, 30_000)


@given(st.lists(st.tuples(st.sampled_from([1, 2, 30, 500, -5, -5000]), powers, powers), min_size=1))
def test_no_total_moves_backwards(story: list[tuple[int, int, int]]) -> None:
    feed, second = Feed(), 10_000
    feed.introduce()
    before = [0.0] * 4
    for elapsed, grid, solar in story:
        second += elapsed
        feed.second(measured(second, grid1=grid, roof=solar))
        now = totals(feed)
        after = [total or 0.0 for total in (now.import_j, now.export_j, now.solar_j, now.house_j)]
        assert all(later >= earlier for earlier, later in zip(before, after, strict=True))
        before = after
