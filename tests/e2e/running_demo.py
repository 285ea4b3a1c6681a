"""``scripts/demo`` as a person at a terminal has it."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ROOT / "scripts" / "demo"
STOP_TIMEOUT_S = 60.0


def folder_of(port: int) -> Path:
    """Where a demo keeps Home Assistant's configuration and the logs."""
    return ROOT / ".cache" / "demo" / str(port)


class RunningDemo:
    """A demo that has been started and has said where to look."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.folder = folder_of(port)
        self._process = subprocess.Popen(
            [COMMAND, "--port", str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        self._listen_until("Ctrl-C")

    @property
    def gateway_port(self) -> int:
        """Where the simulated gateway speaks."""
        found = re.search(r"gateway at 127\.0\.0\.1, port (\d+)", self.said)
        assert found
        return int(found[1])

    def press_ctrl_c(self) -> int:
        """Send SIGINT to the foreground group, as a terminal does; returns the exit status."""
        os.killpg(self._process.pid, signal.SIGINT)
        rest, _ = self._process.communicate(timeout=STOP_TIMEOUT_S)
        self.said += rest
        return self._process.returncode

    def stop(self) -> None:
        """Stop it, unless that was done, and tidy up."""
        if self._process.poll() is None:
            self.press_ctrl_c()
        shutil.rmtree(self.folder)

    def programs(self) -> list[psutil.Process]:
        """The programs that work in its folder."""
        folder = str(self.folder)
        return [process for process in psutil.process_iter(["cmdline"]) if folder in " ".join(_command(process))]

    def _listen_until(self, word: str) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.said += line
            if word in line:
                return
        raise AssertionError(f"the demo has ended:\n{self.said}")


def _command(process: psutil.Process) -> list[str]:
    return process.info["cmdline"] or []
