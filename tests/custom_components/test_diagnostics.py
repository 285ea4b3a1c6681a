"""What a user may attach to a report: enough to find a fault, nothing that tells whose house it is."""

import json
import re

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.smappee_infinity.const import (
    CONF_CARS,
    CONF_DIGITAL_METER,
    CONF_MONTH_PEAK,
    CONF_UPDATE_INTERVAL,
)
from custom_components.smappee_infinity.declared import OUTPUT_MODULE
from custom_components.smappee_infinity.diagnostics import Aliases
from tests import genius, modules
from tests.custom_components.conftest import NOBODY, entry_for
from tests.custom_components.running import set_up, show
from tests.custom_components.sender import Sender
from tests.custom_components.subentries import with_subentries
from tests.mosquitto import Mosquitto

NEIGHBOUR = "5010099999"
CTS = (
    genius.Ct(0, "Mains", connection="GRID"),
    genius.Ct(1, "Dentist's practice", phase="A", hub="5500000002", input=0),
    genius.Ct(2, "Dentist's practice", phase="B", hub="5500000002", input=1),
    genius.Ct(3, "Garage", phase="C", hub="5500000002", input=2),
)

type Json = dict[str, object]


async def download(
    hass: HomeAssistant, client: ClientSessionGenerator, gateway: Sender, entry: MockConfigEntry
) -> Json:
    """The diagnostics of a gateway with a neighbour, user-given names and a plug."""
    await gateway.install(CTS)
    await gateway.send("homeControlConfig", genius.home_control((7, "Waiting room lamp")), retain=True)
    await Sender(gateway.client, NEIGHBOUR, "77777777-2222-3333-4444-555555555555").introduce()
    coordinator = await set_up(hass, entry, gateway)
    await gateway.power(elapsed_s=1, imported=7_200_000)
    await show(hass, coordinator, gateway)
    document = await get_diagnostics_for_config_entry(hass, client, entry)
    return json.loads(json.dumps(document))  # type: ignore[no-any-return] # it is one


async def test_nothing_tells_whose_house_it_is(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, gateway: Sender, entry: MockConfigEntry
) -> None:
    text = json.dumps(await download(hass, hass_client, gateway, entry))
    for secret in (
        "127.0.0.1",
        genius.SERIAL,
        genius.LOCATION,
        NEIGHBOUR,
        "77777777-2222",
        "4711",
        "5500000001",
        "5500000002",
        "99999999-8888",
        "Dentist",
        "Garage",
        "Waiting room",
        entry.entry_id,
    ):
        assert secret not in text
    assert not re.search(r"\d{10,}\"", text)


