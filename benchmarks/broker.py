"""A Mosquitto for what is measured through a broker."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

PROGRAM = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin")
HOST = "127.0.0.1"
PATIENCE_S = 10.0


@contextlib.contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """Run a broker and give its port. Raises RuntimeError where there is no Mosquitto, or when it does not start."""
    if PROGRAM is None:
        raise RuntimeError("mosquitto is not installed; scripts/setup tells how to get it")
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
    configuration = folder / "mosquitto.conf"
    configuration.write_text(f"listener {port} {HOST}\nallow_anonymous true\npersistence false\n")
    command = [PROGRAM, "-c", str(configuration)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("mosquitto does not start")
