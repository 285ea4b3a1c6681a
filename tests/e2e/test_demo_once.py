"""``scripts/demo`` without anybody watching: a check that ends by itself, and a start that cannot succeed."""

import re
import shutil
import socket
import subprocess

from tests.e2e.running_demo import COMMAND, folder_of
from tests.mosquitto import free_port

LIVE_CHANNEL = re.compile(r"│ .+ │ (grid|solar|load) +│ L[123] +│ +-?\d+ W │ +\d+\.\d A │")


def run_demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False)


def test_once_shows_every_ct_alive_and_ends_with_0() -> None:
    port = free_port()
    result = run_demo("--once", "--port", str(port))
    assert result.returncode == 0, result.stdout + result.stderr
    shutil.rmtree(folder_of(port))
    assert len(LIVE_CHANNEL.findall(result.stdout)) >= 12
    for name in ("Grid", "Solar", "House"):
        assert re.search(rf"│ {name} +│ +-?\d+ W │ .*\d kWh │", result.stdout)
    assert "✓ The charger is kept below a fuse of 25 A" in result.stdout
    assert re.search(r"│ May draw +│ +\d+\.\d A +│", result.stdout)
    assert "✓ The bridge publishes Homie devices and plain topics" in result.stdout
    assert "no warnings or errors in the log" in result.stdout


def test_a_taken_port_is_one_clear_message_and_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = run_demo("--port", str(port))
    assert result.returncode == 2
    assert f"port {port}: Address already in use" in result.stderr
    assert f"scripts/demo --port {port + 1}" in result.stderr
    assert "Traceback" not in result.stderr
