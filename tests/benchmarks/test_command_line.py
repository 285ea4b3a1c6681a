"""`scripts/bench` as a user meets it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pysmappee", reason="the peers are installed in the full environment only")

ROOT = Path(__file__).parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "benchmarks", *arguments)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_prints_a_table_and_writes_the_figures(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    done = bench("--rounds", "1", "--json", str(file), "realtime", "start")
    assert (done.returncode, done.stderr) == (0, "==> measuring realtime\n==> measuring start\n")
    figures = json.loads(file.read_text())
    assert {figure["peer"] for figure in figures} == {"orjson.loads", "json.loads", "pysmappee"}
    for figure in figures:
        assert set(figure) == {"name", "value", "unit", "peer", "ratio"}
        assert figure["value"] > 0
        assert figure["ratio"] > 0
        assert figure["peer"] in done.stdout


def test_one_case_can_be_asked_for() -> None:
    done = bench("--rounds", "1", "start")
    assert (done.returncode, done.stderr) == (0, "==> measuring start\n")
    assert "realtime" not in done.stdout


@pytest.mark.parametrize("wrong", ["nowhere", "--rounds=0"])
def test_a_mistake_is_explained(wrong: str) -> None:
    done = bench(wrong)
    assert done.returncode == 2
    assert wrong.removesuffix("=0") in done.stderr
    assert "Traceback" not in done.stderr
