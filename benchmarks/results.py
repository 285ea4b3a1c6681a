"""What a case reports, as a table for people and as JSON for programs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from rich.table import Table

OURS = "ours"
MEDIAN, WORST = "median", "worst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure of ours, beside that of a peer where there is one. Less is better, but of energies."""

    name: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    at_most: float | None = None
    """The ratio aimed at."""
    scenario: str = ""
    """Where it was found, if there are many places; those have a table of their own (`benchmarks.scenario_table`)."""
    spread: str = ""
    """Of several runs, which: `MEDIAN` or `WORST`."""
    missed: bool = False
    """Our figure is not what was aimed at."""

    @property
    def full_name(self) -> str:
        """What it is, where, and of which run."""
        where = f"{self.scenario}: " if self.scenario else ""
        return f"{where}{self.name}, {self.spread}" if self.spread else f"{where}{self.name}"

    @property
    def ratio(self) -> float | None:
        """Our figure divided by the peer's; None where there is none, or it is 0."""
        return self.value / self.peer_value if self.peer_value else None


def beside_peers(name: str, unit: str, values: Mapping[str, float], at_most: Mapping[str, float]) -> list[Result]:
    """Return a result for each peer. `values` holds ours (under `OURS`) and theirs, `at_most` the ratios aimed at."""
    return [
        Result(name=name, value=values[OURS], unit=unit, peer=peer, peer_value=peer_value, at_most=at_most.get(peer))
        for peer, peer_value in values.items()
        if peer != OURS
    ]


def as_json(results: Iterable[Result]) -> str:
    """Return a list of `{name, value, unit, peer, ratio}`; peer and ratio are null where there is no peer."""
    figures = [
        {
            "name": result.full_name,
            "value": round(result.value, 3),
            "unit": result.unit,
            "peer": result.peer,
            "ratio": None if result.ratio is None else round(result.ratio, 3),
        }
        for result in results
    ]
    return json.dumps(figures, indent=2, ensure_ascii=False) + "\n"


def as_table(results: Iterable[Result], caption: str) -> Table:
    """Return a table with a row for each result; what belongs together is named once."""
    table = Table("what", caption=caption, caption_justify="left")
    table.add_column("ours", justify="right", no_wrap=True)
    table.add_column("peer", no_wrap=True)
    for heading in ("peer's", "ratio", "target"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, group in groupby(results, key=attrgetter("name")):
        for row, result in enumerate(group):
            table.add_row("" if row else name, *_cells(result))
        table.add_section()
    return table


def _cells(result: Result) -> tuple[str, ...]:
    return (
        f"{result.value:.1f} {result.unit}",
        result.peer or "",
        "" if result.peer_value is None else f"{result.peer_value:.1f} {result.unit}",
        "" if result.ratio is None else f"{result.ratio:.2f}",
        "" if result.at_most is None else f"at most {result.at_most}",
    )
