"""The past that is put into Home Assistant's statistics."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.past import Hour, energy_rows, hours_to_live, power_rows, read
from simulator import SITES, Gateway, House
from simulator.history import first_hour, live_through, write_history

KILOWATT_HOUR_J = 3.6e6


def hour(start: str, import_kwh: float) -> Hour:
    return Hour(start, import_kwh * KILOWATT_HOUR_J, 0.0, 0.0, 0.0, {})


HOURS = [hour("2026-06-21T08:00:00+00:00", 1.5), hour("2026-06-21T09:00:00+00:00", 0.25)]


def test_sums_end_where_home_assistant_begins_to_count() -> None:
    assert energy_rows(HOURS, lambda hour: hour.import_j) == [
        {"start": "2026-06-21T07:00:00+00:00", "sum": -1.75},
        {"start": "2026-06-21T08:00:00+00:00", "sum": -0.25},
        {"start": "2026-06-21T09:00:00+00:00", "sum": 0.0},
    ]


def test_sums_never_go_back_when_an_inverter_takes_a_little_at_night() -> None:
    sums = [row["sum"] for row in energy_rows([hour("2026-06-21T01:00:00+00:00", -0.003)], lambda hour: hour.import_j)]
    assert sums == [0.0, 0.0]


def test_powers_are_means_of_an_hour() -> None:
    assert power_rows(HOURS, lambda hour: hour.import_j) == [
        {"start": "2026-06-21T08:00:00+00:00", "mean": 1500.0},
        {"start": "2026-06-21T09:00:00+00:00", "mean": 250.0},
    ]


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 6, 21, 10, 20, tzinfo=UTC), 7 * 24 + 12),
        (datetime(2026, 6, 20, 22, 0, tzinfo=UTC), 7 * 24),
        # Two of the days around the change to winter time: one has 25 hours.
        (datetime(2026, 10, 26, 10, 20, tzinfo=UTC), 7 * 24 + 1 + 11),
    ],
)
def test_the_past_begins_at_a_midnight_in_brussels(now: datetime, hours: int) -> None:
    assert hours_to_live(now) == hours
    assert first_hour(now, hours).astimezone(UTC).hour in {22, 23}


def test_it_reads_what_the_simulator_writes(tmp_path: Path) -> None:
    now = datetime(2026, 6, 21, 10, 20, tzinfo=UTC)
    gateway = Gateway(House(SITES["home"], seed=1, start=first_hour(now, 3)), seed=1)
    lived = live_through(gateway, now)
    write_history(tmp_path / "history.json", gateway, lived)
    hours = read(tmp_path / "history.json")
    assert [hour.start for hour in hours] == [hour["start"] for hour in lived]
    assert [hour.solar_j for hour in hours] == [hour["solar_j"] for hour in lived]
    assert hours[-1].loads_j["Heat pump"] > 0
