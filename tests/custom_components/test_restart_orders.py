"""Home Assistant, gateway and broker restart in every order: totals go on, nothing is switched, one line in the log."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import SERVICE_TURN_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.smappee_infinity._vendor.smappee_gateway import backoff
from custom_components.smappee_infinity._vendor.smappee_gateway import gateway as at_work
from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components.conftest import entry_for
from tests.custom_components.relays import HEATER, INSTALLED, LAMP, act, choose, off_after
from tests.custom_components.running import home_assistant_again, interval_passes, state_of
from tests.custom_components.sender import Sender, connected
from tests.mosquitto import Mosquitto
from tests.waiting import until

G = genius.SERIAL
POWER = f"{G}_grid_power"
IMPORT, OVEN = f"{G}_grid_import_energy", f"{G}_load_import_energy_5500000002_0"
KWH = 3_600_000
PAUSE_S = 600
UP = f"INFO Gateway {G}: measurements arrive"
SILENT = f"WARNING Gateway {G}: connected, but measurements have stopped"
LOST = f"WARNING Gateway {G}: connection lost (Disconnected during message iteration)"
NOT_READY = "not ready yet"
COMMAND = re.compile(r"Received PUBLISH from \S+ \([^']*'servicelocation/[^/]+/(\S+)/setstate'")

HOME, GATEWAY, BROKER = "Home Assistant", "gateway", "broker"
DOWN = {HOME: [], GATEWAY: [SILENT], BROKER: [LOST]}
"""What is logged when one of them stops."""
ORDERS = [pytest.param(order, id=", ".join(order)) for order in permutations(DOWN)]


class House:
    """The three, each of which can be stopped and started."""

    def __init__(self, hass: HomeAssistant, broker: Mosquitto, lives: AsyncExitStack) -> None:
        self.hass = hass
        self.entry = entry_for(broker, G)
        self.totals: list[tuple[float, float]] = []
        """Import of the grid and energy of the oven in kWh, as they were seen in the course of time."""
        self._running = {HOME, GATEWAY, BROKER}
        self._broker = broker
        self._gateway: Sender
        self._imported = 10 * KWH
        self._boot_ms = genius.BOOT_MS
        self._line = AsyncExitStack()
        self._lives = lives
        lives.push_async_callback(self._line.aclose)

    async def begin(self) -> None:
        """Use 0.02 kWh. What is chosen for the heater, which is on, must not switch it."""
        self._gateway = Sender(await self._dial())
        await self._introduce()
        await self.set_up()
        for _ in range(2):
            await self._gateway.power(elapsed_s=10, grid1=3600)
        await self.look()
        await choose(self.hass, HEATER, "15_min")

    async def set_up(self) -> bool:
        return await self.living(self.hass.config_entries.async_setup(self.entry.entry_id))

    async def look(self) -> None:
        """Let Home Assistant show what is measured from now on, and note the totals."""
        now = genius.START_MS / 1000 + self._gateway.second
        memory = self.entry.runtime_data.session.memory
        await self.living(until(lambda: (memory.measured_at or 0) > now))
        await self.living(interval_passes(self.hass))
        assert state_of(self.hass, POWER) == "0"
        self.totals.append((float(state_of(self.hass, IMPORT)), float(state_of(self.hass, OVEN))))

    async def living[T](self, work: Awaitable[T]) -> T:
        """Wait for something while the gateway, if it can, measures."""
        if self._running >= {GATEWAY, BROKER}:
            return await self._gateway.living(work, imported=self._imported)
        return await work

    def use(self, kwh: float) -> None:
        """Let ten minutes pass in which each CT counts so much."""
        self._gateway.second += PAUSE_S
        self._imported += int(kwh * KWH)

    def reboot(self, kwh: float) -> None:
        """Let ten minutes pass, after which the gateway has counted so much from zero."""
        self._imported = 0
        self._boot_ms += 1000 * PAUSE_S
        self.use(kwh)

    async def stop(self, part: str) -> None:
        """Stop a part, and wait until Home Assistant has noticed, if it runs."""
        self._running.remove(part)
        if part == BROKER:
            await self._line.aclose()
            self._broker.stop()
        if part == HOME:
            await self.hass.async_stop()
        if HOME in self._running:
            await until(lambda: state_of(self.hass, POWER) == STATE_UNAVAILABLE)
            await until(lambda: self.entry.runtime_data.gateway.connected is (BROKER in self._running))

    async def start(self, part: str) -> None:
        """Start a part, and let speak who can."""
        self._running.add(part)
        if part == BROKER:
            self._broker.start()
        if part != HOME and self._running >= {GATEWAY, BROKER}:
            self._gateway.client = await self._dial()
            await self._introduce()
        if part == HOME:
            self.hass = await self._lives.enter_async_context(home_assistant_again(self.hass))
            self.entry = MockConfigEntry(
                domain=DOMAIN, entry_id=self.entry.entry_id, unique_id=G, data=dict(self.entry.data)
            )
            self.entry.add_to_hass(self.hass)
            await self.set_up()

    async def try_again(self) -> None:
        """Let Home Assistant repeat a set-up that could not succeed."""
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(hours=1))
        await self.living(until(lambda: self.entry.state is ConfigEntryState.LOADED))

    async def reload(self) -> None:
        """Unload the entry, and set it up again later."""
        assert await self.hass.config_entries.async_unload(self.entry.entry_id)
        self.use(0.3)
        assert await self.set_up()

    async def confirm_lamp(self) -> None:
        await self._gateway.send(f"plug/{LAMP}/state", {"value": "ON", "since": 1}, retain=True)

    async def _dial(self) -> aiomqtt.Client:
        await self._line.aclose()
        return await self._line.enter_async_context(connected(self._broker.host, self._broker.port))

    async def _introduce(self) -> None:
        """Tell the broker what it shall remember."""
        await self._gateway.send("config", genius.config(boot_ms=self._boot_ms), retain=True)
        await self._gateway.install(genius.HOUSE)
        await self._gateway.send("homeControlConfig", INSTALLED, retain=True)
        for node, value in ((LAMP, "OFF"), (HEATER, "ON")):
            await self._gateway.send(f"plug/{node}/state", {"value": value, "since": 1}, retain=True)


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Home Assistant keeps what it stores in memory during tests; here it has files."""
    return {}


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    return hass_tmp_config_dir


