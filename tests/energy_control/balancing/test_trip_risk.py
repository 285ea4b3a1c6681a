"""The trip risk is that of the most sensitive breaker of IEC 60898-1, and no less than a witness from outside says."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_control.balancing import trip_risk
from simulator.house.breaker import Bimetal, Curve, Edge


def seconds_until_it_trips(ratio: float, *, begin: float = 0.0, most_s: int = 7200) -> float | None:
    warmth = begin
    for second in count(1):
        warmth = trip_risk.warmed(warmth, ratio, 1.0)
        if trip_risk.risk(warmth) >= 1.0:
            return float(second)
        if second >= most_s:
            return None
    return None


def test_it_never_trips_at_the_current_that_must_not_trip() -> None:
    assert seconds_until_it_trips(1.129) is None


def test_it_trips_within_an_hour_at_the_current_that_must_trip() -> None:
    assert (seconds_until_it_trips(1.45) or 1e9) <= 3600.0


def test_it_takes_a_second_from_cold_at_two_and_a_half_times_the_rating() -> None:
    warmth = trip_risk.warmed(0.0, 2.55, 0.999)
    assert trip_risk.risk(warmth) < 1.0
    assert trip_risk.risk(trip_risk.warmed(warmth, 2.55, 0.002)) == pytest.approx(1.0, abs=0.01)


def test_the_rating_itself_is_no_risk() -> None:
    assert trip_risk.risk(trip_risk.warmed(1.0, 1.0, 1e6)) == 0.0


@given(st.lists(st.floats(0.0, 2.9), min_size=1, max_size=300))
def test_it_warns_before_the_most_nervous_breaker_of_the_simulator_trips(ratios: list[float]) -> None:
    witness, warmth, highest = Bimetal(25.0, Curve.B, Edge.FAST), 0.0, 0.0
    for second, ratio in enumerate(ratios):
        warmth = trip_risk.warmed(warmth, ratio, 1.0)
        highest = max(highest, trip_risk.risk(warmth))
        witness.warm(ratio, float(second), 1.0)
        assert highest >= 0.95 or witness.tripped_at_s is None


@given(st.floats(0.0, 10.0), st.floats(0.0, 5.0), st.floats(0.0, 1e6))
def test_warmth_lies_between_where_it_was_and_where_it_goes(warmth: float, ratio: float, elapsed_s: float) -> None:
    after = trip_risk.warmed(warmth, ratio, elapsed_s)
    assert min(warmth, ratio**2) - 1e-6 <= after <= max(warmth, ratio**2) + 1e-6
