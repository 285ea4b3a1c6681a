"""A real Mosquitto on a free port of this machine."""

import getpass
import json
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.authority import Signed

PATHS = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin:/opt/homebrew/bin"
PROGRAM = shutil.which("mosquitto", path=PATHS)
PERMISSIONS = Path("/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so")
"""The plugin that can refuse a subscription; a list of rules only keeps what is subscribed to."""
USER, PASSWORD = "anna", "p@ss"
"""Who may use a broker that asks."""
START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 5.0
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
        self._folder = folder
        self._command = [PROGRAM, "-c", str(folder / "mosquitto.conf")]
        self._process: subprocess.Popen[bytes] | None = None
        self.configure("allow_anonymous true", *settings)

    def configure(self, *settings: str) -> None:
        """Write its configuration file, which is read at the next start."""
        # Debian's starts as root and would then become a user who may not read the files of a test.
        lines = (f"user {getpass.getuser()}", f"listener {self.port} {self.host}", "persistence false", *settings)
        (self._folder / "mosquitto.conf").write_text("".join(f"{line}\n" for line in lines))

    def ask_for_a_password(self, *settings: str, password: str = PASSWORD) -> None:
        """From its next start, let nobody in but `USER`."""
        file = self._folder / "passwords"
        program = shutil.which("mosquitto_passwd", path=PATHS)
        assert program, "mosquitto_passwd comes with mosquitto"
        subprocess.run([program, "-b", "-c", str(file), USER, password], check=True, capture_output=True)
        self.configure("allow_anonymous false", f"password_file {file}", *settings)

    def use_tls(self, signed: Signed) -> None:
        """From its next start, speak TLS with this certificate."""
        self.configure("allow_anonymous true", f"certfile {signed.certificate}", f"keyfile {signed.key}")

    def forbid(self, topics: str) -> str:
        """Return the setting that keeps these topics from everybody."""
        file = self._folder / "acl"
        file.write_text(
            f"topic readwrite #\ntopic deny {topics}\nuser {USER}\ntopic readwrite #\ntopic deny {topics}\n"
        )
        return f"acl_file {file}"

    def refuse_subscriptions(self, allowed: str) -> None:
        """From its next start, let everybody publish, and subscribe to these topics only."""
        if not PERMISSIONS.exists():
            pytest.skip("this Mosquitto has no plugin that refuses subscriptions")
        file = self._folder / "permissions.json"
        file.write_text(json.dumps(_permissions(allowed)))
        self.configure("allow_anonymous true", f"plugin {PERMISSIONS}", f"plugin_opt_config_file {file}")

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

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
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:  # one that has just started may lose the signal
                self._process.kill()
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


def _permissions(allowed: str) -> dict[str, object]:
    everything = {"publishClientSend": True, "publishClientReceive": True, "subscribe": False, "unsubscribe": True}
    reading = {"acltype": "subscribePattern", "topic": allowed, "allow": True}
    return {
        "defaultACLAccess": everything,
        "roles": [{"rolename": "reader", "acls": [reading]}],
        "groups": [{"groupname": "all", "roles": [{"rolename": "reader"}]}],
        "anonymousGroup": "all",
        "clients": [],
    }
