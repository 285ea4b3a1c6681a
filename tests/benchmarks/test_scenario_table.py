"""Figures from many places become one table: contenders are rows, figures are columns."""

from rich.console import Console

from benchmarks.results import MEDIAN, WORST, Result
from benchmarks.scenario_table import as_scenario_table


def figure(value: float, peer: str, peer_value: float, spread: str = "", *, missed: bool = False) -> Result:
    return Result(
        name="above",
        unit="s",
        value=value,
        peer=peer,
        peer_value=peer_value,
        scenario="evening",
        spread=spread,
        missed=missed,
    )


def lines(*results: Result) -> list[str]:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(as_scenario_table(results))
    return captured.get().splitlines()


def row(table: list[str], contender: str) -> list[str]:
    (found,) = [line for line in table if line.startswith(f"│   {contender} ")]
    return [cell.strip() for cell in found.split("│")[2:-1]]


def test_median_and_worst_share_a_cell_for_each_contender() -> None:
    table = lines(
        figure(2.0, "loop", 23.0, MEDIAN),
        figure(2.0, "timer", 141.24, MEDIAN),
        figure(5.04, "loop", 47.5, WORST),
        figure(5.04, "timer", 1719.0, WORST),
    )
    assert "evening" in "".join(table)
    assert "above, s" in "".join(table)
    assert row(table, "ours") == ["2 / 5"]
    assert row(table, "loop") == ["23 / 47.5"]
    assert row(table, "timer") == ["141 / 1719"]


def test_a_figure_without_spread_stands_alone_and_what_was_missed_is_marked() -> None:
    table = lines(figure(1.0, "loop", 0.0, missed=True))
    assert row(table, "ours") == ["1!"]
    assert row(table, "loop") == ["0"]


def test_a_contender_has_an_empty_cell_where_it_has_no_figure() -> None:
    other = Result(name="share", unit="%", value=98.0, scenario="evening")
    table = lines(figure(1.0, "perfect", 2.0), other)
    assert row(table, "ours") == ["1", "98"]
    assert row(table, "perfect") == ["2", ""]
