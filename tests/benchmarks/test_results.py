"""What a benchmark reports."""

import io
import json

from rich.console import Console

from benchmarks.results import OURS, WORST, Result, as_json, as_table, beside_peers

RESULTS = [
    *beside_peers("second", "µs", {"fast": 10.0, OURS: 20.0, "slow": 40.0}, {"fast": 2.5}),
    Result(name="memory", value=12.34567, unit="MB"),
]


def test_the_ratio_is_ours_by_the_peers() -> None:
    assert [result.ratio for result in RESULTS] == [2.0, 0.5, None]


def test_json_is_a_list_of_name_value_unit_peer_ratio() -> None:
    assert json.loads(as_json(RESULTS)) == [
        {"name": "second", "value": 20.0, "unit": "µs", "peer": "fast", "ratio": 2.0},
        {"name": "second", "value": 20.0, "unit": "µs", "peer": "slow", "ratio": 0.5},
        {"name": "memory", "value": 12.346, "unit": "MB", "peer": None, "ratio": None},
    ]


def test_the_table_names_a_case_once_and_shows_the_target() -> None:
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(as_table(RESULTS, "on this machine"))
    lines = console.export_text().splitlines()
    assert [line.replace("│", " ").split() for line in lines if "µs" in line or "MB" in line] == [
        ["second", "20.0", "µs", "fast", "10.0", "µs", "2.00", "at", "most", "2.5"],
        ["20.0", "µs", "slow", "40.0", "µs", "0.50"],
        ["memory", "12.3", "MB"],
    ]
    assert "on this machine" in lines[-1]


def test_a_peer_without_any_has_no_ratio() -> None:
    assert Result(name="trips", value=1.0, unit="times", peer="theirs", peer_value=0.0).ratio is None


def test_json_names_the_scenario_and_which_of_its_runs() -> None:
    result = Result(name="heat", value=50.0, unit="%", scenario="evening", spread=WORST)
    in_all = Result(name="trips", value=0.0, unit="", scenario="evening")
    assert [one["name"] for one in json.loads(as_json([result, in_all]))] == ["evening: heat, worst", "evening: trips"]
