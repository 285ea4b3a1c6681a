"""A hint of leaking water: nights that were seen whole, nights with holes, and how much a pulse can tell."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_control.leak import Reading, State, hint, step

BRUSSELS = ZoneInfo("Europe/Brussels")
EVENING = time(22)
MORNING = time(7)


class Meter:
    """Read every five minutes; what flows is counted in whole pulses."""

    def __init__(self, day: date = date(2026, 11, 26), litres_per_pulse: float = 1.0) -> None:
        self.at = datetime.combine(day, EVENING, BRUSSELS).astimezone(UTC)
        self.litres_per_pulse = litres_per_pulse
        self.litres = 0.0
        self.state = State()
        self.leak: bool | None = None
        self.read()

    def read(self) -> None:
        reading = Reading(at=self.at.timestamp(), pulses=self.litres // self.litres_per_pulse)
        self.state, self.leak = step(self.state, reading, "Europe/Brussels")

    def until(self, until: time, litres_per_h: float = 0.0, *, every_min: float = 5, seen: bool = True) -> None:
        """Let time pass until a time of the day of the house."""
        while (local := self.at.astimezone(BRUSSELS)).time() != until:
            step_min = min(every_min, minutes_until(local, until))
            self.at += timedelta(minutes=step_min)
            self.litres += litres_per_h * step_min / 60
            if seen:
                self.read()
        self.read()

    def night(self, litres_per_h: float) -> None:
        self.until(EVENING)
        self.until(MORNING, litres_per_h)


def minutes_until(local: datetime, until: time) -> float:
    wanted = datetime.combine(local.date(), until, BRUSSELS)
    if wanted <= local:
        wanted = datetime.combine(local.date() + timedelta(days=1), until, BRUSSELS)
    return (wanted.astimezone(UTC) - local.astimezone(UTC)).total_seconds() / 60


def test_nothing_is_known_until_a_night_is_over() -> None:
    meter = Meter()
    meter.until(time(4, 55), 20)
    assert meter.leak is None
    meter.until(time(5), 20)
    assert meter.leak is True


def test_a_night_without_flow_leaves_no_suspicion() -> None:
    meter = Meter()
    meter.night(0)
    assert meter.leak is False


def test_one_half_hour_without_flow_is_enough() -> None:
    meter = Meter()
    meter.until(time(2), 60)
    meter.until(time(2, 40))
    meter.until(MORNING, 60)
    assert meter.leak is False


def test_what_flows_by_day_is_no_leak() -> None:
    meter = Meter()
    meter.night(0)
    meter.until(EVENING, 200)
    assert meter.leak is False


@pytest.mark.parametrize(
    ("litres_per_pulse", "litres_per_h", "seen"), [(1, 2.1, True), (1, 1.5, False), (10, 21, True), (10, 12, False)]
)
def test_a_leak_is_seen_from_one_pulse_in_each_half_hour_on(
    litres_per_pulse: float, litres_per_h: float, *, seen: bool
) -> None:
    meter = Meter(litres_per_pulse=litres_per_pulse)
    meter.night(litres_per_h)
    assert meter.leak is seen


def test_the_last_night_counts() -> None:
    meter = Meter()
    found = []
    for litres_per_h in (20, 0, 20):
        meter.night(litres_per_h)
        found.append(meter.leak)
    assert found == [True, False, True]


@pytest.mark.parametrize(("hole_from", "hole_until"), [(time(0, 50), time(1, 10)), (time(3), time(3, 20))])
@pytest.mark.parametrize("litres_per_h", [0, 20])
def test_a_night_with_a_hole_was_not_seen(hole_from: time, hole_until: time, litres_per_h: float) -> None:
    meter = Meter()
    meter.until(hole_from, litres_per_h)
    meter.until(hole_until, litres_per_h, seen=False)
    meter.until(MORNING, litres_per_h)
    assert meter.leak is None
    meter.night(litres_per_h)
    assert meter.leak is (litres_per_h > 0)


def test_a_night_that_was_not_seen_leaves_what_the_last_one_said_for_two_days() -> None:
    meter = Meter()
    meter.night(20)
    meter.until(EVENING)
    meter.until(MORNING, seen=False)
    assert meter.leak is True
    meter.until(EVENING)
    meter.until(MORNING, seen=False)
    assert meter.leak is None


def test_a_meter_that_falls_silent_tells_nothing_after_two_days() -> None:
    meter = Meter()
    meter.night(20)
    at = meter.at.timestamp()
    assert hint(meter.state, at + 86_400) is True
    assert hint(meter.state, at + 2 * 86_400) is None


@pytest.mark.parametrize("every_min", [1, 10, 15])
def test_late_counts_do_not_matter_as_long_as_they_come(every_min: float) -> None:
    meter = Meter()
    meter.until(MORNING, 20, every_min=every_min)
    assert meter.leak is True
    meter.until(EVENING)
    meter.until(MORNING, every_min=every_min)
    assert meter.leak is False


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)], ids=["an hour less", "an hour more"])
@pytest.mark.parametrize("litres_per_h", [0, 20])
def test_nights_in_which_the_clocks_change_are_nights(day: date, litres_per_h: float) -> None:
    meter = Meter(day)
    meter.until(MORNING, litres_per_h)
    assert meter.leak is (litres_per_h > 0)


def test_a_total_that_was_lost_spoils_the_night() -> None:
    meter = Meter()
    meter.until(time(3), 20)
    meter.litres = 0
    meter.until(MORNING, 20)
    assert meter.leak is None


def test_a_night_goes_on_over_a_restart() -> None:
    meter = Meter()
    meter.until(time(3), 20)
    meter.state = msgspec.convert(msgspec.json.decode(msgspec.json.encode(meter.state)), State)
    meter.until(MORNING, 20)
    assert meter.leak is True


halves = st.lists(st.integers(0, 3), min_size=8, max_size=8)


@given(halves)
def test_it_is_suspected_exactly_when_every_half_hour_has_a_pulse(pulses: list[int]) -> None:
    meter = Meter()
    meter.until(time(1))
    for number, count in enumerate(pulses, start=3):
        meter.litres += count
        meter.until(time(number // 2, 30 * (number % 2)))
    assert meter.leak is all(pulses)
