"""Chargers take commands as real ones do: each in its own way."""

import math
from itertools import pairwise

import pytest

from simulator.house.charging import (
    CHARACTERS,
    Accepted,
    Heartbeat,
    NoAnswer,
    Refusal,
    Refused,
    SetCurrent,
    SetEnabled,
    SetPhases,
    Violation,
)
from tests.simulator.charging import Bench

REFUSED_RANGE = Refused(Refusal.OUT_OF_RANGE)


def offences(bench: Bench) -> list[Violation]:
    return [offence.violation for offence in bench.charger.journal.offences]


def limit(bench: Bench) -> float | None:
    status = bench.charger.status()
    return status.limit_a if status else None


def test_out_of_the_box_a_charger_offers_its_maximum() -> None:
    assert Bench("exact").draws(2) == [32.0, 32.0]


def test_an_exact_charger_follows_in_the_next_second_in_tenths_of_an_ampere() -> None:
    bench = Bench("exact")
    for ampere, offered in ((16.0, 16.0), (6.0, 6.0), (7.3, 7.3), (10.19, 10.1), (32.0, 32.0)):
        assert bench.charger.set_current(ampere) == Accepted()
        assert bench.after(1) == pytest.approx(offered)
        assert limit(bench) == pytest.approx(offered)
    assert offences(bench) == []


def test_a_pause_stops_the_car_and_its_end_starts_it_at_the_same_current() -> None:
    bench = Bench("exact")
    bench.charger.set_current(10.0)
    bench.draws(3)
    assert bench.charger.set_enabled(on=False) == Accepted()
    assert bench.draws(3) == [0.0] * 3
    assert bench.charger.set_enabled(on=True) == Accepted()
    assert bench.draws(2) == [10.0, 10.0]


def test_a_late_charger_says_at_once_what_it_does_after_8_seconds() -> None:
    bench = Bench("late")
    bench.draws(2)
    bench.charger.set_current(8.0)
    assert limit(bench) == 8.0
    assert bench.draws(10) == [32.0] * 8 + [8.0] * 2


def test_a_patient_charger_takes_the_latest_of_the_currents_it_was_told_in_its_six_seconds() -> None:
    bench = Bench("patient")
    bench.charger.set_current(20.0)
    bench.draws(4)
    bench.charger.set_current(10.0)
    assert bench.draws(4) == [32.0] * 2 + [10.0] * 2
    bench.charger.set_current(12.0)
    assert bench.draws(7) == [10.0] * 6 + [12.0]


def test_a_patient_charger_pauses_at_once_and_remembers_the_current_that_waits() -> None:
    bench = Bench("patient")
    bench.draws(2)
    bench.charger.set_current(8.0)
    bench.charger.set_enabled(on=False)
    assert bench.draws(8) == [0.0] * 8
    bench.charger.set_enabled(on=True)
    assert bench.after(1) == 8.0


@pytest.mark.parametrize(
    ("character", "told", "offered"),
    [
        ("coarse", 7.9, 7.0),
        ("coarse", 8.0, 8.0),
        ("coarse-up", 8.1, 10.0),
        ("coarse-up", 8.0, 8.0),
        ("coarse-up", 31.5, 32.0),
        ("nearest", 7.5, 8.0),
        ("nearest", 7.4, 7.0),
    ],
)
def test_coarse_chargers_round_each_in_its_way(character: str, told: float, offered: float) -> None:
    bench = Bench(character)
    assert bench.charger.set_current(told) == Accepted()
    assert bench.after(1) == offered


@pytest.mark.parametrize(
    ("character", "answer", "offered"),
    [("exact", REFUSED_RANGE, 32.0), ("coarse", Accepted(), 6.0), ("nearest", Accepted(), 0.0)],
)
def test_below_6_a_a_charger_refuses_or_clamps_or_pauses_and_it_is_an_offence(
    character: str, answer: Accepted | Refused, offered: float
) -> None:
    bench = Bench(character)
    assert bench.charger.set_current(5.9) == answer
    assert bench.after(3) == offered
    assert offences(bench) == [Violation.OUT_OF_RANGE]


def test_zero_is_no_offence_where_it_is_the_way_to_pause() -> None:
    bench = Bench("nearest")
    assert bench.charger.set_current(0.0) == Accepted()
    assert bench.after(1) == 0.0
    assert offences(bench) == []


