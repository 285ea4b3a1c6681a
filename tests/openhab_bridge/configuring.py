"""Helps to write configurations, and to read what is said of them."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from openhab_bridge.configuration import load
from openhab_bridge.configuration.errors import ConfigurationError
from openhab_bridge.settings import GatewaySettings, Settings
from smappee_gateway.broker import Broker

NO_ENVIRONMENT: Mapping[str, str] = {}
BOTH = "target: localhost\ngateways: [gateway]\n"
"""The least that must be there."""
LEAST = Settings(target=Broker("localhost"), gateways=(GatewaySettings(broker=Broker("gateway")),))


def write(folder: Path, text: str) -> Path:
    """Write a configuration."""
    file = folder / "bridge.yaml"
    file.write_text(dedent(text), encoding="utf-8")
    return file


def loaded(folder: Path, text: str, environment: Mapping[str, str] = NO_ENVIRONMENT) -> Settings:
    """Return the settings of a configuration."""
    return load(write(folder, text), environment)


def mistakes(folder: Path, text: str, environment: Mapping[str, str] = NO_ENVIRONMENT) -> list[str]:
    """Return what is said against a configuration, each without the name of the file: `7: gateways[0].port: …`."""
    file = write(folder, text)
    with pytest.raises(ConfigurationError) as caught:
        load(file, environment)
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert all(problem.startswith(f"{file}:") for problem in caught.value.problems)
    return [problem.removeprefix(f"{file}:") for problem in caught.value.problems]


def mistake(folder: Path, text: str, environment: Mapping[str, str] = NO_ENVIRONMENT) -> str:
    """Return the only thing that is said."""
    [only] = mistakes(folder, text, environment)
    return only
