"""A real Mosquitto on a free port of this machine."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin")
START_TIMEOUT_S = 10.0
RELOADING = "Reloading config"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Mosquitto:
    """Starts and stops on the same port, so that tests can take a broker away and bring it back."""

    host = "127.0.0.1"

    def __init__(self, folder: Path, *settings: str) -> None:
        """`settings` are further lines of its configuration."""
        if PROGRAM is None:
            pytest.skip("mosquitto is not installed; scripts/setup tells how to get it")
        self.port = free_port()
        self.log = folder / "mosquitto.log"
        self._command = [PROGRAM, "-c", str(folder / "mosquitto.conf")]
        lines = (f"listener {self.port} {self.host}", "allow_anonymous true", "persistence false", *settings)
        (folder / "mosquitto.conf").write_text("".join(f"{line}\n" for line in lines))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        self._wait(self._listens)

    def read_again(self) -> None:
        """Let it take its configuration anew, with the rules of who may publish what."""
        assert self._process is not None
        before = self.log.read_text().count(RELOADING)
        self._process.send_signal(signal.SIGHUP)
        self._wait(lambda: self.log.read_text().count(RELOADING) > before)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.005)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((self.host, self.port)) == 0
