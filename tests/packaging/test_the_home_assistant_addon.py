import asyncio
import json
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from openhab_bridge.configuration.file import load
from openhab_bridge.settings import Settings
from smappee_gateway.broker import Broker
from tests.packaging.addon import DESCRIPTION, FOLDER, ROOT, read

LANGUAGES = ("en", "nl", "fr", "de")
GATEWAY = {"host": "192.168.1.40", "port": None, "user": "", "serial": "5010001234", "time_zone": "Europe/Brussels"}


def test_the_description_has_only_documented_keys() -> None:
    DESCRIPTION(read("config.yaml"))


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert read("config.yaml")["version"] == project["version"]


def test_every_option_that_must_be_there_has_a_value() -> None:
    description = read("config.yaml")
    needed = {name for name, kind in description["schema"].items() if not str(kind).endswith("?")}
    assert set(description["options"]) == needed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_has_a_name_and_a_description(language: str) -> None:
    texts = read(f"translations/{language}.yaml")
    assert set(texts) == {"configuration"}
    assert set(texts["configuration"]) == set(read("config.yaml")["schema"])
    assert all(
        set(option) == {"name", "description"} and all(option.values()) for option in texts["configuration"].values()
    )


def test_the_documentation_names_every_option() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", (FOLDER / "DOCS.md").read_text(), re.MULTILINE))
    assert named == set(read("config.yaml")["schema"])


@pytest.mark.parametrize("picture", ["icon.png", "logo.png"])
def test_the_pictures_are_those_of_the_component(picture: str) -> None:
    brand = ROOT / "custom_components" / "smappee_infinity" / "brand"
    assert (FOLDER / picture).read_bytes() == (brand / picture).read_bytes()


async def test_the_bridge_reads_what_is_made_of_the_options(tmp_path: Path) -> None:
    target = {"host": "192.168.1.9", "port": 8883, "user": "bridge", "password": "p@ss: #", "tls": True}
    settings = await _settings(
        tmp_path, {"gateways": [GATEWAY], "target": target, "discovery": True, "all_points": True}
    )
    assert (settings.target.address, settings.target.user, settings.target.password) == (
        "192.168.1.9:8883",
        "bridge",
        "p@ss: #",
    )
    assert settings.target.tls is not None
    assert [(gateway.broker, gateway.serial, gateway.time_zone) for gateway in settings.gateways] == [
        (Broker("192.168.1.40"), "5010001234", "Europe/Brussels")
    ]
    assert settings.discovery.enabled
    assert settings.all_points
    assert settings.state_folder == Path("/data")
    assert settings.web.port == read("config.yaml")["ingress_port"]


async def test_without_a_target_the_broker_of_home_assistant_is_used(tmp_path: Path) -> None:
    async def services(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer token"
        broker = {"host": "core-mosquitto", "port": 1883, "ssl": False, "username": "addons", "password": "secret"}
        return web.json_response({"result": "ok", "data": broker})

    supervisor = web.Application()
    supervisor.router.add_get("/services/mqtt", services)
    async with TestServer(supervisor) as server:
        settings = await _settings(tmp_path, {"gateways": [GATEWAY], "target": {}}, str(server.make_url("")))
    assert settings.target == Broker("core-mosquitto", 1883, "addons", "secret")
    assert not settings.discovery.enabled


async def test_without_any_broker_it_says_what_to_do(tmp_path: Path) -> None:
    async with TestServer(web.Application()) as server:
        status, out, err = await _configure(tmp_path, {"gateways": [GATEWAY]}, str(server.make_url("")))
    assert (status, out) == (1, "")
    assert err.startswith("error: no MQTT broker: install the Mosquitto add-on")


async def test_a_file_of_the_user_replaces_the_options(tmp_path: Path) -> None:
    assert await _configure(tmp_path, {"gateways": [], "config_file": "my.yaml"}) == (0, "/config/my.yaml\n", "")


async def _settings(folder: Path, options: dict[str, object], supervisor: str = "http://127.0.0.1:9") -> Settings:
    status, out, err = await _configure(folder, options, supervisor)
    assert (status, err) == (0, "")
    return load(Path(out.strip()), {})


async def _configure(
    folder: Path, options: dict[str, object], supervisor: str = "http://127.0.0.1:9"
) -> tuple[int | None, str, str]:
    """Run the add-on's program as its script does."""
    (folder / "options.json").write_text(json.dumps(options))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        FOLDER / "configure.py",
        folder / "options.json",
        folder / "bridge.yaml",
        env=os.environ | {"SUPERVISOR_URL": supervisor, "SUPERVISOR_TOKEN": "token"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()