async def test_entities_that_the_user_named_are_not_told(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, gateway: Sender, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    named = {CONF_MONTH_PEAK: "sensor.meter_of_the_dentist"}
    hass.config_entries.async_update_entry(entry, options={CONF_DIGITAL_METER: named, CONF_CARS: ["5500000002_2"]})
    assert await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    document = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert isinstance(document["entry"], dict)
    assert document["entry"]["options"] == {CONF_DIGITAL_METER: "**REDACTED**", CONF_CARS: ["serial-1_2"]}


async def test_the_same_thing_has_the_same_alias(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, gateway: Sender, entry: MockConfigEntry
) -> None:
    document = await download(hass, hass_client, gateway, entry)
    site, points = document["site"], document["points"]
    assert isinstance(site, dict)
    assert isinstance(points, dict)
    first, second = site["channels"][1]["key"], site["channels"][3]["key"]
    assert first.removesuffix("_0") == second.removesuffix("_2")
    assert site["channels"][0]["key"].partition("_")[0] != first.partition("_")[0]
    assert f"load_power {first}" in points
    names = [channel["name"] for channel in site["channels"]]
    assert names == ["name-1", "name-2", "name-2", "name-3"]
    assert site["plugs"] == [{"id": "7", "name": "name-4", "serial": ""}]
    assert site["identity"]["serial"] == "gateway"
    assert site["identity"]["location_number"] == "**REDACTED**"


async def test_what_helps_to_find_a_fault_is_there(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, gateway: Sender, entry: MockConfigEntry
) -> None:
    await gateway.send("relay/Children's room/state", {}, retain=True)
    await gateway.send("outputmodule/5600001234/state", {"value": "ON_OFF"}, retain=True)
    await gateway.client.publish(genius.topic("presence"), b"nonsense", qos=1, retain=True)
    document = await download(hass, hass_client, gateway, entry)
    assert document["entry"] == {"data": {"host": "host", "port": entry.data["port"]}, "options": {}, "source": "user"}
    told = document["gateway"]
    assert isinstance(told, dict)
    assert (told["available"], told["connected"], told["feed"]) == (True, True, "fresh")
    # What the broker keeps may come once more, when the gateway's own topics are subscribed to.
    assert told["unknown_topics"] in (1, 2)
    assert told["unreadable"].keys() == {"presence"}
    assert told["unknown_topic_names"].keys() == {"relay/level1/state"}
    (seen,) = told["modules_seen"]
    assert (seen["preset"], seen["understood"]) == ("outputmodule", True)
    assert len(told["other_serials"]) == 1
    assert told["messages"] > 0
    points, site, readings = document["points"], document["site"], document["readings"]
    assert isinstance(points, dict)
    assert isinstance(site, dict)
    assert isinstance(readings, dict)
    assert points["grid_power"] == 0
    assert points["frequency"] == 49.98
    assert (site["topology"], site["phases"]) == ("star", ["L1", "L2", "L3"])
    assert readings["channels"]["1"]["importEnergy"] == 7_200_000


async def test_options_are_part_of_it(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, gateway: Sender, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry, gateway)
    hass.config_entries.async_update_entry(entry, options={CONF_UPDATE_INTERVAL: 17})
    document = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    part = document["entry"]
    assert isinstance(part, dict)
    assert part["options"] == {CONF_UPDATE_INTERVAL: 17}


async def test_declared_modules_are_told_without_what_they_are_called(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, gateway: Sender, entry: MockConfigEntry
) -> None:
    entry = with_subentries(entry, (OUTPUT_MODULE, modules.output(override={"payload": "{state}", "value_path": ""})))
    document = await download(hass, hass_client, gateway, entry)
    assert isinstance(document["dialects"], list)
    (dialect,) = document["dialects"]
    assert (dialect["preset"], dialect["payload"], dialect["state_topic"]) == (
        "outputmodule",
        "{state}",
        "outputmodule/{module}/state",
    )
    site, readings = document["site"], document["readings"]
    assert isinstance(site, dict)
    assert isinstance(readings, dict)
    (module,) = site["output_modules"]
    assert module["id"] == dialect["module"] != modules.OUTPUT
    assert readings["relays"].keys() == {relay["id"] for relay in module["relays"]}
    text = json.dumps(document)
    for secret in (modules.OUTPUT, "Cellar", "Boiler", "Towels"):
        assert secret not in text


@pytest.mark.usefixtures("quick_set_up", "gateway")
async def test_they_are_there_when_the_set_up_fails(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, broker: Mosquitto
) -> None:
    entry = entry_for(broker, NEIGHBOUR)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    document = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    told = document["gateway"]
    assert isinstance(told, dict)
    assert (told["connected"], told["feed"], told["other_serials"]) == (True, "waiting", ["serial-1"])


@pytest.mark.usefixtures("quick_set_up")
async def test_a_failed_connection_does_not_name_its_address(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, broker: Mosquitto, entry: MockConfigEntry
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={"host": NOBODY, "port": broker.port})
    await hass.config_entries.async_setup(entry.entry_id)
    document = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    told = document["gateway"]
    assert isinstance(told, dict)
    assert "refused" in str(told["last_failure"])
    assert NOBODY not in json.dumps(document)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Connect call failed ('192.0.2.7', 1883)", "Connect call failed ('address-1', 1883)"),
        ("Connect call failed ('2001:db8::7', 1883, 0, 0)", "Connect call failed ('address-1', 1883, 0, 0)"),
        ("no route to SMAPPEE5010012345.LOCAL", "no route to host"),
        ("5010012345_grid", "gateway_grid"),
        ("5500000001_0 5500000002_0 5500000001_1", "serial-1_0 serial-2_0 serial-1_1"),
        ("V4.7.1", "V4.7.1"),
        ("Europe/Brussels", "Europe/Brussels"),
    ],
)
def test_errors_and_keys_lose_what_is_telling_and_nothing_else(text: str, hidden: str) -> None:
    assert Aliases("Smappee5010012345.local", genius.SERIAL).hide(text) == hidden