@pytest.mark.parametrize("nonsense", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("character", ["exact", "coarse", "nearest"])
def test_what_is_no_number_is_refused_by_all(character: str, nonsense: float) -> None:
    bench = Bench(character)
    assert bench.charger.set_current(nonsense) == REFUSED_RANGE
    assert bench.after(1) == 32.0
    assert offences(bench) == [Violation.OUT_OF_RANGE]


def test_above_its_maximum_a_charger_offers_its_maximum_and_it_is_an_offence() -> None:
    bench = Bench("exact")
    bench.charger.set_current(40.0)
    assert bench.after(1) == 32.0
    assert offences(bench) == [Violation.OUT_OF_RANGE]


def test_a_charger_that_resets_forgets_its_current_when_it_is_enabled() -> None:
    bench = Bench("resets")
    bench.charger.set_enabled(on=False)
    bench.charger.set_current(10.0)
    bench.draws(2)
    bench.charger.set_enabled(on=True)
    assert bench.after(1) == 32.0
    assert limit(bench) == 32.0
    bench.charger.set_current(10.0)
    assert bench.after(1) == 10.0


def test_being_enabled_again_while_enabled_resets_nothing() -> None:
    bench = Bench("resets")
    bench.charger.set_current(10.0)
    bench.charger.set_enabled(on=True)
    assert bench.after(1) == 10.0


def test_a_deaf_charger_accepts_and_echoes_everything_and_goes_on() -> None:
    bench = Bench("deaf")
    assert bench.charger.set_current(6.0) == Accepted()
    assert bench.charger.set_enabled(on=False) == Accepted()
    status = bench.charger.status()
    assert status
    assert (status.limit_a, status.enabled) == (6.0, False)
    assert bench.draws(60) == [32.0] * 60


def test_a_charger_that_has_vanished_answers_nothing_keeps_its_current_and_comes_back() -> None:
    bench = Bench("exact")
    bench.charger.set_current(12.0)
    bench.draws(2)
    bench.charger.vanish(30.0)
    assert bench.charger.set_current(6.0) == NoAnswer()
    assert bench.charger.status() is None
    assert bench.draws(30) == [12.0] * 30
    assert limit(bench) == 12.0
    assert bench.charger.set_current(6.0) == Accepted()
    assert bench.after(1) == 6.0


def test_a_vanishing_charger_is_away_now_and_then_for_three_minutes() -> None:
    bench = Bench("vanishing")
    reachable = []
    for _ in range(8 * 3600):
        bench.house.step()
        reachable.append(bench.charger.status() is not None)
    absences = sum(was and not now for was, now in pairwise(reachable))
    assert 3 <= absences <= 16
    assert reachable.count(False) >= 150 * absences


def test_a_dying_charger_keeps_its_current_for_ever() -> None:
    bench = Bench("dying")
    bench.charger.set_current(11.0)
    bench.draws(600)
    assert bench.charger.status() is None
    assert bench.charger.set_enabled(on=False) == NoAnswer()
    assert bench.after(600) == 11.0


def test_a_dying_charger_does_not_age_while_it_is_paused() -> None:
    bench = Bench("dying")
    bench.charger.set_enabled(on=False)
    bench.draws(1200)
    assert bench.charger.set_enabled(on=True) == Accepted()
    bench.draws(590)
    assert bench.charger.status() is not None


def test_a_cloud_charger_accepts_one_write_of_a_kind_in_a_quarter_of_an_hour() -> None:
    bench = Bench("cloud")
    assert bench.charger.set_current(16.0) == Accepted()
    assert bench.charger.set_enabled(on=True) == Accepted()
    bench.draws(899)
    assert bench.charger.set_current(10.0) == Refused(Refusal.TOO_SOON)
    assert bench.charger.set_enabled(on=False) == Refused(Refusal.TOO_SOON)
    assert [bench.charger.heartbeat(), bench.charger.heartbeat()] == [Accepted(), Accepted()]
    assert offences(bench) == [Violation.TOO_SOON] * 2
    assert bench.after(1) == 16.0
    assert bench.charger.set_current(10.0) == Accepted()
    assert bench.draws(7) == [16.0] * 5 + [10.0] * 2
    assert len(bench.charger.journal.refused) == 2


def test_a_sticky_charger_needs_a_pause_to_leave_6_a() -> None:
    bench = Bench("sticky")
    bench.charger.set_current(6.0)
    bench.draws(2)
    bench.charger.set_current(16.0)
    assert limit(bench) == 16.0
    assert bench.after(60) == 6.0
    bench.charger.set_enabled(on=False)
    bench.draws(3)
    bench.charger.set_enabled(on=True)
    assert bench.after(1) == 16.0
    bench.charger.set_current(12.0)
    assert bench.after(1) == 12.0


def test_a_charger_with_a_heartbeat_falls_back_without_one_and_follows_again_with_one() -> None:
    bench = Bench("heartbeat")
    bench.charger.set_current(16.0)
    assert bench.draws(62) == [16.0] * 60 + [6.0] * 2
    assert bench.charger.heartbeat() == Accepted()
    assert bench.after(1) == 16.0
    for _ in range(5):
        bench.charger.heartbeat()
        assert bench.draws(50) == [16.0] * 50


def test_a_pause_outlives_the_missing_heartbeat() -> None:
    bench = Bench("heartbeat")
    bench.charger.set_enabled(on=False)
    assert bench.after(200) == 0.0


def test_a_slow_charger_raises_by_half_an_ampere_each_second_and_lowers_at_once() -> None:
    bench = Bench("slow")
    bench.charger.set_current(6.0)
    assert bench.after(1) == 6.0
    bench.charger.set_current(8.0)
    assert bench.draws(5) == [6.5, 7.0, 7.5, 8.0, 8.0]
    bench.charger.set_enabled(on=False)
    bench.draws(3)
    bench.charger.set_enabled(on=True)
    assert bench.draws(3) == [6.0, 6.5, 7.0]


def test_phases_are_switched_while_the_contactor_is_open() -> None:
    bench = Bench("exact", switches_phases=True)
    bench.draws(2)
    bench.charger.set_enabled(on=False)
    bench.draws(2)
    assert bench.charger.set_phases(1) == Accepted()
    bench.charger.set_enabled(on=True)
    bench.draws(2)
    assert [abs(current) > 30.0 for current in bench.house.incomer_a[:3]] == [True, False, False]
    assert offences(bench) == []


def test_switching_phases_under_load_is_refused_and_an_offence() -> None:
    bench = Bench("exact", switches_phases=True)
    bench.draws(2)
    assert bench.charger.set_phases(1) == Refused(Refusal.CONTACTOR_CLOSED)
    assert bench.charger.set_phases(3) == Accepted()
    assert offences(bench) == [Violation.SWITCHED_UNDER_LOAD]


def test_a_late_charger_that_gets_to_it_under_load_does_not_switch_and_it_is_an_offence() -> None:
    bench = Bench("late", switches_phases=True)
    bench.charger.set_enabled(on=False)
    bench.draws(20)
    bench.charger.set_enabled(on=True)
    bench.draws(2)
    assert bench.charger.set_phases(1) == Accepted()
    assert bench.draws(8) == [0.0] * 6 + [32.0] * 2
    assert offences(bench) == []
    assert bench.after(1) == 32.0
    assert offences(bench) == [Violation.SWITCHED_UNDER_LOAD]
    assert [abs(current) > 30.0 for current in bench.house.incomer_a[:3]] == [True, True, True]


def test_a_charger_without_the_second_contactor_refuses_other_phases() -> None:
    bench = Bench("exact")
    assert bench.charger.set_phases(1) == Refused(Refusal.FIXED_PHASES)
    assert bench.charger.set_phases(3) == Accepted()


def test_the_journal_holds_every_command_with_its_time_and_answer() -> None:
    bench = Bench("exact", switches_phases=True)
    bench.draws(3)
    bench.charger.set_current(9.5)
    bench.charger.heartbeat()
    bench.draws(2)
    bench.charger.set_enabled(on=False)
    bench.charger.set_phases(1)
    bench.charger.set_current(2.0)
    journal = bench.charger.journal
    assert [(entry.at_s, entry.command, entry.answer) for entry in journal.entries] == [
        (3.0, SetCurrent(9.5), Accepted()),
        (3.0, Heartbeat(), Accepted()),
        (5.0, SetEnabled(on=False), Accepted()),
        (5.0, SetPhases(1), Refused(Refusal.CONTACTOR_CLOSED)),
        (5.0, SetCurrent(2.0), REFUSED_RANGE),
    ]
    assert journal.commands(SetCurrent) == [SetCurrent(9.5), SetCurrent(2.0)]


@pytest.mark.parametrize("character", sorted(CHARACTERS))
def test_the_same_seed_gives_the_same_life(character: str) -> None:
    lives = []
    for _ in range(2):
        bench = Bench(character, seed=7)
        bench.charger.set_current(10.0)
        lives.append((bench.draws(1200), bench.charger.status(), bench.charger.delivered_j))
    assert lives[0] == lives[1]