@pytest.fixture
def broker(open_network: None, tmp_path: Path) -> Iterator[Mosquitto]:  # noqa: ARG001 - before it starts
    """It notes every message that it gets, whoever listens."""
    broker = Mosquitto(tmp_path, "log_type all")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def quick(quickly_stale: None, quick_set_up: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - before it
    """Notice, give up and try again sooner."""
    monkeypatch.setattr(at_work, "TICK_S", 0.1)
    monkeypatch.setattr(backoff, "FIRST_S", 0.1)


@pytest.fixture
async def house(
    hass: HomeAssistant,
    broker: Mosquitto,
    quick: None,  # noqa: ARG001 - before it begins
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[House]:
    caplog.set_level(logging.INFO)
    async with AsyncExitStack() as lives:
        house = House(hass, broker, lives)
        house.entry.add_to_hass(hass)
        await house.begin()
        yield house


@pytest.mark.parametrize("order", ORDERS)
async def test_one_after_another(
    house: House, order: tuple[str, ...], broker: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    expected: list[str] = []
    for part in order:
        await house.stop(part)
        house.reboot(0.1) if part == GATEWAY else house.use(0.3)
        await house.start(part)
        await house.look()
        expected += [*DOWN[part], UP]
    assert_totals(house, len(order), kwh=0.7)
    assert said(caplog) == expected
    await assert_nothing_was_switched(house, broker)


@pytest.mark.parametrize("order", ORDERS)
async def test_all_at_once(
    house: House, order: tuple[str, ...], broker: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    """As in a power cut: each may come up while the others are still away."""
    for part in order:
        await house.stop(part)
    house.reboot(0.1)
    for part in order:
        await house.start(part)
    if order[-1] != HOME:
        await house.try_again()
    await house.look()
    assert_totals(house, 1, kwh=0.1)
    assert said(caplog) == [*DOWN[order[0]], UP]
    assert caplog.text.count(NOT_READY) == (order[-1] != HOME)
    await assert_nothing_was_switched(house, broker)


@pytest.mark.parametrize("order", ORDERS)
async def test_a_reload_instead_of_a_restart(
    house: House, order: tuple[str, ...], broker: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    expected: list[str] = []
    for part in order:
        if part == HOME:
            await house.reload()
        else:
            await house.stop(part)
            house.reboot(0.1) if part == GATEWAY else house.use(0.3)
            await house.start(part)
        await house.look()
        expected += [*DOWN[part], UP]
    assert_totals(house, len(order), kwh=0.7)
    assert said(caplog) == expected
    await assert_nothing_was_switched(house, broker)


def assert_totals(house: House, outages: int, *, kwh: float) -> None:
    """They never go back, and end with what each CT has counted meanwhile; three CTs are the grid's."""
    assert len(house.totals) == 1 + outages
    for kind in zip(*house.totals, strict=True):
        assert sorted(kind) == list(kind)
    assert house.totals[0] == (0.02, 10.0)
    assert house.totals[-1] == pytest.approx((0.02 + 3 * kwh, 10.0 + kwh), abs=0.001)


async def assert_nothing_was_switched(house: House, broker: Mosquitto) -> None:
    """The broker has seen no command; the one that is given now it sees."""
    assert off_after(house.hass, HEATER).state == "15_min"
    assert commands(broker) == []
    switching = asyncio.ensure_future(act(house.hass, SERVICE_TURN_ON, LAMP))
    await house.living(until(lambda: commands(broker) != []))
    await house.confirm_lamp()
    await house.living(switching)
    assert commands(broker) == [f"plug/{LAMP}"]


def commands(broker: Mosquitto) -> list[str]:
    """What was commanded, over all lives of the broker."""
    return COMMAND.findall(broker.log.read_text())


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the component logged, with the level."""
    return [
        f"{record.levelname} {record.getMessage()}"
        for record in caplog.records
        if record.name.startswith("custom_components.smappee_infinity.") and record.levelno >= logging.INFO
    ]
