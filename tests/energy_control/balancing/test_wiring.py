"""To which lines a charger is wired is learned from the car that uses fewer of them, and goes before what was said."""

from copy import replace
from typing import Final

import msgspec
import pytest

from energy_control.balancing import wiring
from energy_control.balancing.charger_case import ChargerMemory
from energy_control.balancing.controller import State
from energy_control.balancing.decisions import SetPhases
from energy_control.balancing.reading import Reading
from energy_control.balancing.settings import Charger, Mode, Settings
from energy_control.balancing.wiring import Wiring
from mqtt_schema.quantities import Phase
from tests.energy_control.balancing.moments import CAR, CHARGER, L1, L2, L3, Plant, one

LONG: Final = 310
"""Seconds that are enough to learn from."""
ROTATED: Final[dict[str, tuple[Phase, ...]]] = {CAR: (L2, L3, L1)}
NOT_KNOWN: Final = one(wiring_known=False)


def parked(settings: Settings = NOT_KNOWN, *, cars_lines: int = 1, **changed: object) -> Plant:
    """A plant whose charger is wired otherwise than was said, with a car of so many lines."""
    plant = Plant(settings=settings, wired_otherwise=ROTATED, cars_use={CAR: cars_lines})
    for name, value in changed.items():
        setattr(plant, name, value)
    return plant


def learned(plant: Plant) -> tuple[Phase | None, tuple[Phase, ...]]:
    found = plant.state.chargers[CAR].wiring
    return found.first, found.pair


NOTHING: Final = (None, ())


def test_a_car_of_one_line_shows_which_line_of_the_house_is_the_first_of_its_charger() -> None:
    plant = parked()
    plant.run(295)
    assert learned(plant) == NOTHING
    plant.run(15)
    assert learned(plant) == (L2, ())


def test_so_does_a_charger_that_is_told_to_use_one_line() -> None:
    plant = parked(cars_lines=3, phases={CAR: 1})
    plant.run(LONG)
    assert learned(plant) == (L2, ())


def test_a_car_of_two_lines_shows_which_is_the_third() -> None:
    plant = parked(cars_lines=2)
    plant.run(LONG)
    assert learned(plant) == (None, (L2, L3))
    assert wiring.may_use(CHARGER, plant.state.chargers[CAR].wiring, 2) == (L2, L3)
    assert wiring.may_use(CHARGER, plant.state.chargers[CAR].wiring, 1) == (L2, L3)


def test_together_they_show_all() -> None:
    plant = parked()
    plant.run(LONG)
    plant.cars_use[CAR] = 2
    plant.run(LONG)
    assert learned(plant) == (L2, (L2, L3))
    assert wiring.may_use(CHARGER, plant.state.chargers[CAR].wiring, 3) == (L2, L3, L1)


def test_a_car_of_three_lines_shows_nothing() -> None:
    plant = parked(cars_lines=3)
    plant.run(2 * LONG)
    assert learned(plant) == NOTHING


def test_it_is_learned_before_control_is_enabled_and_from_a_charger_that_is_left_alone() -> None:
    plant = parked(armed=False, modes={CAR: Mode.OFF})
    plant.run(LONG)
    assert learned(plant) == (L2, ())


def test_a_car_that_is_lowered_and_raised_meanwhile_teaches_as_well() -> None:
    plant = parked(lags_s={CAR: 4.0})
    for second in range(2 * LONG):
        plant.others_a = 15.0 if second % 60 < 20 else 1.0
        plant.step()
    assert {command.current_a for _, command in plant.commands if hasattr(command, "current_a")} > {16.0}
    assert learned(plant) == (L2, ())


class Beside:
    """Something else is behind the CTs of the charger, too."""

    def __init__(self, **drawn_a: float) -> None:
        self.drawn_a = {Phase[line]: current_a for line, current_a in drawn_a.items()}

    def __call__(self, reading: Reading) -> Reading:
        told = reading.chargers[CAR]
        seen = {line: current_a + self.drawn_a.get(line, 0.0) for line, current_a in told.current_a.items()}
        return replace(reading, chargers={CAR: replace(told, current_a=seen)})


