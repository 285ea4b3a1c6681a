"""A total that can be trusted, whatever a gateway's counter does."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smappee_gateway.counters import EnergyCounter, NetEnergy, allowed_step_j

HIGHEST_W = 24_000.0
LIFETIME_J = 40_000_000_000


class Clocked:
    """A counter that is read once a second, or after a pause."""

    def __init__(self, counter: EnergyCounter | None = None, clock: float = 0.0) -> None:
        self.counter = counter or EnergyCounter()
        self.clock = clock

    def read(self, *values: float) -> float:
        """Read values, a second apart; returns what they add to the total."""
        before = self.counter.total_j
        for value in values:
            self._next(value, 1.0)
        return self.counter.total_j - before

    def read_after(self, seconds: float, value: float) -> float:
        """Read a value after a time in which the channel was missing."""
        self.counter.wake(self.clock)
        return self._next(value, seconds)

    def reboot(self) -> None:
        self.counter.expect_reset(self.clock)

    def _next(self, value: float, seconds: float) -> float:
        before, self.clock = self.clock, self.clock + seconds
        return self.counter.advance(value, before, self.clock, HIGHEST_W)


@pytest.fixture
def counter() -> Clocked:
    counter = Clocked()
    counter.read(LIFETIME_J, LIFETIME_J)
    return counter


def test_a_total_is_known_when_a_second_value_agrees_with_the_first() -> None:
    counter = Clocked()
    for value, known in ((LIFETIME_J, False), (LIFETIME_J + 3600, True)):
        counter.read(value)
        assert counter.counter.known is known
    assert counter.counter.total_j == LIFETIME_J + 3600


def test_a_garbage_first_value_is_not_believed() -> None:
    counter = Clocked()
    counter.read(9e14, LIFETIME_J, LIFETIME_J)
    assert counter.counter.total_j == LIFETIME_J


@pytest.mark.parametrize("garbage", [1e14, 2.0**63, -(2.0**63), 1e300])
def test_nonsense_is_not_believed_even_when_it_is_repeated(garbage: float) -> None:
    counter = Clocked()
    counter.read(garbage, garbage, garbage)
    assert not counter.counter.known
    assert counter.counter.ignored == 3


def test_it_adds_what_was_counted(counter: Clocked) -> None:
    assert counter.read(LIFETIME_J + 3600, LIFETIME_J + 3600, LIFETIME_J + 10_800) == 10_800


def test_it_adds_what_was_counted_while_nobody_listened(counter: Clocked) -> None:
    assert counter.read_after(7200, LIFETIME_J + 50_000_000) == 50_000_000


@pytest.mark.parametrize("garbage", [9e15, 2.0**63, LIFETIME_J + 10_000_000, 0.0, -5.0, 1.5])
def test_one_garbage_value_adds_nothing_and_loses_nothing(counter: Clocked, garbage: float) -> None:
    assert counter.read(LIFETIME_J + 3600, garbage, LIFETIME_J + 7200) == 7200
    assert counter.counter.ignored == 1


@pytest.mark.parametrize("garbage", [9e15, 12.0])
def test_lasting_garbage_adds_nothing_and_the_return_to_truth_neither(counter: Clocked, garbage: float) -> None:
    assert counter.read(*[garbage] * 10) <= 12.0
    assert counter.read(*[LIFETIME_J + 3600] * 10) == 0
    assert counter.read(LIFETIME_J + 7200) == 3600


def test_a_reset_at_boot_adds_what_was_counted_since(counter: Clocked) -> None:
    counter.reboot()
    assert counter.read_after(40, 3600) == 3600
    assert counter.read(7200) == 3600


def test_a_reset_without_a_boot_is_believed_after_three_agreeing_values(counter: Clocked) -> None:
    assert counter.read(3600, 3600) == 0
    assert counter.read(3600) == 3600
    assert counter.read(7200) == 3600


def test_a_lifetime_counter_goes_on_after_a_boot(counter: Clocked) -> None:
    counter.reboot()
    assert counter.read_after(40, LIFETIME_J + 3600) == 3600


def test_a_boot_is_over_with_the_first_value_that_fits(counter: Clocked) -> None:
    counter.reboot()
    counter.read_after(40, LIFETIME_J + 3600)
    assert counter.read(5, LIFETIME_J + 7200) == 3600


def test_an_impossible_value_after_a_boot_starts_at_nothing(counter: Clocked) -> None:
    counter.reboot()
    assert counter.read_after(40, LIFETIME_J / 2) == 0
    assert counter.read(LIFETIME_J / 2 + 3600) == 3600


@pytest.mark.parametrize(
    ("last", "after"),
    [(2**31 - 3600, -(2**31) + 3600), (2**32 - 3600, 3600), (2**31 - 3600, 3600)],
    ids=["signed", "unsigned", "31 bits"],
)
def test_a_wrap_at_an_edge_of_32_bits_goes_on(last: int, after: int) -> None:
    counter = Clocked()
    counter.read(last, last)
    assert counter.read(after) == 7200


def test_a_step_down_far_from_an_edge_is_no_wrap(counter: Clocked) -> None:
    assert counter.read(3600) == 0


def test_a_counter_in_the_negative_half_tells_a_total() -> None:
    counter = Clocked()
    counter.read(-1_915_874_588, -1_915_874_588)
    assert counter.counter.total_j == 2**32 - 1_915_874_588


def test_it_continues_from_memory_after_a_restart(counter: Clocked) -> None:
    restored = msgspec.convert(msgspec.to_builtins(counter.counter), EnergyCounter)
    again = Clocked(restored, counter.clock)
    assert again.read_after(3600, LIFETIME_J + 8_000_000) == 8_000_000


anything = st.one_of(st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False))


@given(st.lists(st.tuples(st.sampled_from(["count", "garbage", "miss", "boot"]), st.integers(0, 30_000), anything)))
def test_no_total_ever_moves_backwards_or_faster_than_physics(story: list[tuple[str, int, float]]) -> None:
    """A true counter grows by at most 30 kJ a second; anything may come in between."""
    counter, true_j = Clocked(), LIFETIME_J
    counter.read(true_j, true_j)
    missed_s = 0.0
    for event, grown_j, garbage in story:
        true_j += grown_j
        total = counter.counter.total_j
        if event == "miss":
            missed_s += 1.0
            continue
        if event == "boot":
            counter.reboot()
        value = garbage if event == "garbage" else true_j
        counter.read_after(missed_s + 1.0, value) if missed_s else counter.read(value)
        missed_s = 0.0
        assert math.isfinite(counter.counter.total_j)
        assert total <= counter.counter.total_j
        assert counter.counter.total_j - LIFETIME_J <= allowed_step_j(HIGHEST_W, counter.clock) * (len(story) + 1)


@given(st.lists(st.integers(0, 30_000), min_size=1), st.data())
def test_single_garbage_values_change_no_total(steps: list[int], data: st.DataObject) -> None:
    counter, true_j = Clocked(), LIFETIME_J
    counter.read(true_j, true_j)
    for step in steps:
        true_j += step
        counter.read(true_j)
        if data.draw(st.booleans()):
            garbage = data.draw(st.one_of(st.integers(-(2**70), true_j - 1), st.integers(true_j + 100_000, 2**70)))
            assert counter.read(garbage) == 0
        counter.read(true_j)
    assert counter.counter.total_j == pytest.approx(true_j)


def test_a_net_is_imported_until_it_turns_round_by_more_than_the_dead_band() -> None:
    net = NetEnergy()
    net.move(10_000, 7200)
    net.move(-5000, 7200)
    assert (net.import_j, net.export_j) == (10_000, 0)
    net.move(-5000, 7200)
    assert (net.import_j, net.export_j) == (10_000, 10_000)
    net.move(-1000, 7200)
    assert net.export_j == 11_000
    net.move(8000, 7200)
    assert (net.import_j, net.export_j) == (18_000, 11_000)


@given(st.lists(st.floats(-50_000, 50_000)))
def test_import_minus_export_follows_the_net_within_the_dead_band(moves: list[float]) -> None:
    net = NetEnergy()
    for move in moves:
        before = net.import_j, net.export_j
        net.move(move, 7200)
        assert net.import_j >= before[0]
        assert net.export_j >= before[1]
    assert net.import_j - net.export_j == pytest.approx(sum(moves), abs=7200.001)
