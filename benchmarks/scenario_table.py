"""Figures from many places as a table: a row for each contender, a column for each figure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rich.table import Table

from benchmarks.results import OURS, Result

CAPTION = "median / worst of the runs; ! = not what was aimed at"
LARGE = 99.95
"""From here on tenths tell nothing."""

type Cells = dict[str, dict[str, list[str]]]
"""By contender and name of a figure: its median and its worst, or the one there is."""


def as_scenario_table(results: Iterable[Result]) -> Table:
    """Return a table of figures that have a scenario; that of a figure must be the same in each."""
    scenarios: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        scenarios[result.scenario].append(result)
    columns = {result.name: result.unit for found in scenarios.values() for result in found}
    table = Table(caption=CAPTION, caption_justify="left")
    table.add_column("scenario, controller", no_wrap=True)
    for name, unit in columns.items():
        table.add_column(f"{name}, {unit}" if unit else name, justify="right")
    for scenario, found in scenarios.items():
        table.add_row(scenario)
        for contender, figures in _cells(found).items():
            table.add_row(f"  {contender}", *(" / ".join(figures[name]) for name in columns))
        table.add_section()
    return table


def _cells(results: Iterable[Result]) -> Cells:
    cells: Cells = defaultdict(lambda: defaultdict(list))
    seen = set[tuple[str, str, str]]()
    for result in results:
        for contender, text in _texts(result):
            if (contender, result.name, result.spread) not in seen:
                seen.add((contender, result.name, result.spread))
                cells[contender][result.name].append(text)
    return cells


def _texts(result: Result) -> Iterator[tuple[str, str]]:
    """Give what each contender has reached. Ours comes once with each of its peers."""
    yield OURS, _number(result.value) + ("!" if result.missed else "")
    if result.peer is not None and result.peer_value is not None:
        yield result.peer, _number(result.peer_value)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= LARGE else f"{value:.1f}".removesuffix(".0")
