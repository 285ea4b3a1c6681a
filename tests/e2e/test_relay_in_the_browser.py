"""A relay of an Output module, as its owner has it: declared, tried and switched in the pages of Home Assistant.

The simulated house answers with the power of what hangs on the relay.
"""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from playwright.sync_api import Page, expect

from demo import account, config_folder, gateway
from demo.broker import Broker
from demo.home_assistant import connected
from demo.programs import LAUNCHER
from tests.e2e.browser import PATIENCE_MS, Browser, open_browser
from tests.e2e.home_assistant import PATIENCE_S, HomeAssistant, running
from tests.e2e.running_demo import ROOT
from tests.mosquitto import Mosquitto, free_port

LOAD = "Towel heater"
POWER = "sensor.towel_heater_power"
RELAY = "switch.cellar_towel_heater"
WATTS = 600
SETTING = "/config/integrations/integration/smappee_infinity"
ANSWERED_S = 2.0
"""How long the simulated load may take."""


class Wire:
    """What goes over the wire: commands, and what the towel heater takes."""

    def __init__(self, broker: Mosquitto) -> None:
        self.commands: list[str] = []
        self.power_w = 0.0
        self.moved_after_s = 0.0
        """By the gateway's clock, from the last measurement before the latest command to the first that shows it."""
        self._index: int | None = None
        self._measured_at_s = self._commanded_at_s = 0.0
        self.client = paho.Client(CallbackAPIVersion.VERSION2)
        self.client.on_message = self._listen
        self.client.connect(broker.host, broker.port)
        self.client.subscribe("servicelocation/#")
        self.client.loop_start()

    def _listen(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        kind = message.topic.split("/", 2)[2]
        if kind.endswith("/setstate"):
            self.commands.append(json.loads(message.payload)["value"])
            self._commanded_at_s = self._measured_at_s
        elif kind == "channelConfigV2":
            measurements = json.loads(message.payload)["dataProcessingSpecification"]["measurements"]
            (self._index,) = (each["publishIndex"] for each in measurements if each.get("name") == LOAD)
        elif kind == "realtime" and self._index is not None:
            self._measure(json.loads(message.payload))

    def _measure(self, realtime: dict[str, Any]) -> None:
        self._measured_at_s = realtime["utcTimeStamp"] / 1000
        (power_w,) = (each["power"] for each in realtime["channelPowers"] if each["publishIndex"] == self._index)
        if (power_w > WATTS / 2) is not (self.power_w > WATTS / 2):
            self.moved_after_s = self._measured_at_s - self._commanded_at_s
        self.power_w = power_w


class House(NamedTuple):
    """A simulated house with one of everything, in a Home Assistant that has its gateway."""

    home_assistant: HomeAssistant
    simulator: subprocess.Popen[bytes]
    wire: Wire


@pytest.fixture
def house(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[House]:
    port, config, log = free_port(), tmp_path / "config", tmp_path / "home-assistant.log"
    config_folder.make(config, port)
    address = f"mqtt://{mosquitto.host}:{mosquitto.port}"
    simulator = [sys.executable, "-m", "simulator", "--site", "everything", "--broker", address]
    with (
        running(*simulator, log=tmp_path / "simulator.log", cwd=ROOT) as process,
        running(sys.executable, str(LAUNCHER), "--config", str(config), "--log-no-color", log=log, cwd=config),
    ):
        home_assistant = HomeAssistant(f"http://127.0.0.1:{port}", log)
        asyncio.run(add_gateway(home_assistant, mosquitto))
        wire = Wire(mosquitto)
        yield House(home_assistant, process, wire)
        wire.client.loop_stop()
        process.send_signal(signal.SIGCONT)
    shutil.rmtree(config)


async def add_gateway(home_assistant: HomeAssistant, broker: Mosquitto) -> None:
    async with (
        aiohttp.ClientSession(home_assistant.url) as http,
        connected(http, home_assistant.token) as connection,
    ):
        await gateway.add(connection, Broker(broker.host, broker.port))


@pytest.fixture
def browser(house: House) -> Iterator[Browser]:
    with open_browser() as browser:
        browser.log_in(house.home_assistant.url, account.USER, account.PASSWORD)
        expect(browser.page.locator("ha-sidebar")).to_be_visible(timeout=PATIENCE_MS)
        yield browser


def declare(page: Page) -> None:
    page.get_by_text("Add Output module").first.click()
    dialog = page.locator("dialog-data-entry-flow")
    for field, text in (("name", "Cellar"), ("relay_1", "Boiler"), ("relay_2", "Towel heater")):
        dialog.locator(f"input[name={field}]").fill(text)
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Finish").click()


def try_it(page: Page) -> None:
    row = page.locator("ha-config-sub-entry-row", has_text="Cellar")
    row.locator("ha-icon-button").first.click()
    page.get_by_text("Try the relays").click()
    dialog = page.locator("dialog-data-entry-flow")
    dialog.get_by_role("paragraph").filter(has_text="I stand beside the loads").click()
    page.get_by_role("button", name="Submit").click()
    for relay, way in (("Boiler", "on"), ("Boiler", "off"), ("Towel heater", "on"), ("Towel heater", "off")):
        expect(dialog.get_by_text(f"With the next step {relay} is switched {way}")).to_be_visible()
        page.get_by_role("button", name="Submit").click()
        expect(dialog.get_by_text(f"Did {relay} switch {way}, and nothing else?")).to_be_visible()
        dialog.get_by_text("Yes: this one").click()
        page.get_by_role("button", name="Submit").click()
    expect(dialog.get_by_text("The trial is passed")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).last.click()


def becomes(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_relay_is_declared_tried_and_switched(house: House, browser: Browser) -> None:
    home_assistant, wire, page = house.home_assistant, house.wire, browser.page
    page.goto(f"{home_assistant.url}{SETTING}")
    declare(page)
    assert wire.commands == []
    try_it(page)
    assert wire.commands == ["ON_OFF", "OFF_OFF", "OFF_ON", "OFF_OFF"]
    page.goto(f"{home_assistant.url}{SETTING}?more-info-entity-id={RELAY}")
    becomes(lambda: home_assistant.state(RELAY) == "off")
    page.get_by_label("Turn on").click()
    becomes(lambda: home_assistant.state(RELAY) == "on")
    becomes(lambda: wire.power_w >= WATTS * 0.9)
    assert wire.moved_after_s <= ANSWERED_S
    becomes(lambda: float(home_assistant.state(POWER)) >= WATTS * 0.9)

    house.simulator.send_signal(signal.SIGSTOP)
    page.get_by_role("switch").last.click()
    refusal = page.get_by_text("has not confirmed the command for Towel heater").first
    expect(refusal).to_be_visible(timeout=PATIENCE_MS)
    assert home_assistant.state(RELAY) == "on"
    house.simulator.send_signal(signal.SIGCONT)
    assert wire.commands == ["ON_OFF", "OFF_OFF", "OFF_ON", "OFF_OFF", "OFF_ON", "OFF_OFF"]