@pytest.mark.parametrize(
    "beside",
    [Beside(L1=0.8), Beside(L3=8.7), Beside(L2=4.0), Beside(L2=-2.0)],
    ids=["a lamp", "a heater on another line", "a heater on its own line", "something that gives back"],
)
def test_other_loads_behind_the_same_cts_teach_nothing_wrong(beside: Beside) -> None:
    plant = parked(on_the_way=beside)
    plant.run(2 * LONG)
    assert learned(plant) == NOTHING


@pytest.mark.parametrize(("unplugged", "mode"), [({CAR}, Mode.FAST), (set(), Mode.STOP), (set(), Mode.FAST)])
def test_a_heater_behind_its_cts_is_no_car(unplugged: set[str], mode: Mode) -> None:
    plant = parked(on_the_way=Beside(L1=8.7), wants_a={CAR: 0.0}, unplugged=unplugged, modes={CAR: mode})
    plant.run(2 * LONG)
    assert learned(plant) == NOTHING


def test_noise_does_not_keep_it_from_being_learned() -> None:
    plant = parked(on_the_way=Beside(L1=0.4, L2=-0.6, L3=0.3))
    plant.run(LONG)
    assert learned(plant) == (L2, ())


def test_a_car_that_starts_on_one_line_and_goes_on_with_three_teaches_nothing() -> None:
    plant = parked()
    for lines in (1, 2, 3) * 10:
        plant.cars_use[CAR] = lines
        plant.run(60)
    assert learned(plant) == NOTHING


def test_time_in_which_it_does_not_charge_or_nobody_looks_does_not_count() -> None:
    plant = parked()
    for _ in range(5):
        plant.run(200)
        plant.allowed[CAR] = False
        plant.step()
        plant.allowed[CAR] = True
        plant.run(200)
        plant.run(2, fresh=False)
        plant.run(200)
        plant.restart()
    assert learned(plant) == NOTHING


@pytest.mark.parametrize("missing", [L1, L2])
def test_without_a_ct_on_each_line_nothing_is_learned(missing: Phase) -> None:
    def without(reading: Reading) -> Reading:
        told = reading.chargers[CAR]
        seen = {line: current_a for line, current_a in told.current_a.items() if line is not missing}
        return replace(reading, chargers={CAR: replace(told, current_a=seen)})

    plant = parked(on_the_way=without)
    plant.run(2 * LONG)
    assert learned(plant) == NOTHING


def test_a_power_that_is_only_spread_over_lines_teaches_nothing() -> None:
    plant = parked(one(wiring_known=False, shows_lines=False))
    plant.run(2 * LONG)
    assert learned(plant) == NOTHING


def test_it_is_known_after_a_restart() -> None:
    plant = parked()
    plant.run(LONG)
    plant.restart()
    assert learned(plant) == (L2, ())
    plant.step()
    assert learned(plant) == (L2, ())


def test_it_stays_known_while_no_car_charges_and_while_cars_of_three_lines_do() -> None:
    plant = parked()
    plant.run(LONG)
    plant.unplugged = {CAR}
    plant.run(2 * LONG)
    plant.unplugged, plant.cars_use = set(), {}
    plant.run(2 * LONG)
    assert learned(plant) == (L2, ())


def test_what_was_kept_before_anything_could_be_learned_is_still_read() -> None:
    plant = parked(armed=False)
    plant.run(5)
    kept = msgspec.to_builtins(plant.state, str_keys=True)
    del kept["chargers"][CAR]["wiring"]
    read = msgspec.convert(kept, State, strict=False)
    assert read.chargers[CAR] == replace(plant.state.chargers[CAR], wiring=Wiring())


def test_it_is_corrected_when_something_else_is_seen_for_as_long() -> None:
    plant = parked()
    plant.run(LONG)
    plant.wired_otherwise = {CAR: (L3, L1, L2)}
    plant.run(295)
    assert learned(plant) == (L2, ())
    plant.run(15)
    assert learned(plant) == (L3, ())


def test_what_cannot_be_true_beside_what_is_seen_is_forgotten() -> None:
    plant = parked(cars_lines=2)
    plant.run(LONG)
    plant.wired_otherwise, plant.cars_use = {CAR: (L1, L2, L3)}, {CAR: 1}
    plant.run(LONG)
    assert learned(plant) == (L1, ())
    plant.wired_otherwise, plant.cars_use = ROTATED, {CAR: 2}
    plant.run(LONG)
    assert learned(plant) == (None, (L2, L3))


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ((L1, L2, L3), Wiring(first=L2)),
        ((L1, L2, L3), Wiring(pair=(L2, L3))),
        ((L1,), Wiring(first=L3)),
        ((L1,), Wiring(pair=(L1, L2))),
    ],
)
def test_what_was_said_can_be_contradicted(said: tuple[Phase, ...], seen: Wiring) -> None:
    charger = replace(CHARGER, lines=said)
    assert wiring.contradicts(charger, seen)
    assert not wiring.contradicts(replace(charger, wiring_known=False), seen)


