"""`python -m benchmarks`: measures, prints a table and perhaps writes the figures. Timings are never a failure."""

import argparse
import os
import platform
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from benchmarks.cases import CASES, measure
from benchmarks.results import Result, as_json, as_table
from benchmarks.scenario_table import as_scenario_table

ROUNDS = 100
SCENARIO_WIDTH = 160


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="What it costs, beside the alternatives.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"only these of: {', '.join(CASES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures too")
    parser.add_argument(
        "--rounds", type=_rounds, default=ROUNDS, metavar="N", help=f"fastest of so many (default {ROUNDS})"
    )
    arguments = parser.parse_args()
    unknown = set(arguments.cases) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}; there are: {', '.join(CASES)}")
    results = _measure_all(arguments.cases or CASES, arguments.rounds)
    caption = f"Python {platform.python_version()}, {os.cpu_count()} cores, fastest of {arguments.rounds} rounds"
    _print(results, caption)
    if arguments.json:
        try:
            arguments.json.write_text(as_json(results), encoding="utf-8")
        except OSError as error:
            parser.error(f"cannot write the figures: {error}")


def _print(results: Iterable[Result], caption: str) -> None:
    placed, others = [one for one in results if one.scenario], [one for one in results if not one.scenario]
    if placed:
        # A terminal that is too narrow folds lines, which can still be read; cells folded one by one cannot.
        Console(width=max(Console().width, SCENARIO_WIDTH)).print(as_scenario_table(placed))
    if others:
        Console().print(as_table(others, caption))


def _rounds(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError("give a number of at least 1")
    return int(text)


def _measure_all(cases: Iterable[str], rounds: int) -> list[Result]:
    console = Console(stderr=True, highlight=False)
    results: list[Result] = []
    for case in cases:
        console.print(f"==> measuring {case}")
        results += measure(case, rounds)
    return results


if __name__ == "__main__":
    main()
