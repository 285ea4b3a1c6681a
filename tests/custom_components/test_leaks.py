"""A hint of leaking water, from the meter of a simulated house, and in Home Assistant."""

from datetime import UTC, datetime

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import ATTR_DEVICE_CLASS, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity._vendor.energy_control.demand import NO_REGISTERS
from custom_components.smappee_infinity._vendor.energy_control.policies import Moment, Policies
from custom_components.smappee_infinity._vendor.smappee_gateway.mqtt_decoder import MqttDecoder, MqttMessage
from custom_components.smappee_infinity._vendor.smappee_gateway.session import Session
from custom_components.smappee_infinity.const import DOMAIN
from custom_components.smappee_infinity.coordinator import SmappeeCoordinator
from custom_components.smappee_infinity.memory import EntryMemory
from simulator import SITES, Gateway, House
from tests import genius, plus
from tests.custom_components.running import interval_passes, set_up
from tests.custom_components.sender import Sender
from tests.waiting import until

EVERYTHING = SITES["everything"]
MAINS, RAIN = "3003009901_0", "5800009902_0"
SENSOR = "3003000078"
LEAK = f"{genius.SERIAL}_water_leak_{SENSOR}_1"


class Night:
    """A simulated house from a quarter to one until ten past five, in its own time zone, two hours ahead of UTC."""

    def __init__(self, leak_l_per_h: float) -> None:
        self.gateway = Gateway(House(EVERYTHING, seed=3, start=datetime(2026, 6, 21, 22, 45, tzinfo=UTC)), seed=3)
        self.gateway.house.plumbing.leak_l_per_h = leak_l_per_h
        self.session = Session(EVERYTHING.identity.serial_number, 15.0)
        self.policies = Policies(EntryMemory(), "UTC", {}, lambda: NO_REGISTERS)
        self.decoder = MqttDecoder()
        self.changed: set[str] = set()
        for second in range(4 * 3600 + 25 * 60):
            for message in self.gateway.step():
                if second < 120 or second % 10 == 0 or "realtime" not in message.topic:
                    self._take(MqttMessage(message.topic, message.payload, message.retain), float(second))

    def _take(self, message: MqttMessage, now: float) -> None:
        for update in self.decoder.decode(message):
            changes = self.session.apply(update, now)
            session = self.session
            moment = Moment(session.site, session.readings, session.memory.measured_at, session.memory.clock)
            self.changed |= self.policies.advance(moment, changes).meters


def test_a_leak_of_the_mains_is_suspected_and_the_rain_water_is_not() -> None:
    night = Night(20.0)
    assert night.policies.answers.leaks == {MAINS: True, RAIN: False}
    assert night.changed == {MAINS, RAIN}


def test_a_tight_house_is_not_suspected() -> None:
    night = Night(0.0)
    assert night.policies.answers.leaks == {MAINS: False, RAIN: False}


WATER = {"enabled": True, "type": "water", "uom": "l", "ppu": 1}
INSTALLED = {
    "utcTimeStamp": genius.BOOT_MS,
    "gwSensors": [{"sensorId": 7, "serialNumber": SENSOR, "gwSensorChannelsConfig": [{"enabled": False}, WATER]}],
    "switchSensors": [],
}


def suspected(hass: HomeAssistant) -> State:
    found = er.async_get(hass).async_get_entity_id("binary_sensor", DOMAIN, LEAK)
    assert found
    state = hass.states.get(found)
    assert state
    return state


async def test_it_is_a_hint_on_the_device_of_the_sensor_and_kept_over_a_reload(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await gateway.send("sensorConfig", INSTALLED, retain=True)
    coordinator = await set_up(hass, entry, gateway)
    await until(lambda: bool(coordinator.session.site.meters))
    await hass.async_block_till_done()
    assert suspected(hass).state == STATE_UNKNOWN
    assert suspected(hass).attributes[ATTR_DEVICE_CLASS] == BinarySensorDeviceClass.PROBLEM
    await from_evening_to_morning(gateway, coordinator)
    await interval_passes(hass)
    assert suspected(hass).state == STATE_ON
    assert await gateway.living(hass.config_entries.async_reload(entry.entry_id))
    await until(lambda: bool(entry.runtime_data.session.site.meters))
    await hass.async_block_till_done()
    assert suspected(hass).state == STATE_ON


async def from_evening_to_morning(gateway: Sender, coordinator: SmappeeCoordinator) -> None:
    """A litre every five minutes, from 00:35 to 05:25 in Brussels; the hand-written gateway starts at 23:15."""
    await gateway.power(elapsed_s=80 * 60)
    for number in range(58):
        await gateway.power(elapsed_s=300)
        interval = plus.gas_water(0, genius.START_MS / 1000 + gateway.second, index1Delta=1)
        await gateway.send("aggregatedGW", {"gwIntervalDatas": [interval]})
        counted = number + 1
        await until(lambda: coordinator.session.readings.meter_pulses[f"{SENSOR}_1"] == counted)  # noqa: B023 - at once
