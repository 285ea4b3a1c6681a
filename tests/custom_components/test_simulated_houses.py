"""Simulated houses of every kind, set up through the config flow: which entities each of them has."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from syrupy.assertion import SnapshotAssertion

from simulator import SITES, Gateway, House
from simulator.endpoint import Endpoint
from simulator.runner import run
from tests.custom_components.flows import address, start_by_hand, submit
from tests.custom_components.running import state_of
from tests.mosquitto import Mosquitto
from tests.waiting import until

REFERENCE = Path(__file__).parents[2] / "docs" / "entities.md"
STATISTICS = {"": None, "mean": "measurement", "sum": "total_increasing"}
HOUSES = ("everything", "split-phase", "single-phase", "plus-star", "solar-single")


@pytest.fixture(params=HOUSES)
async def house(request: pytest.FixtureRequest, broker: Mosquitto) -> AsyncIterator[Gateway]:
    gateway = Gateway(House(SITES[request.param], seed=1, start=datetime(2026, 6, 21, 10, tzinfo=UTC)), seed=1)
    running = asyncio.create_task(run(gateway, Endpoint(broker.host, broker.port)))
    yield gateway
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def entry(hass: HomeAssistant, broker: Mosquitto, house: Gateway) -> ConfigEntry:
    """What the flow of a user makes, with all devices that are told in the first seconds."""
    result = await submit(hass, await start_by_hand(hass), address(broker))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    entry: ConfigEntry = result["result"]
    session, described = entry.runtime_data.session, house.house.site
    await until(lambda: len(session.site.plugs) == len(described.plugs) + len(described.switches))
    return entry


async def test_entities_of_a_simulated_house(
    hass: HomeAssistant, entry: ConfigEntry, house: Gateway, snapshot: SnapshotAssertion
) -> None:
    serial = house.house.site.identity.serial_number
    coordinator = entry.runtime_data
    await until(lambda: coordinator.session.readings.site_power.solar_w is not None)
    await coordinator.async_refresh()
    await hass.async_block_till_done()
    assert float(state_of(hass, f"{serial}_solar_power")) == pytest.approx(house.house.solar_power_w, rel=0.2)
    registry = er.async_get(hass)
    entities = er.async_entries_for_config_entry(registry, entry.entry_id)
    assert "\n".join(sorted(map(_line, entities))) == snapshot
    rows = reference()
    assert [item.unique_id for item in entities if not any(row.describes(item, serial) for row in rows)] == []


def _line(item: er.RegistryEntry) -> str:
    """One line: id, class, unit, state class, enabled."""
    parts = (
        item.entity_id,
        item.original_device_class,
        item.unit_of_measurement,
        (item.capabilities or {}).get("state_class"),
        "disabled" if item.disabled else "enabled",
    )
    return " | ".join(str(part or "-") for part in parts)


class Row(NamedTuple):
    """A line of docs/entities.md."""

    name: str
    meaning: str
    kind: str
    unit: str
    statistics: str
    shown: str
    exists: str
    key: str

    def describes(self, item: er.RegistryEntry, serial: str) -> bool:
        kind = (item.domain, item.original_device_class, item.entity_category)
        return (
            re.fullmatch(rf"{serial}_{self.key.replace('… ', '.+_')}(_.+)?", item.unique_id) is not None
            and self.kind.replace(" ", "_").split(",_") == list(dict.fromkeys(str(part) for part in kind if part))
            and self.unit == (item.unit_of_measurement or "")
            and STATISTICS[self.statistics] == (item.capabilities or {}).get("state_class")
            and (self.shown == "yes") is not item.disabled
        )


def reference() -> list[Row]:
    lines = (line for line in REFERENCE.read_text().splitlines() if line.startswith("| ") and line.endswith("` |"))
    return [Row(*(cell.strip(" `") for cell in line.strip("| ").split(" | "))) for line in lines]
