"""Hours in which the bridge is killed, its broker and the gateway's vanish and return, at random and without a warning.

An hour and a half of the house usually; SIMULATED_HOURS=10 lets it go on for longer.
"""

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from simulator import SITES, Gateway, House
from simulator.endpoint import Endpoint
from simulator.runner import run
from tests.mosquitto import Mosquitto
from tests.openhab_bridge.broker_view import BrokerView, view
from tests.openhab_bridge.conftest import SERIAL
from tests.openhab_bridge.homie.collector import retained
from tests.openhab_bridge.homie.conformance import problems
from tests.openhab_bridge.test_the_program import DEVICES, STATUS, program, write
from tests.waiting import until

HOURS = float(os.environ.get("SIMULATED_HOURS", "1.5"))
SPEED = 180.0
"""Simulated seconds in a second."""
NOT_SEEN_KWH = 0.3
"""Flows between the first total and the first look at the true meter: minutes of a house with 3 kW of sun."""
KILLS = ("bridge", "target", "gateway's broker", "both brokers")
TOTALS = ("load_import_energy", "grid_import_energy", "grid_export_energy", "solar_energy", "house_energy")


class Story:
    """What happens. Everything random comes of one seed."""

    def __init__(self, seed: int, file: Path, gateways: Mosquitto, target: Mosquitto) -> None:
        self.rng = random.Random(seed)
        self.kills: list[str] = []
        self._file = file
        self._gateways = gateways
        self._target = target
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        self._process = await self._stack.enter_async_context(
            program("run", "--quiet", "--config", str(self._file), log=self._file.parent / "log")
        )

    async def end(self) -> None:
        await self._stack.aclose()

    async def kill(self) -> None:
        """Let something vanish for a moment, and come back."""
        self.kills.append(self.rng.choice(KILLS))
        match self.kills[-1]:
            case "bridge":
                await self.end()
                await self._pause()
                await self.start()
            case "target":
                await self._without(self._target)
            case "gateway's broker":
                await self._without(self._gateways)
            case _:
                await self._without(self._target, self._gateways)
        await self._pause()

    async def _without(self, *brokers: Mosquitto) -> None:
        for broker in brokers:
            broker.stop()
        await self._pause()
        for broker in brokers:
            broker.start()

    async def _pause(self) -> None:
        await asyncio.sleep(self.rng.uniform(0.3, 3.0))


@pytest.mark.timeout(HOURS * 3600 / SPEED * 2 + 90)
async def test_totals_are_right_and_nothing_is_left_or_switched(
    mosquitto: Mosquitto, target: Mosquitto, tmp_path: Path
) -> None:
    file = tmp_path / "bridge.yaml"
    write(file, mosquitto, target, more="traffic: {energy: {deadband: 0, min_interval_s: 0}}\n")
    house = House(SITES["everything"], seed=5, start=datetime(2026, 6, 21, 8, tzinfo=UTC))
    running = asyncio.create_task(run(Gateway(house, seed=5), Endpoint(mosquitto.host, mosquitto.port), speed=SPEED))
    story, totals, commanded = Story(5, file, mosquitto, target), Totals(), list[str]()
    await story.start()
    async with view(target, f"smappee/{SERIAL}/site/+") as seen:
        await until(lambda: f"smappee/{SERIAL}/site/house_energy" in seen.now)
    begin = true_kwh(house)
    ends_ms = house.now_ms + HOURS * 3_600_000
    while house.now_ms < ends_ms:
        await watched(target, totals.follow)
        await watched(
            mosquitto, lambda seen: commanded.extend(topic for topic, _, _ in seen.log if "setstate" in topic)
        )
        await story.kill()
    async with view(target, "homie/+/$state") as seen:  # the last one to be killed has been told of all there is
        await until(lambda: [seen.now.get(f"{device}/$state") for device in DEVICES] == ["ready"] * len(DEVICES))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    async with view(target, "homie/+/$state", STATUS) as seen:
        await until(lambda: [seen.now.get(f"{device}/$state") for device in DEVICES] == ["alert"] * len(DEVICES))
    assert set(story.kills) == set(KILLS)
    assert problems(await retained(target.host, target.port)) == []
    plain = await retained(target.host, target.port, f"smappee/{SERIAL}")
    site = json.loads(plain[f"smappee/{SERIAL}/site"])
    true = [end - start for start, end in zip(begin, true_kwh(house), strict=True)]
    assert told_kwh(site) == pytest.approx(true, rel=0.01, abs=NOT_SEEN_KWH)
    await story.end()
    async with view(target, "homie/+/$state", STATUS) as seen:
        await until(lambda: {seen.now.get(f"{device}/$state") for device in DEVICES} == {"lost"})
        assert seen.now[STATUS] == "offline"
    assert commanded == []
    assert totals.steps_back == []
    assert totals.fewest_changes > 1


def told_kwh(site: Mapping[str, float]) -> list[float]:
    """Net, solar and house by the totals. Of what was imported and exported in a gap, only the difference is known."""
    return [site["grid_import_energy"] - site["grid_export_energy"], site["solar_energy"], site["house_energy"]]


def true_kwh(house: House) -> list[float]:
    """The same by the true meter; the bridge has not been told of the battery, so it is part of the house."""
    meter = house.meter
    house_j = meter.house_j + meter.charged_j - meter.discharged_j
    return [energy_j / 3_600_000 for energy_j in (meter.import_j - meter.export_j, meter.solar_j, house_j)]


class Totals:
    """The totals as a newcomer reads them, again and again; a broker that begins anew has none for a while."""

    def __init__(self) -> None:
        self.latest: dict[str, float] = {}
        self.changes = Counter[str]()
        self.steps_back: list[tuple[str, float, float]] = []

    @property
    def fewest_changes(self) -> int:
        """How often the total that moved least has moved, of those that must in a house with sun and loads."""
        return min(self.changes[f"smappee/{SERIAL}/site/{name}"] for name in ("solar_energy", "house_energy"))

    def follow(self, seen: BrokerView) -> None:
        for topic, payload in seen.now.items():
            if topic.endswith(TOTALS):
                before, now = self.latest.get(topic, 0.0), float(payload)
                if now < before:
                    self.steps_back.append((topic, before, now))
                self.changes[topic] += now > before
                self.latest[topic] = now


async def watched(broker: Mosquitto, look: Callable[[BrokerView], object]) -> None:
    topics = ("smappee/#", "servicelocation/+/plug/+/setstate", "servicelocation/+/outputmodule/+/setstate")
    async with view(broker, *topics) as seen:
        await asyncio.sleep(0.5)
        look(seen)
