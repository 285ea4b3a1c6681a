"""The component's folder alone, as a zip, in a Home Assistant that knows nothing of this project."""

import re
import shutil
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from demo import account, config_folder
from demo.programs import LAUNCHER
from tests.e2e.browser import PATIENCE_MS, open_browser
from tests.e2e.home_assistant import PATIENCE_S, HomeAssistant, running
from tests.e2e.running_demo import ROOT
from tests.mosquitto import free_port

COMPONENT = ROOT / "custom_components" / "smappee_infinity"
PYTHONS = {"2026.10": Path(sys.executable), "2026.11": ROOT / ".venv-2026.11" / "bin" / "python"}
GRID_POWER = "sensor.smappee_genius_grid_power"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """What a release holds: the folder, without what Python leaves in it."""
    path = tmp_path / "smappee_infinity.zip"
    with zipfile.ZipFile(path, "w") as content:
        for file in sorted(COMPONENT.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                content.write(file, file.relative_to(COMPONENT))
    return path


@pytest.fixture
def gateway_port(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    with running(sys.executable, "-m", "simulator", "--port", str(port), log=tmp_path / "simulator.log", cwd=ROOT):
        yield port


@pytest.fixture(params=PYTHONS)
def home_assistant(request: pytest.FixtureRequest, tmp_path: Path, archive: Path) -> Iterator[HomeAssistant]:
    python = PYTHONS[request.param]
    if not python.exists():
        pytest.skip(f"there is no Home Assistant {request.param} here; scripts/setup --ha {request.param} installs it")
    port, config, log = free_port(), tmp_path / "config", tmp_path / "home-assistant.log"
    config_folder.make(config, port)
    installed = config / "custom_components" / COMPONENT.name
    installed.unlink()
    with zipfile.ZipFile(archive) as content:
        content.extractall(installed)
    # -P and cwd: nothing of this project is found but what was unpacked.
    with running(str(python), "-P", str(LAUNCHER), "--config", str(config), "--log-no-color", log=log, cwd=config):
        yield HomeAssistant(f"http://127.0.0.1:{port}", log)
    shutil.rmtree(config)


def test_it_is_set_up_through_its_pages(home_assistant: HomeAssistant, gateway_port: int) -> None:
    with open_browser() as browser:
        browser.log_in(home_assistant.url, account.USER, account.PASSWORD)
        page = browser.page
        # The log-in is complete when there is something to see.
        expect(page.locator("ha-sidebar")).to_be_visible(timeout=PATIENCE_MS)
        page.goto(f"{home_assistant.url}/config/integrations/dashboard/add?domain=smappee_infinity")
        page.get_by_role("button", name="OK").click()
        dialog = page.locator("dialog-data-entry-flow")
        dialog.locator("input:not([type=number])").first.fill("127.0.0.1")
        dialog.locator("input[type=number]").fill(str(gateway_port))
        page.get_by_role("button", name="Submit").click()
        finish = page.get_by_role("button", name="Skip and finish")
        expect(finish).to_be_visible(timeout=PATIENCE_MS)
        assert {"EV charger", "Heat pump", "Garden lights"} <= {
            field.input_value() for field in dialog.get_by_role("textbox").all()
        }
        finish.click()
        expect(dialog.get_by_role("textbox")).to_have_count(0)
    deadline = time.monotonic() + PATIENCE_S
    while not re.fullmatch(r"-?\d+", home_assistant.state(GRID_POWER)):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert home_assistant.complaints() == ""
