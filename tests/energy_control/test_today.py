"""Self-consumption and self-sufficiency of a day, worked out by hand."""

from datetime import UTC, datetime

import msgspec
import pytest

from energy_control.today import Shares, State, Totals, step

BRUSSELS = "Europe/Brussels"
MORNING = datetime(2026, 6, 21, 6, tzinfo=UTC).timestamp()
EVENING = datetime(2026, 6, 21, 20, tzinfo=UTC).timestamp()
MIDNIGHT = datetime(2026, 6, 21, 22, tzinfo=UTC).timestamp()
"""In Brussels."""


def totals(at: float, export: float = 0, solar: float = 0, house: float = 0) -> Totals:
    """Energies beside what was counted in the years before."""
    return Totals(at=at, export_j=1e9 + export, solar_j=3e9 + solar, house_j=2e9 + house)


def through(*moments: Totals, state: State | None = None) -> tuple[State, Shares]:
    """The answer after some moments."""
    state, shares = state or State(), Shares()
    for moment in moments:
        state, shares = step(state, moment, BRUSSELS)
    return state, shares


def test_of_ten_produced_four_exported_and_twelve_used() -> None:
    _, shares = through(totals(MORNING), totals(EVENING, export=4, solar=10, house=12))
    assert shares.self_consumption == pytest.approx(60)
    assert shares.self_sufficiency == pytest.approx(50)


def test_nothing_is_known_of_nothing() -> None:
    assert through(totals(MORNING))[1] == Shares()
    assert through(totals(MORNING), totals(EVENING, house=5))[1] == Shares(self_sufficiency=0)
    assert through(totals(MORNING), totals(EVENING, solar=5, export=5))[1] == Shares(self_consumption=0)


def test_a_day_begins_at_midnight_of_the_house() -> None:
    _, shares = through(
        totals(MORNING),
        totals(MIDNIGHT - 1, export=4, solar=10, house=12),
        totals(MIDNIGHT, export=4, solar=10, house=13),
        totals(MIDNIGHT + 3600, export=4, solar=12, house=17),
    )
    assert shares == Shares(self_consumption=100, self_sufficiency=50)


def test_more_exported_than_produced_and_less_used_than_both_make_no_impossible_share() -> None:
    """Counters of a gap are coarse, and measuring is not exact."""
    assert through(totals(MORNING), totals(EVENING, export=11, solar=10, house=1))[1] == Shares(
        self_consumption=0, self_sufficiency=0
    )
    assert through(totals(MORNING), totals(EVENING, solar=10, house=9))[1] == Shares(
        self_consumption=100, self_sufficiency=100
    )


def test_totals_that_were_lost_begin_anew() -> None:
    state, _ = through(totals(MORNING), totals(EVENING, solar=10, house=10))
    lost = Totals(at=EVENING + 1, export_j=0, solar_j=0, house_j=0)
    state, shares = through(lost, state=state)
    assert shares == Shares()
    later = Totals(at=EVENING + 2, export_j=1, solar_j=2, house_j=4)
    assert through(later, state=state)[1] == Shares(self_consumption=50, self_sufficiency=25)


def test_the_day_goes_on_after_a_restart() -> None:
    state, _ = through(totals(MORNING), totals(EVENING, solar=10, house=10))
    kept = msgspec.convert(msgspec.to_builtins(state), State)
    assert through(totals(EVENING + 60, export=5, solar=10, house=10), state=kept)[1].self_consumption == 50