@pytest.mark.parametrize("seen", [Wiring(), Wiring(first=L2), Wiring(pair=(L1, L2)), Wiring(first=L2, pair=(L1, L2))])
def test_what_is_seen_may_also_agree_with_what_was_said(seen: Wiring) -> None:
    assert not wiring.contradicts(replace(CHARGER, lines=(L2, L1, L3)), seen)


SAID: Final = CHARGER
UNSAID: Final = replace(CHARGER, wiring_known=False)
ONLY_L1: Final = replace(CHARGER, lines=(L1,))
ANY: Final = (L1, L2, L3)


@pytest.mark.parametrize(
    ("charger", "seen", "lines"),
    [
        (SAID, Wiring(), [(L1,), (L1, L2), ANY]),
        (SAID, Wiring(first=L1), [(L1,), (L1, L2), ANY]),
        (SAID, Wiring(first=L3), [(L3,), ANY, ANY]),
        (UNSAID, Wiring(), [ANY, ANY, ANY]),
        (UNSAID, Wiring(first=L3), [(L3,), ANY, ANY]),
        (ONLY_L1, Wiring(first=L3), [(L3,), (L3,), (L3,)]),
        (ONLY_L1, Wiring(pair=(L2, L3)), [(L2, L3), (L2, L3), (L2, L3)]),
        (replace(CHARGER, lines=(L1, L2)), Wiring(first=L3), [(L3,), ANY, ANY]),
        (replace(ONLY_L1, wiring_known=False), Wiring(), [(L1,), (L1,), (L1,)]),
    ],
)
def test_what_is_not_known_is_taken_at_its_worst(
    charger: Charger, seen: Wiring, lines: list[tuple[Phase, ...]]
) -> None:
    assert [wiring.may_use(charger, seen, phases) for phases in (1, 2, 3)] == lines


def with_wiring(state: State, seen: Wiring) -> State:
    memory = state.chargers.get(CAR, ChargerMemory())
    return replace(state, chargers={CAR: replace(memory, wiring=seen)})


def starting(settings: Settings, seen: Wiring) -> Plant:
    """A charger that is told to use one line, with a car that may start; its line, L2, has room for it."""
    plant = parked(settings, phases={CAR: 1}, allowed={CAR: False}, others_a=(20.0, 2.0, 20.0))
    plant.state = with_wiring(plant.state, seen)
    plant.run(120)
    return plant


def test_a_charger_of_which_nothing_is_known_starts_only_where_each_of_its_lines_has_room() -> None:
    assert not starting(NOT_KNOWN, Wiring()).allowed[CAR]
    assert starting(NOT_KNOWN, Wiring(first=L2)).allowed[CAR]


def test_what_was_learned_goes_before_what_was_said() -> None:
    said_wrongly = one(lines=(L1, L2, L3))
    assert not starting(said_wrongly, Wiring()).allowed[CAR]
    assert starting(said_wrongly, Wiring(first=L2)).allowed[CAR]
    said_rightly_seen_wrongly = one(lines=(L2, L3, L1))
    assert starting(said_rightly_seen_wrongly, Wiring()).allowed[CAR]
    assert not starting(said_rightly_seen_wrongly, Wiring(first=L1)).allowed[CAR]


@pytest.mark.parametrize(("seen", "phases"), [(Wiring(), 3), (Wiring(first=L2), 1), (Wiring(first=L3), 3)])
def test_one_line_is_chosen_where_the_one_that_was_learned_gives_more(seen: Wiring, phases: int) -> None:
    switching = one(wiring_known=False, can_switch_phases=True, max_a=32.0)
    plant = parked(switching, cars_lines=3, phases={CAR: 3}, others_a=(17.5, 0.5, 17.5))
    plant.state = with_wiring(plant.state, seen)
    plant.run(400)
    assert plant.phases[CAR] == phases
    assert any(isinstance(command, SetPhases) for _, command in plant.commands) is (phases == 1)
