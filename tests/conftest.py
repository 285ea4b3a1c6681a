"""What the tests of several packages need."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mosquitto import Mosquitto


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A real broker; the test is skipped, with the reason, where there is none."""
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.stop()
