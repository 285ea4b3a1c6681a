"""Our entities and the `mqtt` sensors that they are measured beside show the same, in a Home Assistant of their own."""

import json
import subprocess
import sys

import pytest

pytest.importorskip("homeassistant", reason="Home Assistant is installed in the full environment only")

PROGRAM = """
import json
from benchmarks.entities.message import message
print(json.dumps([(result.name, result.peer, result.value > 0, result.ratio > 0) for result in message(1)]))
"""


def test_a_message_reaches_ours_and_the_peers() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    ((name, peer, took_time, has_ratio),) = json.loads(done.stdout)
    assert (peer, took_time, has_ratio) == ("mqtt templates", True, True)
    number = int(name.split()[2])
    assert number > 150
