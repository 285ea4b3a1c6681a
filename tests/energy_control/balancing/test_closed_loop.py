"""The balancing in a house with physics of its own, and breakers that know nothing of it."""

from copy import replace

import pytest

from benchmarks.garage.ours import Balancer
from benchmarks.garage.scenarios import GARAGE, MAIN_25_A, SCENARIOS, WINTER_EVENING, Scenario
from energy_control.balancing.decisions import Reason
from energy_control.balancing.settings import Charger, Settings
from simulator import SITES, House
from simulator.house.charging import CHARACTERS, SetCurrent, SetEnabled
from simulator.loop import ClosedLoop
from simulator.perfect import most_deliverable_j
from simulator.sites.garages import with_character

OBEDIENT = ("exact", "patient", "coarse", "nearest", "resets", "sticky", "heartbeat", "slow", "vanishing", "coarse-up")
TOLD: dict[str, Charger] = {
    "coarse": replace(GARAGE, step_a=1.0),
    "coarse-up": replace(GARAGE, step_a=2.0),
    "nearest": replace(GARAGE, step_a=1.0),
    "late": replace(GARAGE, response_s=16.0),
    "cloud": replace(GARAGE, step_a=1.0, write_interval_s=900.0, response_s=16.0),
    "heartbeat": replace(GARAGE, heartbeat_s=60.0),
}
"""What the owner of such a charger enters."""


def settings_for(character: str) -> Settings:
    return Settings(circuits=(MAIN_25_A,), chargers=(TOLD.get(character, GARAGE),))


def evening(character: str, *, seed: int, minutes: int = 60) -> tuple[ClosedLoop, Balancer]:
    """A car at a 25 A connection, with somebody cooking and a heat pump that starts in the middle."""
    loop = ClosedLoop(House(with_character(SITES["garage"], CHARACTERS[character]), seed=seed, start=WINTER_EVENING))
    loop.chargers[GARAGE.id].plug_in(state_of_charge=0.1)
    balancer = Balancer(settings_for(character), loop.chargers)
    loop.run(300, balancer)
    loop.house.start("Heat pump")
    loop.house.start("Hob")
    loop.run(minutes * 60 - 300, balancer)
    return loop, balancer


@pytest.mark.parametrize("character", [*OBEDIENT, "late", "cloud"])
def test_no_breaker_trips_where_the_charger_obeys_and_nothing_is_asked_that_may_not_be(character: str) -> None:
    loop, balancer = evening(character, seed=1)
    charger = loop.chargers[GARAGE.id]
    assert not loop.breaker.tripped
    assert loop.breaker.highest_thermal_share < 0.9
    pauses = [one for one in charger.journal.offences if one.command == SetEnabled(on=False)]
    assert charger.journal.offences == (pauses if character == "cloud" else [])  # there is no other way to stop it
    assert len(pauses) < 5
    assert charger.delivered_j > 0.0
    beats = 3600 / 20 if character == "heartbeat" else 0
    assert len(balancer.commanded) < 100 + beats


def test_without_it_the_breaker_trips_in_that_house() -> None:
    loop = ClosedLoop(House(SITES["garage"], seed=1, start=WINTER_EVENING))
    loop.chargers[GARAGE.id].plug_in(state_of_charge=0.1)
    loop.run(300, lambda _: None)
    loop.house.start("Heat pump")
    loop.house.start("Hob")
    loop.run(1800, lambda _: None)
    assert loop.breaker.tripped


def test_a_heat_pump_that_starts_is_answered_in_the_second_that_shows_it() -> None:
    loop = ClosedLoop(House(SITES["garage"], seed=3, start=WINTER_EVENING))
    charger = loop.chargers[GARAGE.id]
    charger.plug_in(state_of_charge=0.1)
    balancer = Balancer(settings_for("exact"), loop.chargers)
    loop.run(300, balancer)
    before_a = charger.offered_a
    loop.house.start("Heat pump")
    loop.house.start("Oven")
    measurement = loop.step()
    while max(measurement.grid_a) < MAIN_25_A.limit_a:
        balancer(measurement)
        measurement = loop.step()
    balancer(measurement)
    lowered = charger.journal.commands(SetCurrent)[-1]
    assert balancer.commanded[-1][0] == measurement.at_s
    assert lowered.ampere < before_a


@pytest.mark.parametrize("character", ["deaf", "dying"])
def test_a_charger_that_does_not_obey_is_told_as_it_is(character: str) -> None:
    _, balancer = evening(character, seed=1, minutes=20)
    reason = balancer.answer.chargers[GARAGE.id].reason
    assert reason in {Reason.NOT_OBEYING, Reason.UNREACHABLE}


@pytest.mark.parametrize("seed", [1, 2])
def test_it_delivers_nearly_what_a_perfect_balancer_could(seed: int) -> None:
    def begun() -> ClosedLoop:
        loop = ClosedLoop(House(SITES["garage"], seed=seed, start=WINTER_EVENING))
        loop.chargers[GARAGE.id].plug_in(state_of_charge=0.1)
        return loop

    most_j = most_deliverable_j(begun().house, GARAGE.id, limit_a=MAIN_25_A.limit_a, seconds=3600)
    loop = begun()
    loop.run(3600, Balancer(settings_for("exact"), loop.chargers))
    assert most_j * 0.95 <= loop.chargers[GARAGE.id].delivered_j <= most_j


def test_a_sub_circuit_that_nobody_measures_is_kept_within_its_breaker_too() -> None:
    scenario: Scenario = next(one for one in SCENARIOS if one.site == "two-cars")
    loop = scenario.loop(seed=1)
    loop.run(1800, Balancer(scenario.settings, loop.chargers))
    for breaker in loop.house.breakers.values():
        assert not breaker.tripped
        assert breaker.seconds_importing_above_rating < 30
    assert all(charger.delivered_j > 0 for charger in loop.chargers.values())
