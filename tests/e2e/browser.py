"""Chromium, as the person at the screen."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import ConsoleMessage, Page, ViewportSize, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
SCREEN: ViewportSize = {"width": 1440, "height": 1500}
PATIENCE_MS = 60_000


class Browser:
    """One page, and what the browser has complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def log_in(self, url: str, user: str, password: str) -> None:
        self.page.goto(url)
        self.page.fill("input[name=username]", user)
        self.page.fill("input[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/auth/authorize" not in address)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open the Chromium of this machine; without one the test is skipped."""
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine; scripts/setup tells how to get it")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, headless=True, args=QUIET)
        page = chromium.new_page(viewport=SCREEN, locale="en-GB", timezone_id="Europe/Brussels")
        yield Browser(page)
        chromium.close()
