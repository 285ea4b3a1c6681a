"""What a broker may bring besides good measurements. The entities go on, totals neither jump nor turn back."""

import logging
from itertools import pairwise

import pytest
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.coordinator import SmappeeCoordinator
from tests import genius
from tests.custom_components.running import set_up, show, state_of
from tests.custom_components.sender import Sender
from tests.waiting import until

G = genius.SERIAL
POWER, IMPORT = f"{G}_grid_power", f"{G}_grid_import_energy"
OVEN, OVEN_ENERGY = f"{G}_load_power_5500000002_0", f"{G}_load_import_energy_5500000002_0"
COUNTED_J = 36_000_000
MEGABYTE = 1_000_000
CHILD = "77777777-2222-3333-4444-555555555555"

GOOD = genius.encode(genius.powers(1))
UNREADABLE = {
    "nothing": b"",
    "bytes": bytes(range(256)),
    "truncated": GOOD[: len(GOOD) // 2],
    "a list": b"[1, 2, 3]",
    "a number": b"1e999",
    "null": b"null",
    "deep": b"[" * 100_000,
    "large": b'{"channelPowers": "' + b"x" * MEGABYTE + b'"}',
    "large garbage": b"\x00" * MEGABYTE,
    "wrong types": b'{"utcTimeStamp": "now", "channelPowers": {"a": 1}, "voltages": 7, "serialNumber": []}',
}
NAMES = ("realtime", "channelConfigV2", "homeControlConfig", "aggregated", "presence", "plug/7/state", "config")


@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_cannot_be_read_changes_nothing(
    hass: HomeAssistant,
    gateway: Sender,
    entry: MockConfigEntry,
    payload: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    coordinator = await used_for_a_while(hass, gateway, entry)
    before = states(hass)
    for name in NAMES:
        for _ in range(2):
            await gateway.client.publish(genius.topic(name), payload, qos=1)
    await gateway.power(grid1=3600)
    await show(hass, coordinator, gateway)
    assert states(hass) == {**before, IMPORT: "0.012", f"{G}_house_energy": "0.012"}
    assert worst(warnings(caplog)) <= 1


@pytest.mark.usefixtures("quickly_stale")
async def test_a_message_that_measures_nothing_is_silence(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await used_for_a_while(hass, gateway, entry)
    before = totals(states(hass))
    await gateway.measure([])
    await gateway.during(until(lambda: state_of(hass, POWER) == STATE_UNAVAILABLE))
    await gateway.power(elapsed_s=1, grid1=0)
    await until(lambda: state_of(hass, POWER) == "0")
    assert totals(states(hass)).keys() == before.keys()
    assert all(total >= before[name] for name, total in totals(states(hass)).items())


async def test_many_faults_of_one_kind_are_one_line_in_the_log(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    for _ in range(5):
        for name in ("realtime", "presence"):
            await gateway.client.publish(genius.topic(name), b"{broken", qos=1)
    await gateway.power()
    await show(hass, coordinator, gateway)
    assert sorted(line.split("'")[1] for line in warnings(caplog)) == ["presence", "realtime"]
    assert coordinator.decoder.unreadable == {"realtime": 5, "presence": 5}


async def test_of_several_channels_only_the_broken_one_is_unknown(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    coordinator = await used_for_a_while(hass, gateway, entry)
    channels = [genius.channel(index, 100, COUNTED_J) for index in range(len(genius.HOUSE))]
    channels[4]["power"] = "hot"
    for _ in range(3):
        await gateway.measure(channels)
    await show(hass, coordinator, gateway)
    assert state_of(hass, OVEN) == STATE_UNKNOWN
    assert state_of(hass, OVEN_ENERGY) == "10.0"
    assert state_of(hass, POWER) == "300"
    assert len(warnings(caplog)) == 1


async def test_a_broken_grid_channel_makes_the_grid_unknown_not_smaller(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await used_for_a_while(hass, gateway, entry)
    channels = [genius.channel(index, 100, COUNTED_J) for index in range(len(genius.HOUSE))]
    channels[1]["power"] = 10**9
    await gateway.measure(channels)
    await show(hass, coordinator, gateway)
    assert state_of(hass, POWER) == STATE_UNKNOWN
    assert state_of(hass, IMPORT) == "0.011"


async def test_unknown_topics_are_counted_and_left_alone(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    coordinator = await used_for_a_while(hass, gateway, entry)
    for name in ("unheardOf", "output/1/state", "plug/1/2/3/4"):
        await gateway.send(name, {"value": 1})
    await gateway.power(grid1=77)
    await show(hass, coordinator, gateway)
    assert state_of(hass, POWER) == "77"
    assert coordinator.decoder.unknown_topics == 3
    assert warnings(caplog) == []


async def test_measurements_before_their_installation_is_known_mean_nothing_yet(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    for name in ("config", "channelConfigV2"):
        await gateway.client.publish(genius.topic(name), b"", qos=1, retain=True)
    entry.add_to_hass(hass)
    task = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await until(lambda: hasattr(entry, "runtime_data") and entry.runtime_data.gateway.connected)
    coordinator: SmappeeCoordinator = entry.runtime_data
    await gateway.power(grid1=1)
    await gateway.send("config", genius.config(), retain=True)
    await until(lambda: coordinator.session.site.identity is not None)
    await gateway.power(grid1=2)
    await gateway.install(genius.HOUSE)
    assert await gateway.living(task, grid1=3)
    assert state_of(hass, POWER) == "3"


async def test_a_child_location_is_left_alone(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    coordinator = await set_up(hass, entry, gateway)
    child = await location(gateway, number=4712)
    await child.power(elapsed_s=50, grid1=9999)
    await gateway.power(grid1=5)
    await show(hass, coordinator, gateway)
    assert state_of(hass, POWER) == "5"
    assert hass.states.get("sensor.flat_power") is None


async def test_a_parent_location_that_speaks_later_takes_the_place_of_its_child(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await used_for_a_while(hass, gateway, entry)
    parent = await location(gateway, number=4000)
    parent.second = gateway.second
    await until(lambda: coordinator.session.site.load_by_id.get("5500000009_0") is not None)
    await parent.measure([genius.channel(0, 9999, 1_000_000), genius.channel(1, 123, 1_000_000)])
    await show(hass, coordinator, parent)
    await gateway.power(grid1=5)
    await parent.measure([genius.channel(0, 8888, 1_000_000), genius.channel(1, 123, 1_000_000)])
    await show(hass, coordinator, parent)
    assert state_of(hass, POWER) == "8888"
    assert state_of(hass, f"{G}_load_power_5500000009_1") == "123"
    assert state_of(hass, OVEN) == STATE_UNAVAILABLE
    assert float(state_of(hass, IMPORT)) >= 0.011


@pytest.mark.parametrize("garbage", [2**63, 2**64, -(2**63), 1e300, 10**14, COUNTED_J + 10**9])
async def test_an_impossible_counter_value_adds_nothing(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, garbage: float
) -> None:
    coordinator = await used_for_a_while(hass, gateway, entry)
    before = states(hass)
    names = range(len(genius.HOUSE))
    await gateway.measure([genius.channel(i, 0, garbage if i == 4 else COUNTED_J) for i in names])
    await show(hass, coordinator, gateway)
    assert totals(states(hass)) == totals(before)
    await gateway.measure([genius.channel(i, 0, COUNTED_J + 3600) for i in names])
    await show(hass, coordinator, gateway)
    assert state_of(hass, OVEN_ENERGY) == "10.001"
    assert coordinator.session.ignored_counter_values == 1


@pytest.mark.parametrize("garbage", [2**63, 1e300])
async def test_an_impossible_first_counter_value_is_no_total(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, garbage: float
) -> None:
    names = range(len(genius.HOUSE))
    gateway.live = genius.realtime([genius.channel(i, 0, garbage) for i in names])
    coordinator = await set_up(hass, entry, gateway)
    assert state_of(hass, OVEN_ENERGY) == STATE_UNKNOWN
    for _ in range(2):
        await gateway.measure([genius.channel(i, 0, COUNTED_J) for i in names])
    await show(hass, coordinator, gateway)
    assert state_of(hass, OVEN_ENERGY) == "10.0"


@pytest.mark.parametrize("stamp", [0, -(2**63), 2**63, 1e300, 10**14, None])
async def test_an_impossible_time_stamp_costs_nothing_afterwards(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, stamp: float | None
) -> None:
    coordinator = await used_for_a_while(hass, gateway, entry)
    await gateway.send("realtime", {**genius.powers(grid1=3600), "utcTimeStamp": stamp})
    await gateway.power(grid1=3600)
    for _ in range(3):
        await gateway.power(elapsed_s=10, grid1=3600, oven=3600, imported=COUNTED_J + 3600)
    await show(hass, coordinator, gateway)
    # The garbage costs up to two steps of the clock, never the thirty seconds after them.
    assert 0.041 <= float(state_of(hass, IMPORT)) <= 0.043
    assert state_of(hass, OVEN_ENERGY) == "10.001"


async def test_no_hostile_sequence_turns_a_total_back(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await used_for_a_while(hass, gateway, entry)
    seen = [totals(states(hass))]
    for value in (2**63, 0, COUNTED_J, -1, 2**32, 7, COUNTED_J + 3600, None, "x", COUNTED_J + 7200):
        channels = [genius.channel(index, 0, COUNTED_J) for index in range(len(genius.HOUSE))]
        channels[4]["importEnergy"] = value
        await gateway.measure(channels)
        await show(hass, coordinator, gateway)
        seen.append(totals(states(hass)))
    for earlier, later in pairwise(seen):
        assert earlier.keys() == later.keys()
        assert all(later[unique_id] >= earlier[unique_id] for unique_id in earlier)
        assert all(later[unique_id] - earlier[unique_id] < 0.1 for unique_id in earlier)


async def used_for_a_while(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> SmappeeCoordinator:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.power(elapsed_s=10, grid1=3600)
    await gateway.power(grid1=3600)
    await show(hass, coordinator, gateway)
    assert (state_of(hass, IMPORT), state_of(hass, OVEN_ENERGY)) == ("0.011", "10.0")
    return coordinator


async def location(gateway: Sender, number: int) -> Sender:
    """Another service location of the same gateway, with CTs of its own."""
    other = Sender(gateway.client, gateway.serial, CHILD)
    await other.send("config", genius.config(location=CHILD, number=number), retain=True)
    await other.install(
        [
            genius.Ct(0, "Flat mains", connection="GRID", hub="5500000009", input=0),
            genius.Ct(1, "Flat", hub="5500000009", input=1),
        ]
    )
    return other


def states(hass: HomeAssistant) -> dict[str, str]:
    """All states by unique id."""
    registry = er.async_get(hass)
    items = (registry.async_get(state.entity_id) for state in hass.states.async_all("sensor"))
    return {item.unique_id: state_of(hass, item.unique_id) for item in items if item}


def totals(of: dict[str, str]) -> dict[str, float]:
    return {unique_id: float(state) for unique_id, state in of.items() if "_energy" in unique_id}


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the component complains about."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.smappee_infinity") and record.levelno >= logging.WARNING
    ]


def worst(lines: list[str]) -> int:
    """How often one kind of message was complained about."""
    return max((sum(line.startswith(other[:30]) for line in lines) for other in lines), default=0)
