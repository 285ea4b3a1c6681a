"""What is learned of the wiring never makes the guard less safe, and a car of three lines teaches nothing at all."""

from collections.abc import Sequence
from copy import replace
from itertools import combinations, groupby, permutations
from typing import Final, NamedTuple

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from energy_control.balancing import wiring
from energy_control.balancing.charger_case import ChargerMemory
from energy_control.balancing.controller import State
from energy_control.balancing.reading import ChargerReading, Lines
from energy_control.balancing.settings import Mode
from energy_control.balancing.wiring import Wiring
from mqtt_schema.quantities import Phase
from tests.energy_control.balancing.moments import CAR, CHARGER, L1, L2, L3, Plant, one

LIMIT_A: Final = 23.75
UNTIL_IT_IS_SEEN_S: Final = 1
ORDERS: Final = list(permutations((L1, L2, L3)))


class Start(NamedTuple):
    """A car of three lines begins: seconds on its first, on two, on all, and then it stops."""

    order: tuple[Phase, ...]
    one_s: int
    two_s: int
    all_s: int
    current_a: float


class Hour(NamedTuple):
    """What others draw on each line, and whether a car is there."""

    others_a: tuple[float, float, float]
    is_there: bool
    seconds: int


STARTS = st.builds(
    Start,
    st.sampled_from(ORDERS),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(1, 900),
    st.just(0.0) | st.floats(0.0, 32.0),
)
HOURS = st.builds(
    Hour,
    st.tuples(*[st.sampled_from([0.0, 8.0, 12.5, 17.0])] * 3),
    st.sampled_from([True, True, True, False]),
    st.integers(60, 400),
)
WIRINGS = st.sampled_from(
    [Wiring(), *(Wiring(first=line) for line in Phase), *(Wiring(pair=pair) for pair in combinations(Phase, 2))]
)


class Watched:
    """A charger whose currents alone are told, second by second."""

    def __init__(self, offered_a: float | None, noise_a: Sequence[float]) -> None:
        """`offered_a`: what it says it is set to; None = exactly what its car takes."""
        self.seen, self._at = Wiring(), 0.0
        self._offered_a, self._noise_a = offered_a, noise_a

    def draws(self, current_a: float, lines: Sequence[Phase], seconds: int) -> None:
        drawn: Lines = {line: (current_a if line in lines else 0.0) + self._noise_a[line] for line in Phase}
        reading = ChargerReading(mode=Mode.FAST, reachable=True, current_a=drawn)
        for _ in range(seconds):
            self._at += 1.0
            self.seen = wiring.observed(CHARGER, self.seen, reading, self._offered_a or current_a, self._at)


@given(
    starts=st.lists(STARTS),
    offered_a=st.none() | st.floats(6.0, 32.0),
    noise_a=st.tuples(*[st.floats(-0.4, 0.4)] * 3),
)
@hypothesis_settings(max_examples=300, deadline=None)
def test_no_sequence_of_currents_of_a_three_phase_car_teaches_anything(
    starts: list[Start], offered_a: float | None, noise_a: tuple[float, float, float]
) -> None:
    """It may take a minute for its second line, and another for its third, in any order, and stop after any time."""
    charger = Watched(offered_a, noise_a)
    for start in starts:
        charger.draws(start.current_a, start.order[:1], start.one_s)
        charger.draws(start.current_a, start.order[:2], start.two_s)
        charger.draws(start.current_a, start.order, start.all_s)
    assert (charger.seen.first, charger.seen.pair) == (None, ())


def with_wiring(state: State, seen: Wiring) -> State:
    memory = state.chargers.get(CAR, ChargerMemory())
    return replace(state, chargers={CAR: replace(memory, wiring=seen)})


def longest_above_s(plant: Plant, hours: list[Hour], *, learns: bool) -> int:
    """For how long a line is above its limit at a time."""
    above: list[bool] = []
    for hour in hours:
        plant.others_a = hour.others_a
        plant.unplugged = set() if hour.is_there else {CAR}
        for _ in range(hour.seconds):
            plant.step()
            above.append(max(plant.grid_a().values()) > LIMIT_A + 0.01)
            plant.state = plant.state if learns else with_wiring(plant.state, Wiring())
    return max((sum(1 for _ in same) for is_above, same in groupby(above) if is_above), default=0)


@given(hours=st.lists(HOURS, min_size=2, max_size=8), house=st.data())
@hypothesis_settings(max_examples=100, deadline=None)
def test_with_what_is_learned_no_line_is_above_its_limit_for_longer_than_without(
    hours: list[Hour], house: st.DataObject
) -> None:
    """Not even where what was learned is wrong: the car's lines are seen as soon as it draws."""
    is_known = house.draw(st.sampled_from([False, False, True]))
    settings = one(lines=house.draw(st.sampled_from(ORDERS)), wiring_known=is_known)
    wires = {CAR: house.draw(st.sampled_from(ORDERS))}
    cars_use = {CAR: house.draw(st.integers(1, 3))}
    phases = house.draw(st.sampled_from([{CAR: 1}, {CAR: 1}, {}]))

    def plant() -> Plant:
        return Plant(settings=settings, wired_otherwise=dict(wires), cars_use=dict(cars_use), phases=dict(phases))

    learning = plant()
    learning.state = with_wiring(learning.state, house.draw(WIRINGS))
    longest_s = (longest_above_s(learning, hours, learns=True), longest_above_s(plant(), hours, learns=False))
    assert longest_s[0] <= max(longest_s[1], UNTIL_IT_IS_SEEN_S)
