"""How contenders are timed."""

from benchmarks.rounds import Contender, Work, each, fastest_s


def test_contenders_take_turns_and_each_round_begins_afresh() -> None:
    happened: list[str] = []

    def contender(name: str) -> Contender:
        def prepare() -> Work:
            happened.append(f"prepare {name}")
            return lambda: happened.append(f"work {name}")

        return prepare

    fastest_s({"A": contender("A"), "B": contender("B")}, rounds=2)
    assert happened == ["prepare A", "work A", "prepare B", "work B"] * 2


def test_every_item_is_given_to_a_fresh_function_one_by_one() -> None:
    rounds: list[list[int]] = []

    def make() -> list[int]:
        rounds.append([])
        return rounds[-1]

    fastest_s({"only": each(lambda: make().append, (1, 2, 3))}, rounds=2)
    assert rounds == [[1, 2, 3], [1, 2, 3]]


def test_each_contender_has_a_time() -> None:
    times_s = fastest_s({"A": each(lambda: str, range(10)), "B": each(lambda: hex, range(10))}, rounds=1)
    assert set(times_s) == {"A", "B"}
    assert all(0 < time_s < float("inf") for time_s in times_s.values())
