"""What Home Assistant demands of the folder of a custom component, as far as its own checks can be made here."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from awesomeversion import AwesomeVersion
from homeassistant import loader
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from packaging.requirements import Requirement

import custom_components.smappee_infinity as component
from custom_components.smappee_infinity.const import CORE_DOMAIN, DOMAIN

FOLDER = Path(component.__file__).parent
MANIFEST: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text())
ROOT = FOLDER.parent.parent
KEYS = {
    "domain",
    "name",
    "after_dependencies",
    "codeowners",
    "config_flow",
    "dependencies",
    "documentation",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "loggers",
    "mqtt",
    "requirements",
    "version",
    "zeroconf",
}
"""The keys a custom component may have that we have a use for."""
UNDECLARED = {"diagnostics", *(platform.value for platform in Platform)}
"""Parts of Home Assistant that every integration may use; core's own integrations do not declare them either."""


def test_the_keys_are_known_and_in_order() -> None:
    keys = list(MANIFEST)
    assert set(keys) <= KEYS
    assert keys == ["domain", "name", *sorted(keys[2:])]


def test_what_the_store_demands_is_there() -> None:
    for key in ("domain", "documentation", "issue_tracker", "codeowners", "name", "version"):
        assert MANIFEST[key], key
    store = json.loads((ROOT / "hacs.json").read_text())
    assert set(store) == {"name", "homeassistant"}
    assert (FOLDER / "brand" / "icon.png").read_bytes().startswith(b"\x89PNG")


def test_the_domain_is_the_folder_and_not_one_of_home_assistants() -> None:
    assert MANIFEST["domain"] == FOLDER.name == DOMAIN
    core = Path(loader.__file__).parent / "components"
    assert (core / CORE_DOMAIN).is_dir()
    assert not (core / DOMAIN).exists()


def test_the_version_can_be_compared() -> None:
    version = AwesomeVersion(MANIFEST["version"])
    assert version.strategy.name == "SEMVER"
    assert f'version = "{version}"' in (ROOT / "pyproject.toml").read_text()


def test_requirements_have_no_spaces_and_are_met() -> None:
    for requirement in MANIFEST["requirements"]:
        assert " " not in requirement
        assert Requirement(requirement).specifier


def test_every_package_that_is_imported_is_required_or_comes_with_home_assistant() -> None:
    ours = {Requirement(requirement).name for requirement in MANIFEST["requirements"]}
    # The shared packages import voluptuous, in whose place Home Assistant puts probatio.
    home_assistants = {"aiohttp", "homeassistant", "probatio", "voluptuous", "yarl"}
    imported = {name.partition(".")[0] for file in sources() for name in imports(file)}
    assert imported - set(sys.stdlib_module_names) == ours | home_assistants


def test_every_integration_that_is_imported_is_declared() -> None:
    declared = {*MANIFEST.get("dependencies", ()), *MANIFEST.get("after_dependencies", ())}
    used = {
        match[1]
        for file in sources()
        for name in imports(file)
        if (match := re.match(r"homeassistant\.components\.(\w+)", name))
    }
    assert used - UNDECLARED == declared


def test_no_folder_is_named_like_an_integration() -> None:
    """Home Assistant's check of declared dependencies would take it for that integration."""
    core = {path.name for path in (Path(loader.__file__).parent / "components").iterdir()}
    assert not {folder.name for folder in FOLDER.rglob("*/") if folder.name != "__pycache__"} & core


def test_loggers_are_those_of_the_requirements() -> None:
    import aiomqtt  # noqa: PLC0415 - only its logger is of interest

    source = Path(aiomqtt.__file__).parent
    names = {name for file in source.glob("*.py") for name in re.findall(r'getLogger\("(\w+)"\)', file.read_text())}
    assert set(MANIFEST["loggers"]) == names


async def test_home_assistant_takes_the_manifest(hass: HomeAssistant) -> None:
    integration = await loader.async_get_integration(hass, DOMAIN)
    assert not integration.is_built_in
    assert integration.version == MANIFEST["version"]
    assert integration.config_flow
    assert integration.iot_class == "local_push"
    assert await integration.resolve_dependencies() is not None


def sources() -> list[Path]:
    return sorted(FOLDER.rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    """The absolute imports of a file."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
