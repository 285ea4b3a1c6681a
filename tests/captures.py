"""The captured payloads of real gateways, where they are at hand; the project does not carry them."""

import json
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"


def captured(name: str) -> bytes:
    """One captured payload; the test is skipped where the captures are not beside this checkout."""
    file = SAMPLES / name
    if not file.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return file.read_bytes()


def text_of(name: str, *path: str) -> str:
    """One string of a capture."""
    value = json.loads(captured(name))
    for key in path:
        value = value[key]
    assert isinstance(value, str)
    return value
