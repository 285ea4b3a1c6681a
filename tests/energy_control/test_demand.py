"""Quarter-hour demand beside a meter that adds up every second."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_control.demand import QUARTER_S, Demand, Reading, Registers, Settings, State, answer, step

BELGIUM = Settings(time_zone="Europe/Brussels")
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp()
HOUR_S = 3600


class House:
    """A grid connection that is read when a test wants; the total is that of a meter."""

    def __init__(self, at: float = NOON, settings: Settings = BELGIUM) -> None:
        self.at = at
        self.import_j = 5e9
        self.settings = settings
        self.state = State()
        self.demand = Demand()
        self.read(0)

    def read(self, grid_w: float) -> None:
        self.state, self.demand = step(
            self.state, Reading(at=self.at, import_j=self.import_j, grid_w=grid_w), self.settings
        )

    def live(self, seconds: float, grid_w: float, *, every_s: float = 1.0) -> None:
        for _ in range(round(seconds / every_s)):
            self.at += every_s
            self.import_j += max(grid_w, 0.0) * every_s
            self.read(grid_w)

    def be_away(self, seconds: float, grid_w: float) -> None:
        """Use energy while nobody reads."""
        self.at += seconds
        self.import_j += max(grid_w, 0.0) * seconds
        self.read(grid_w)


def settled(at: float = NOON) -> House:
    """At the very beginning of a quarter, which was seen."""
    house = House(at - 10)
    house.live(10, 0)
    return house


def test_nothing_is_known_before_a_quarter_has_begun() -> None:
    house = House(NOON + 100)
    house.live(700, 2000)
    assert house.demand == Demand()


def test_the_meter_shows_what_was_used_spread_over_the_whole_quarter() -> None:
    house = settled()
    assert house.demand.so_far_w == 0
    house.live(300, 3000)
    assert house.demand.so_far_w == pytest.approx(1000)
    house.live(600, 0)
    assert house.demand.so_far_w == 0
    assert house.demand.month_peak_w == pytest.approx(1000)


def test_the_forecast_goes_on_with_the_last_minute() -> None:
    house = settled()
    house.live(450, 1000)
    assert house.demand.forecast_w == pytest.approx(1000, rel=0.01)
    house.live(300, 4000)
    assert house.demand.forecast_w == pytest.approx((450 * 1000 + 300 * 4000 + 150 * 4000) / 900, rel=0.01)


def test_export_is_no_negative_import() -> None:
    house = settled()
    house.live(450, 4000)
    house.live(450, -4000)
    assert house.demand.month_peak_w == pytest.approx(2000)
    assert house.demand.forecast_w == pytest.approx(0, abs=20)


def test_the_highest_quarter_of_the_month_stays() -> None:
    house = settled()
    for power in (1000, 6000, 3000):
        house.live(QUARTER_S, power)
    assert house.demand.month_peak_w == pytest.approx(6000)


def test_a_quarter_that_was_entered_in_the_middle_sets_no_peak() -> None:
    house = House(NOON + 450)
    house.live(450, 9000)
    house.live(QUARTER_S, 1000)
    assert house.demand.month_peak_w == pytest.approx(1000)


def test_a_hole_within_a_quarter_is_filled_by_the_total() -> None:
    house = settled()
    house.live(100, 1000)
    house.be_away(700, 5000)
    house.live(100, 1000)
    assert house.demand.month_peak_w == pytest.approx((200 * 1000 + 700 * 5000) / 900)


@pytest.mark.parametrize("hole_s", [61, 400, 3 * QUARTER_S, 40 * HOUR_S])
def test_a_quarter_whose_end_was_not_seen_sets_no_peak_and_neither_does_the_next(hole_s: float) -> None:
    house = settled()
    house.live(870, 1000)
    house.be_away(hole_s, 9000)
    assert house.demand == Demand()
    house.live(QUARTER_S - house.at % QUARTER_S, 9000)
    assert house.demand.month_peak_w is None
    house.live(QUARTER_S, 500)
    assert house.demand.month_peak_w == pytest.approx(500)


def test_a_short_hole_at_the_end_is_shared_between_both_quarters() -> None:
    house = settled()
    house.live(880, 1000)
    house.be_away(40, 1000)
    house.live(880, 1000)
    assert house.demand.month_peak_w == pytest.approx(1000)


def test_months_begin_in_the_time_zone_of_the_house() -> None:
    """In Brussels December begins at 23:00 UTC."""
    house = settled(datetime(2026, 11, 30, 22, 45, tzinfo=UTC).timestamp())
    house.live(QUARTER_S, 5000)
    assert house.demand.month_peak_w is None
    assert house.state.peak_w == {"2026-11": pytest.approx(5000)}
    house.live(QUARTER_S, 3000)
    assert house.demand.month_peak_w == pytest.approx(3000)


def test_each_month_is_billed_at_least_the_least() -> None:
    house = settled()
    house.live(QUARTER_S, 500)
    assert house.demand.billed_w == 2500
    house.live(QUARTER_S, 4000)
    assert house.demand.billed_w == pytest.approx(4000)


def test_twelve_months_are_billed_and_older_ones_are_forgotten() -> None:
    months = {f"2025-{month:02}": 10_000.0 for month in range(1, 13)}
    house = settled()
    house.state = msgspec.structs.replace(house.state, peak_w=months)
    house.live(QUARTER_S, 4000)
    assert list(house.state.peak_w) == ["2025-12", "2026-11"]
    assert house.demand.billed_w == pytest.approx(7000)


@pytest.mark.parametrize("seconds", [0.0, -1.0, -9.9])
def test_a_late_reading_changes_nothing(seconds: float) -> None:
    house = settled()
    house.live(100, 1000)
    before = house.state
    house.state, _ = step(
        before, Reading(at=house.at + seconds, import_j=house.import_j, grid_w=99_000), house.settings
    )
    assert house.state == before


def test_a_clock_that_was_turned_back_begins_anew_and_keeps_the_peaks() -> None:
    house = settled()
    house.live(QUARTER_S, 3000)
    house.at -= 7 * HOUR_S
    house.read(0)
    assert house.demand == Demand(month_peak_w=house.demand.month_peak_w, billed_w=house.demand.billed_w)
    assert house.demand.month_peak_w == pytest.approx(3000)
    house.live(2 * QUARTER_S, 100)
    assert house.demand.so_far_w is not None


def test_a_total_that_was_lost_begins_anew() -> None:
    house = settled()
    house.live(100, 1000)
    house.import_j = 0.0
    house.at += 1
    house.read(1000)
    assert house.demand == Demand()


def test_the_state_survives_a_restart() -> None:
    house = settled()
    house.live(450, 3000)
    house.state = msgspec.convert(msgspec.to_builtins(house.state), State)
    house.live(450, 1000)
    assert house.demand.month_peak_w == pytest.approx(2000)


def test_the_registers_of_the_meter_win() -> None:
    house = settled()
    house.live(QUARTER_S + 450, 3000)
    registers = Registers(average_w=1600, average_at=house.at, month_peak_w=4100, billed_w=3900)
    told = answer(house.state, BELGIUM, registers)
    assert (told.so_far_w, told.month_peak_w, told.billed_w) == (1600, 4100, 3900)
    assert told.forecast_w == pytest.approx(1600 + 1500, rel=0.01)


def test_what_the_meter_does_not_tell_is_our_own() -> None:
    house = settled()
    house.live(QUARTER_S + 450, 3000)
    assert answer(house.state, BELGIUM, Registers()) == house.demand
    only_peak = answer(house.state, BELGIUM, Registers(month_peak_w=4100))
    assert only_peak == msgspec.structs.replace(house.demand, month_peak_w=4100)


def test_with_the_average_of_the_meter_there_is_a_forecast_in_a_quarter_that_was_entered_late() -> None:
    house = House(NOON + 400)
    house.live(50, 3000)
    assert house.demand.forecast_w is None
    told = answer(house.state, BELGIUM, Registers(average_w=2000, average_at=house.at))
    assert told.forecast_w == pytest.approx(2000 + house.state.recent_w / 2)


def test_no_forecast_starts_from_the_average_of_the_quarter_before() -> None:
    house = settled()
    house.live(QUARTER_S + 2, 3000)
    late = Registers(average_w=3000, average_at=house.at - 5)
    told = answer(house.state, BELGIUM, late)
    assert told.so_far_w == 3000
    assert told.forecast_w == house.demand.forecast_w
    assert answer(State(), BELGIUM, late) == Demand()


powers = st.lists(st.tuples(st.integers(1, 400), st.integers(-9000, 9000)), min_size=10, max_size=60)


@given(powers, st.sampled_from([1.0, 2.0, 5.0]))
def test_the_peak_is_that_of_a_meter_that_adds_up_every_second(spells: list[tuple[int, int]], every_s: float) -> None:
    house = settled()
    watts = [power for count, power in spells for _ in range(round(count * every_s))]
    for count, power in spells:
        house.live(count * every_s, power, every_s=every_s)
    assert house.demand.month_peak_w == pytest.approx(highest_quarter(watts), rel=1e-6)


def highest_quarter(watts: list[int]) -> float | None:
    """Of one value a second, from the begin of a quarter."""
    quarters = [watts[begin : begin + 900] for begin in range(0, len(watts), 900)]
    return max((mean(max(watt, 0) for watt in quarter) for quarter in quarters if len(quarter) == 900), default=None)


def mean(values: Iterable[float]) -> float:
    return sum(values) / 900
