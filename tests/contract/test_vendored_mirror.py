"""The component's copy of the shared packages is the one that `scripts/vendor` would write now."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MIRROR = ROOT / "custom_components" / "smappee_infinity" / "_vendor"


def test_the_copy_is_up_to_date() -> None:
    check = subprocess.run(
        [sys.executable, "scripts/vendor.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (check.returncode, check.stderr) == (0, "")


def test_the_copy_stands_alone() -> None:
    shared = ("from mqtt_schema", "import mqtt_schema", "from smappee_gateway", "import smappee_gateway")
    for file in MIRROR.rglob("*.py"):
        assert not [line for line in file.read_text().splitlines() if line.startswith(shared)]
