"""The sensors of a site: which there are, what they are, what they say."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.smappee_infinity.const import DOMAIN
from tests import genius
from tests.custom_components import captured_site
from tests.custom_components.conftest import entry_for
from tests.custom_components.running import set_up, show, state_of
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto

G = genius.SERIAL


async def captured(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> MockConfigEntry:
    """Set up the captured site, measured twice: a counter is believed when a second value agrees."""
    sender = Sender(gateway.client, captured_site.SERIAL, "57e3e0d8-0000-0000-0000-000000000000")
    await sender.introduce(captured_site.CTS, "THREE_DELTA")
    sender.live = genius.realtime(captured_site.channels(), 0, captured_site.VOLTAGES_V)
    entry = entry_for(broker, captured_site.SERIAL)
    coordinator = await set_up(hass, entry, sender)
    sender.second += 1
    sender.live = genius.realtime(captured_site.channels(), sender.second, captured_site.VOLTAGES_V)
    await sender.repeat()
    await show(hass, coordinator, sender)
    return entry


async def test_entities_of_the_captured_site(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender, snapshot: SnapshotAssertion
) -> None:
    entry = await captured(hass, broker, gateway)
    registry = er.async_get(hass)
    lines = sorted(_line(hass, item) for item in er.async_entries_for_config_entry(registry, entry.entry_id))
    assert "\n".join(lines) == snapshot


async def test_powers_of_the_captured_site(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> None:
    await captured(hass, broker, gateway)
    serial = captured_site.SERIAL
    assert state_of(hass, f"{serial}_grid_power") == "-55"
    assert state_of(hass, f"{serial}_solar_power") == "-119"
    assert state_of(hass, f"{serial}_house_power") == "-174"


async def test_devices_hang_below_their_gateway(hass: HomeAssistant, broker: Mosquitto, gateway: Sender) -> None:
    entry = await captured(hass, broker, gateway)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    hub = next(device for device in devices if device.via_device_id is None)
    assert (hub.name, hub.model, hub.serial_number, hub.sw_version) == (
        "Smappee Genius",
        "Genius",
        captured_site.SERIAL,
        "V4.7.1",
    )
    assert hub.configuration_url == "http://127.0.0.1/smappee.html"
    loads = {device.name for device in devices if device.via_device_id == hub.id}
    assert loads == {ct.name for ct in captured_site.CTS if ct.name not in {"GridA", "GridB"}}
    assert len(devices) == 1 + len(loads)


async def test_the_device_of_a_load_names_its_cts_and_where_they_are_plugged_in(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    (pump,) = (device for device in devices if device.name == "Heat pump")
    assert (pump.model, pump.hw_version) == ("SCT2_50A", "5500000002/B, 5500000002/C")


async def test_a_gateway_without_a_web_page_has_no_link(
    hass: HomeAssistant, broker: Mosquitto, gateway: Sender
) -> None:
    connect = Sender(gateway.client, "5110012345", "77777777-2222-3333-4444-555555555555")
    await connect.introduce()
    coordinator = await set_up(hass, entry_for(broker, connect.serial), connect)
    hub = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, connect.serial), config_entry_id=coordinator.config_entry.entry_id
    )
    assert hub
    assert (hub.model, hub.configuration_url) == ("Connect", None)


async def test_only_what_there_are_several_of_says_which(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    registry = er.async_get(hass)
    names = {
        item.unique_id.removeprefix(f"{G}_"): item.original_name
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
    }
    assert names["channel_current_5500000002_0"] == "Current"
    assert names["channel_current_5500000002_1"] == "Current L1"
    assert names["channel_current_5500000002_2"] == "Current L2"
    assert names["grid_current_5500000001_2"] == "Grid current L3"
    assert names["voltage_L2"] == "Voltage L2"


async def test_a_flat_with_one_phase_has_short_names(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await gateway.install([genius.Ct(0, "Mains", connection="GRID")], "ONE")
    gateway.live = genius.realtime([genius.channel(0, 500)], voltages=[230])
    await set_up(hass, entry, gateway)
    registry = er.async_get(hass)
    names = {item.original_name for item in er.async_entries_for_config_entry(registry, entry.entry_id)}
    assert {"Voltage", "Grid current"} <= names


async def test_two_cts_on_one_phase_are_told_apart_by_number(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await gateway.install([genius.Ct(0, "Boiler", input=0), genius.Ct(1, "Boiler", input=1)])
    await set_up(hass, entry, gateway)
    registry = er.async_get(hass)
    names = {item.original_name for item in er.async_entries_for_config_entry(registry, entry.entry_id)}
    assert {"Current 1", "Current 2"} <= names


async def test_a_missing_value_is_unknown_not_zero(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    await gateway.measure([genius.channel(0, 100), genius.channel(1, 100), genius.channel(3, 100)])
    await show(hass, coordinator, gateway)
    assert state_of(hass, f"{G}_grid_power") == "unknown"
    assert state_of(hass, f"{G}_grid_current_5500000001_2") == "unknown"
    assert state_of(hass, f"{G}_solar_power") == "100"


async def test_always_on_power_comes_from_the_five_minute_message(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    coordinator = await set_up(hass, entry, gateway)
    assert state_of(hass, f"{G}_always_on_power") == "unknown"
    kind = {"measurementKind": "ALWAYS_ON", "unit": "WATT"}
    data = {"utcEndtime": genius.START_MS, "measurements": [{"type": kind, "value": 87_000}]}
    await gateway.send("aggregated", {"intervalDatas": [data]})
    await gateway.power(grid1=1)
    await show(hass, coordinator, gateway)
    assert state_of(hass, f"{G}_always_on_power") == "87"


def _line(hass: HomeAssistant, item: er.RegistryEntry) -> str:
    """One line: id, class, unit, state class, enabled, state."""
    capabilities = item.capabilities or {}
    state = hass.states.get(item.entity_id)
    return " | ".join(
        (
            item.entity_id,
            str(item.original_device_class),
            str(item.unit_of_measurement or "-"),
            str(capabilities.get("state_class", "-")),
            "disabled" if item.disabled else "enabled",
            "-" if state is None else state.state,
        )
    )


async def test_unique_ids_are_made_of_serial_key_and_place(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    registry = er.async_get(hass)
    for unique_id in (f"{G}_grid_power", f"{G}_voltage_L1", f"{G}_load_power_5500000002_1"):
        assert registry.async_get_entity_id("sensor", DOMAIN, unique_id)
