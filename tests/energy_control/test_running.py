"""When a load counts as running: beside a plain rule that looks at the last seconds, and what must never happen."""

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_control.running import Reading, Settings, State, is_running, step

WASHER, LAMP = "washer", "lamp"
QUICK = Settings(threshold_w=100, on_delay_s=3, off_delay_s=5)


class House:
    """Its loads are read once a second unless a test says otherwise."""

    def __init__(self, settings: Mapping[str, Settings] | None = None) -> None:
        self.at = 1000.0
        self.settings = settings or {}
        self.state = State()
        self.turned: frozenset[str] = frozenset()

    def read(self, **power_w: float | None) -> None:
        self.at += 1
        self.state, self.turned = step(self.state, Reading(at=self.at, power_w=power_w), self.settings)

    def live(self, seconds: int, **power_w: float | None) -> None:
        for _ in range(seconds):
            self.read(**power_w)

    def runs(self, load: str = WASHER) -> bool | None:
        return is_running(self.state, load)


def test_it_runs_ten_seconds_after_its_power_has_reached_10_w() -> None:
    house = House()
    house.read(washer=10)
    house.live(9, washer=10)
    assert house.runs() is None
    house.read(washer=10)
    assert house.runs() is True
    assert house.turned == {WASHER}


def test_a_pause_is_no_end() -> None:
    house = House()
    house.live(20, washer=2000)
    house.live(180, washer=2)
    assert house.runs() is True
    house.live(5, washer=2000)
    house.live(180, washer=2)
    assert house.runs() is True
    house.read(washer=2)
    assert house.runs() is False
    assert house.turned == {WASHER}


def test_a_moment_of_power_is_no_start() -> None:
    house = House()
    house.live(200, lamp=0)
    house.live(10, lamp=60)
    house.live(200, lamp=0)
    assert house.runs(LAMP) is False


def test_a_timer_runs_out_while_the_power_stays_as_it_is() -> None:
    house = House()
    house.read(washer=2000)
    house.live(10)
    assert house.runs() is True
    assert house.turned == {WASHER}


@pytest.mark.parametrize("running", [True, False])
def test_missing_power_is_unknown_and_neither_on_nor_off(*, running: bool) -> None:
    house = House({WASHER: QUICK})
    house.live(10, washer=500 if running else 0)
    house.read(washer=None)
    assert house.runs() is None
    assert house.turned == {WASHER}
    house.live(100)
    assert house.runs() is None
    house.read(washer=500 if running else 0)
    assert house.runs() is running


def test_what_is_missing_for_a_moment_begins_its_timer_anew() -> None:
    house = House({WASHER: QUICK})
    house.live(10, washer=500)
    house.live(4, washer=0)
    house.read(washer=None)
    house.live(5, washer=0)
    assert house.runs() is True
    house.read(washer=0)
    assert house.runs() is False


@pytest.mark.parametrize(("hole_s", "running"), [(15, False), (16, True)])
def test_nobody_knows_how_it_was_in_a_long_hole(hole_s: float, *, running: bool) -> None:
    house = House({WASHER: QUICK})
    house.live(10, washer=500)
    house.read(washer=0)
    house.at += hole_s - 1
    house.read(washer=0)
    assert house.runs() is running
    house.live(5, washer=0)
    assert house.runs() is False


def test_each_load_has_its_own_settings() -> None:
    house = House({WASHER: QUICK})
    house.live(6, washer=50, lamp=50)
    assert (house.runs(WASHER), house.runs(LAMP)) == (False, None)
    house.live(6, washer=50, lamp=50)
    assert (house.runs(WASHER), house.runs(LAMP)) == (False, True)


def test_a_load_that_was_never_read_is_unknown() -> None:
    house = House()
    house.live(20, washer=2000)
    assert house.runs(LAMP) is None


def test_it_survives_a_restart_with_its_timer() -> None:
    house = House({WASHER: QUICK})
    house.live(10, washer=500)
    house.live(4, washer=0)
    house.state = msgspec.convert(msgspec.json.decode(msgspec.json.encode(house.state)), State)
    assert house.runs() is True
    house.live(2, washer=0)
    assert house.runs() is False


def test_a_quiet_house_costs_nothing() -> None:
    house = House()
    house.live(300, washer=0, lamp=60)
    before = house.state
    house.read(washer=1, lamp=61)
    assert house.state.above is before.above
    assert house.state.running is before.running


powers = st.lists(st.one_of(st.none(), st.integers(0, 200)), min_size=1, max_size=80)


@given(powers)
def test_it_is_what_the_last_seconds_say(watts: list[int | None]) -> None:
    house = House({WASHER: QUICK})
    for number, power_w in enumerate(watts):
        changed: dict[str, float | None] = {} if number and watts[number - 1] == power_w else {WASHER: power_w}
        house.read(**changed)
        assert house.runs() is plain(watts[: number + 1])


def plain(watts: list[int | None]) -> bool | None:
    """The same, from everything that was ever read: one power a second."""
    running: bool | None = None
    held_s = 0
    for before, now in zip([None, *watts], watts, strict=False):
        same_side = before is not None and now is not None and (before >= 100) is (now >= 100)
        held_s = held_s + 1 if same_side else 0
        if now is not None and held_s >= (3 if now >= 100 else 5):
            running = now >= 100
    return None if watts[-1] is None else running
