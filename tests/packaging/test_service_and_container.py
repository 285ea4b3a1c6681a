import asyncio
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from openhab_bridge.settings import WebSettings
from openhab_bridge.status import Status
from openhab_bridge.web import serving
from tests.openhab_bridge.web.examples import UNWELL, WELL
from tests.packaging.addon import ROOT

UNIT = ROOT / "packaging" / "systemd" / "smappee-bridge.service"
CONTAINER = ROOT / "packaging" / "container" / "Containerfile"
PROGRAM = "/opt/smappee-bridge/bin/python"
MOST_EXPOSED = 20
"""Tenths; systemd calls what is below 20 well protected, and an ordinary service has 96."""


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, with a program that every machine has."""
    path = tmp_path / UNIT.name
    text = UNIT.read_text()
    assert PROGRAM in text
    path.write_text(text.replace(PROGRAM, "/bin/true"))
    return path


def test_systemd_finds_no_mistake_in_the_unit(unit: Path) -> None:
    assert _analyze("verify", "--man=no", str(unit)) == ""


def test_systemd_finds_the_service_well_protected(unit: Path) -> None:
    _analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(unit))


def test_the_container_gets_every_package_of_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    copied = {line.split()[1] for line in CONTAINER.read_text().splitlines() if line.startswith("COPY ")} - {
        "pyproject.toml"
    }
    assert copied == set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert all((ROOT / name).is_dir() for name in copied)


@pytest.mark.parametrize(("status", "healthy"), [(WELL, True), (UNWELL, False)])
async def test_the_health_check_of_the_container_tells_how_the_bridge_is(status: Status, *, healthy: bool) -> None:
    found = re.search(r"^HEALTHCHECK .*?CMD (\[.*?\])$", CONTAINER.read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None
    python, *arguments = json.loads(found[1])
    assert python == "python"
    async with serving(WebSettings(port=0), lambda: status) as port:
        command = [argument.replace("127.0.0.1:8480", f"127.0.0.1:{port}") for argument in arguments]
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE)
        _, err = await process.communicate()
    assert (process.returncode == 0) is healthy
    assert healthy or "503" in err.decode()


def _analyze(*arguments: str) -> str:
    """Run systemd-analyze and return its complaints; skips where there is no systemd."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not on this machine; it comes with systemd")
    result = subprocess.run([program, "--no-pager", *arguments], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stderr
