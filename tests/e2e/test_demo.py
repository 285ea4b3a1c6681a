"""``scripts/demo``: what a person sees who runs it, opens a browser, looks around, and presses Ctrl-C."""

import re

import psutil
from playwright.sync_api import expect

from smappee_gateway.capture import read
from tests.e2e.browser import PATIENCE_MS, Browser
from tests.e2e.running_demo import RunningDemo
from tests.mosquitto import free_port

KILOWATT_HOURS = re.compile(r"(\d+(?:\.\d+)?) kWh")


def test_it_says_where_to_look_and_how_to_log_in(demo: RunningDemo) -> None:
    assert f"{demo.url}  user demo, password demo" in demo.said


def test_the_dashboard_opens_first(demo: RunningDemo, browser: Browser) -> None:
    browser.page.wait_for_url(f"{demo.url}/smappee-house/house")
    for name in ("Grid", "Solar", "House", "Current L3"):
        expect(browser.page.locator("hui-gauge-card").filter(has_text=name)).to_be_visible(timeout=PATIENCE_MS)
    for load in ("EV charger", "Heat pump", "Washing machine", "Fridge"):
        expect(browser.page.locator("hui-tile-card").filter(has_text=load)).to_be_visible(timeout=PATIENCE_MS)


def test_the_charger_is_under_control(demo: RunningDemo, browser: Browser) -> None:
    page = browser.page
    page.goto(f"{demo.url}/smappee-house/house")
    may_draw = page.locator("hui-tile-card").filter(has_text="May draw")
    expect(may_draw).to_have_text(re.compile(r"\d+\.\d A"), timeout=PATIENCE_MS)
    for line in ("L1", "L2", "L3"):
        headroom = page.locator("hui-gauge-card").filter(has_text=f"Headroom {line}")
        expect(headroom).to_have_text(re.compile(r"\d A"), timeout=PATIENCE_MS)
    expect(page.locator("hui-toggle-entity-row").get_by_role("switch")).to_be_checked(timeout=PATIENCE_MS)


def test_the_figures_move(demo: RunningDemo, browser: Browser) -> None:
    browser.page.goto(f"{demo.url}/smappee-house/house")
    house = browser.page.locator("hui-gauge-card").filter(has_text="House")
    expect(house).to_have_text(re.compile(r"[\d,]+ W"), timeout=PATIENCE_MS)
    before = house.text_content() or ""
    expect(house).not_to_have_text(before, timeout=PATIENCE_MS)
    expect(house).to_have_text(re.compile(r"[\d,]+ W"))


def test_the_energy_page_shows_a_day_that_was_lived_before(demo: RunningDemo, browser: Browser) -> None:
    page = browser.page
    page.goto(f"{demo.url}/energy/electricity")
    expect(page.locator("hui-energy-usage-graph-card canvas").first).to_be_visible(timeout=PATIENCE_MS)
    home = page.locator("hui-energy-distribution-card .circle-container.home").filter(visible=True)
    expect(home).to_have_text(KILOWATT_HOURS, timeout=PATIENCE_MS)
    today = home.text_content() or ""
    page.get_by_role("button", name="Previous").click()
    expect(home).not_to_have_text(today, timeout=PATIENCE_MS)
    expect(home).to_have_text(KILOWATT_HOURS, timeout=PATIENCE_MS)
    used = KILOWATT_HOURS.search(home.text_content() or "")
    assert used
    assert 5 < float(used[1]) < 300


def test_the_browser_has_nothing_to_complain_about_on_these_pages(browser: Browser) -> None:
    assert browser.complaints == []


def test_a_wrong_address_is_explained_and_can_be_corrected(demo: RunningDemo, browser: Browser) -> None:
    page = browser.page
    page.goto(f"{demo.url}/config/integrations/dashboard/add?domain=smappee_infinity")
    page.get_by_role("button", name="OK").click()
    dialog = page.locator("dialog-data-entry-flow")
    dialog.get_by_text("Address of a gateway or broker").click()
    host, port = dialog.locator("input:not([type=number])").first, dialog.locator("input[type=number]")
    host.fill("127.0.0.1")
    port.fill(str(free_port()))
    page.get_by_role("button", name="Submit").click()
    expect(dialog.get_by_text("No MQTT broker answers at 127.0.0.1")).to_be_visible(timeout=PATIENCE_MS)
    port.fill(str(demo.gateway_port))
    page.get_by_role("button", name="Submit").click()
    expect(dialog.get_by_text("for a Smappee gateway and its measurements")).to_be_visible(timeout=PATIENCE_MS)
    expect(dialog.get_by_text("This gateway is already set up")).to_be_visible(timeout=PATIENCE_MS)


def test_what_the_gateway_says_is_recorded_and_downloaded(demo: RunningDemo, browser: Browser) -> None:
    page = browser.page
    page.goto(f"{demo.url}/config/integrations/integration/smappee_infinity")
    page.get_by_role("button", name="Configure").click()
    dialog = page.locator("dialog-data-entry-flow")
    dialog.get_by_text("Record messages").click()
    page.get_by_role("button", name="Submit").click()
    expect(dialog.get_by_text("Recording…")).to_be_visible(timeout=PATIENCE_MS)
    dialog.locator("input").first.fill("nothing")
    page.get_by_role("button", name="Submit").click()
    with page.expect_download() as download:
        dialog.get_by_role("link", name="Download the recording").click()
    assert download.value.suggested_filename.endswith(".jsonl")
    header, messages = read(download.value.path().read_bytes().splitlines(keepends=True))
    assert [note.text for note in header.notes] == ["nothing"]
    assert any(message.topic.endswith("/channelConfigV2") for message in messages)
    page.get_by_role("button", name="Submit").click()
    expect(dialog.get_by_text("Options successfully saved")).to_be_visible(timeout=PATIENCE_MS)


def test_only_this_machine_can_reach_it(demo: RunningDemo) -> None:
    connections = [connection for program in demo.programs() for connection in program.net_connections("tcp")]
    listening = {connection.laddr.ip for connection in connections if connection.status == psutil.CONN_LISTEN}
    others = {connection.raddr.ip for connection in connections if connection.raddr}
    assert listening == {"127.0.0.1"}
    assert others == {"127.0.0.1"}


def test_ctrl_c_stops_everything_and_ends_with_0(demo: RunningDemo) -> None:
    assert len(demo.programs()) == 4  # simulator, Home Assistant, Mosquitto and bridge
    assert demo.press_ctrl_c() == 0
    assert demo.programs() == []
    assert "Traceback" not in demo.said
