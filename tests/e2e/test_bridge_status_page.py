"""The bridge's status page in a browser: what its script does, and that its own policy lets it."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest
from playwright.async_api import Page, async_playwright, expect

from openhab_bridge.settings import WebSettings
from openhab_bridge.web import serving
from tests.e2e.browser import PROGRAMS, QUIET
from tests.openhab_bridge.web.examples import ATTACKED, LIVE, STANDING, WELL, bridge

EVERY_MS = 5000


@asynccontextmanager
async def opened(complaints: list[str], *, scripts: bool = True) -> AsyncIterator[Page]:
    program = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine; scripts/setup tells how to get it")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=program, headless=True, args=QUIET)
        page = await chromium.new_page(java_script_enabled=scripts)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        yield page
        await chromium.close()


async def test_the_page_keeps_itself_current_and_shows_rates() -> None:
    status = WELL
    complaints: list[str] = []
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(serving(WebSettings(port=0), lambda: status))
        page = await stack.enter_async_context(opened(complaints))
        await page.clock.install()
        await page.goto(f"http://127.0.0.1:{port}/")
        await expect(page.locator("h1")).to_contain_text("all is well")
        await expect(page.locator("body")).to_have_css("background-color", "rgb(244, 246, 247)")

        status = bridge(replace(LIVE, messages=LIVE.messages + 50, fresh=False), STANDING)
        await page.clock.run_for(EVERY_MS)
        await expect(page.locator("h1")).to_contain_text("needs attention")
        await expect(page.locator("article small")).to_have_text(re.compile(r"^[1-9]\d*\.\d/s$"))

        status = bridge(replace(LIVE, messages=3), STANDING)  # the bridge was started again
        await page.clock.run_for(EVERY_MS)
        await expect(page.locator("article small")).to_have_text("")

        status = ATTACKED
        await page.clock.run_for(EVERY_MS)
        await expect(page.locator("h3")).to_contain_text("<script>alert")
        assert complaints == []


async def test_a_bridge_that_has_gone_is_said_and_its_last_figures_stay() -> None:
    complaints: list[str] = []
    async with opened(complaints) as page:
        await page.clock.install()
        async with serving(WebSettings(port=0), lambda: WELL) as port:
            await page.goto(f"http://127.0.0.1:{port}/")
        await page.clock.run_for(EVERY_MS)
        await expect(page.locator("#silence")).to_contain_text("does not answer")
        await expect(page.locator("article h3")).to_contain_text("live")


async def test_without_scripts_the_page_loads_itself_again() -> None:
    status = WELL
    async with serving(WebSettings(port=0), lambda: status) as port, opened([], scripts=False) as page:
        await page.goto(f"http://127.0.0.1:{port}/")
        status = bridge(replace(LIVE, fresh=False), STANDING)
        await expect(page.locator("h1")).to_contain_text("needs attention", timeout=30_000)
