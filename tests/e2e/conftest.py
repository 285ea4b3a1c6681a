"""The demo and a browser, started once for the tests that look at it."""

from collections.abc import Iterator

import pytest

from tests.e2e.browser import Browser, open_browser
from tests.e2e.running_demo import RunningDemo
from tests.mosquitto import free_port


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningDemo]:
    running = RunningDemo(free_port())
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser(demo: RunningDemo) -> Iterator[Browser]:
    """A browser in which the demo's user has just logged in."""
    with open_browser() as browser:
        browser.log_in(demo.url, "demo", "demo")
        yield browser
