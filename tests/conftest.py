"""What the tests of several packages need."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.mosquitto import Mosquitto

# How fast a machine is must not decide a test.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
# Stories of up to 50 events, or single inputs: a night's work.
settings.register_profile("million", settings.get_profile("project"), max_examples=20_000)
settings.load_profile("project")


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A real broker; the test is skipped, with the reason, where there is none."""
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.stop()
