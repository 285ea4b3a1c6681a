"""Which changes are worth a message: deadbands, intervals, and that nothing is held back for ever."""

from hypothesis import given
from hypothesis import strategies as st

from mqtt_schema.points import POINTS, Scope, Value
from openhab_bridge.model import Property, text_of
from openhab_bridge.settings import Pace, TrafficSettings
from openhab_bridge.traffic import Traffic

SETTINGS = TrafficSettings(
    paces={row.quantity: Pace(deadband=5.0, min_interval_s=2.0) for row in POINTS if row.key == "grid_power"},
    settle_s=60.0,
)
BY_KEY = {row.key: row for row in POINTS}


def item(key: str) -> Property:
    row = BY_KEY[key]
    return Property(row, Scope(row.scope, "1"), lambda: None)


POWER, PLUG, FREQUENCY = item("grid_power"), item("plug"), item("frequency")


class Followed:
    """What gets through, as (time, text)."""

    def __init__(self) -> None:
        self.through: list[tuple[float, str | None]] = []
        self.traffic = Traffic(SETTINGS)

    def offer(self, what: Property, value: Value, now: float) -> bool:
        text = text_of(what.point, value)
        admitted = self.traffic.admits(what, text, value, now)
        if admitted:
            self.through.append((now, text))
        return admitted


def test_a_first_value_always_gets_through_also_an_unknown_one() -> None:
    followed = Followed()
    assert followed.offer(POWER, None, 0.0)
    assert followed.offer(POWER, 100.0, 0.1)


def test_a_small_change_waits_and_is_not_lost() -> None:
    followed = Followed()
    followed.offer(POWER, 100.0, 0.0)
    assert not followed.offer(POWER, 104.0, 30.0)
    assert not followed.traffic.is_settled(POWER, "104")
    assert followed.offer(POWER, 104.0, 60.0)
    assert followed.traffic.is_settled(POWER, "104")


def test_a_large_change_waits_for_its_interval_only() -> None:
    followed = Followed()
    followed.offer(POWER, 100.0, 0.0)
    assert not followed.offer(POWER, 500.0, 1.9)
    assert followed.offer(POWER, 500.0, 2.0)


def test_states_and_unknown_values_never_wait() -> None:
    followed = Followed()
    followed.offer(PLUG, value=False, now=0.0)
    assert followed.offer(PLUG, value=True, now=0.01)
    followed.offer(POWER, 100.0, 0.0)
    assert followed.offer(POWER, None, 0.01)
    assert followed.offer(POWER, 100.0, 0.02)


def test_a_quantity_without_a_pace_gets_through_whenever_its_text_changes() -> None:
    followed = Followed()
    followed.offer(FREQUENCY, 50.0, 0.0)
    assert not followed.offer(FREQUENCY, 50.001, 0.1)
    assert followed.offer(FREQUENCY, 50.01, 0.2)


def test_after_another_installation_everything_gets_through_once() -> None:
    followed = Followed()
    followed.offer(POWER, 100.0, 0.0)
    followed.traffic.forget()
    assert followed.offer(POWER, 100.0, 0.1)


@given(st.lists(st.floats(-1000.0, 1000.0), min_size=1, max_size=200))
def test_a_reader_is_never_more_than_a_deadband_behind_for_longer_than_the_interval(values: list[float]) -> None:
    followed = Followed()
    behind = 0
    for now, value in enumerate(values):
        followed.offer(POWER, value, float(now))
        shown = float(followed.through[-1][1] or 0)
        behind = behind + 1 if abs(shown - value) >= 6.0 else 0
        assert behind < 2
