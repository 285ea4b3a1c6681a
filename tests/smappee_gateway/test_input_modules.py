"""Input modules: contacts, and pulses that count once, in intervals or as counts that run on."""

import msgspec
import pytest

from mqtt_schema.accessors import contact_active
from mqtt_schema.metering import meter_total
from mqtt_schema.quantities import Medium
from smappee_gateway.changes import Changes
from smappee_gateway.modules import Modules
from smappee_gateway.pulse_counter import HIGHEST_PULSES_PER_S
from smappee_gateway.session import SessionMemory
from tests import genius, plus
from tests.feed import Feed
from tests.modules import DOOR, INPUT, INPUTS, POWER, TARIFF, WATER, declared, inputs

PULSES = INPUTS[:2]


def introduced(modules: Modules, memory: SessionMemory | None = None) -> Feed:
    feed = Feed(memory=memory, modules=modules)
    feed.introduce()
    feed.second(genius.powers(1))
    return feed


@pytest.fixture
def feed() -> Feed:
    return introduced(declared(inputs()))


def tell(feed: Feed, *told: object, retained: bool = False) -> Changes:
    return feed.send(f"inputmodule/{INPUT}/state", {"inputs": told}, retained=retained)


def counts(feed: Feed, water: object, power: object = 0, *, retained: bool = False) -> Changes:
    return tell(feed, {"count": water}, {"count": power}, retained=retained)


def later(feed: Feed, seconds: int) -> None:
    """Measurements go on for so long."""
    feed.now += seconds
    feed.send("realtime", genius.powers(feed.now - 999))


def pulses(feed: Feed) -> list[float]:
    return [feed.session.readings.meter_pulses[meter] for meter in (WATER, POWER)]


def doors(feed: Feed) -> tuple[bool | None, bool | None]:
    return (feed.session.readings.contacts[DOOR], feed.session.readings.contacts[TARIFF])


def test_declared_inputs_are_there_before_the_gateway_is() -> None:
    session = Feed(modules=declared(inputs())).session
    garden, car = session.site.meters
    assert (garden.id, garden.name, garden.medium, garden.unit, garden.pulses_per_unit) == (
        WATER,
        "Garden",
        Medium.WATER,
        "m3",
        1000,
    )
    assert (car.id, car.medium, car.unit) == (POWER, Medium.ELECTRICITY, "kWh")
    assert session.readings.meter_pulses == {WATER: 0, POWER: 0}
    assert session.readings.contacts == {DOOR: None, TARIFF: None}
    assert session.site.sensors == ()


class TestContacts:
    """States of inputs."""

    @pytest.mark.parametrize("word", ["CLOSED", "closed", "ON", "HIGH", True, 1])
    def test_closed_is_active_unless_that_is_its_rest(self, feed: Feed, word: object) -> None:
        assert tell(feed, {}, {}, {"state": word}, {"state": word}).contacts == {DOOR, TARIFF}
        assert doors(feed) == (True, False)
        assert contact_active(feed.session.site, feed.session.readings, DOOR) is True

    @pytest.mark.parametrize("word", ["OPEN", "off", "LOW", False, 0])
    def test_open_is_the_opposite(self, feed: Feed, word: object) -> None:
        tell(feed, {}, {}, {"state": word}, {"state": word}, retained=True)
        assert doors(feed) == (False, True)

    def test_only_what_has_changed_is_told(self, feed: Feed) -> None:
        tell(feed, {}, {}, {"state": "OPEN"}, {"state": "OPEN"})
        assert not tell(feed, {}, {}, {"state": "OPEN"}, {"state": "OPEN"})
        assert tell(feed, {}, {}, {"state": "OPEN"}, {"state": "CLOSED"}).contacts == {TARIFF}

    def test_an_input_that_is_not_told_keeps_its_state(self, feed: Feed) -> None:
        tell(feed, {}, {}, {"state": "OPEN"}, {"state": "OPEN"})
        assert not tell(feed, {}, {}, {}, {"state": "OPEN"})
        assert doors(feed) == (False, True)

    @pytest.mark.parametrize("word", ["AJAR", None, 0.5, []])
    def test_a_word_that_says_nothing_makes_it_unknown_and_leaves_the_others(self, feed: Feed, word: object) -> None:
        tell(feed, {}, {}, {"state": "CLOSED"}, {"state": "CLOSED"})
        assert tell(feed, {}, {}, {"state": word}, {"state": "OPEN"}).contacts == {DOOR, TARIFF}
        assert doors(feed) == (None, True)
        assert feed.decoder.unreadable == {"inputmodule/+/state": 1}

    @pytest.mark.parametrize("payload", [b"{}", b'{"inputs":5}', b'{"inputs":[]}', b"[", b"OPEN", b"\xff"])
    def test_a_message_that_cannot_be_read_changes_nothing_and_is_counted(self, feed: Feed, payload: bytes) -> None:
        tell(feed, {}, {}, {"state": "CLOSED"}, {"state": "CLOSED"})
        assert not feed.message(genius.topic(f"inputmodule/{INPUT}/state"), payload)
        assert doors(feed) == (True, False)
        assert feed.decoder.unreadable == {"inputmodule/+/state": 1}

    def test_a_restart_of_the_gateway_forgets_them_until_they_are_told_again(self, feed: Feed) -> None:
        tell(feed, {}, {}, {"state": "CLOSED"})
        assert feed.send("config", genius.config(boot_ms=genius.BOOT_MS + 1)).contacts == {DOOR}
        assert doors(feed) == (None, None)
        tell(feed, {}, {}, {"state": "OPEN"}, {"state": "OPEN"}, retained=True)
        assert doors(feed) == (False, True)

    def test_other_words_and_topics_are_an_override_away(self) -> None:
        override = {
            "state_topic": "bus/{module}/in/{input}",
            "state_path": "",
            "closed_words": ["shut"],
            "open_words": ["ajar"],
            "first_input": 1,
        }
        contacts = INPUTS[2:]
        feed = introduced(declared(inputs(dialect="gas_water", inputs=contacts, override=override)))
        feed.message(genius.topic(f"bus/{INPUT}/in/3"), b"SHUT")
        feed.message(genius.topic(f"bus/{INPUT}/in/4"), b"ajar")
        assert doors(feed) == (True, True)


class TestRunningCounts:
    """Counts that run on: the steps count, and nonsense does not."""

    def test_they_count_from_the_first_on(self, feed: Feed) -> None:
        assert not counts(feed, 5000)
        for count in (5010, 5030):
            later(feed, 10)
            assert counts(feed, count).meters == {WATER}
        assert pulses(feed) == [30, 0]
        assert meter_total(feed.session.site, feed.session.readings, WATER) == 0.03

    def test_a_count_that_comes_again_or_is_a_memory_counts_once(self, feed: Feed) -> None:
        counts(feed, 10)
        later(feed, 10)
        for retained in (False, True, False):
            counts(feed, 20, retained=retained)
        assert pulses(feed) == [10, 0]

    @pytest.mark.parametrize("nonsense", [10**9, 0, -5, None, "many", True, 10**400])
    def test_nonsense_adds_nothing_and_nothing_is_lost(self, feed: Feed, nonsense: object) -> None:
        for count in (1000, 1010, nonsense, 1030):
            later(feed, 10)
            counts(feed, count)
        assert pulses(feed) == [30, 0]

    def test_what_was_counted_while_nobody_listened_counts(self, feed: Feed) -> None:
        counts(feed, 0)
        later(feed, 10)
        counts(feed, 10)
        later(feed, 7200)
        counts(feed, 3010)
        assert pulses(feed) == [3010, 0]

    def test_also_when_no_measurement_came_meanwhile(self, feed: Feed) -> None:
        counts(feed, 0)
        later(feed, 10)
        counts(feed, 10)
        feed.now += 600
        counts(feed, 3010)
        assert pulses(feed) == [3010, 0]

    def test_more_than_any_meter_gives_does_not(self, feed: Feed) -> None:
        counts(feed, 0)
        later(feed, 10)
        counts(feed, 10)
        later(feed, 10)
        counts(feed, 10 + 100 * HIGHEST_PULSES_PER_S)
        assert pulses(feed) == [10, 0]

    @pytest.mark.parametrize("first", [0, 4])
    def test_after_a_restart_of_the_gateway_a_count_may_begin_again(self, feed: Feed, first: int) -> None:
        counts(feed, 1000)
        later(feed, 10)
        counts(feed, 1010)
        feed.send("config", genius.config(boot_ms=genius.BOOT_MS + 1))
        later(feed, 40)
        counts(feed, first)
        later(feed, 10)
        counts(feed, 6)
        assert pulses(feed) == [16, 0]

    def test_after_a_restart_of_the_gateway_a_count_may_go_on_as_well(self, feed: Feed) -> None:
        counts(feed, 1000)
        feed.send("config", genius.config(boot_ms=genius.BOOT_MS + 1))
        later(feed, 40)
        counts(feed, 1003)
        assert pulses(feed) == [3, 0]

    def test_totals_survive_a_restart_of_the_host(self, feed: Feed) -> None:
        counts(feed, 1000)
        later(feed, 10)
        counts(feed, 1010)
        memory = msgspec.json.decode(msgspec.json.encode(feed.session.memory), type=SessionMemory)
        after = introduced(declared(inputs()), memory)
        assert pulses(after) == [10, 0]
        counts(after, 1010, retained=True)
        later(after, 60)
        counts(after, 1025)
        assert pulses(after) == [25, 0]

    def test_an_interval_of_the_same_module_does_not_count_again(self, feed: Feed) -> None:
        listed = plus.sensor_config(serial=INPUT)
        feed.send("sensorConfig", listed)
        counts(feed, 0)
        later(feed, 10)
        counts(feed, 10)
        feed.send("aggregatedGW", {"gwIntervalDatas": [plus.gas_water(10)]})
        assert pulses(feed) == [10, 0]


class TestIntervals:
    """Pulses in intervals, as those of a gas & water sensor."""

    @pytest.fixture
    def feed(self) -> Feed:
        return introduced(declared(inputs(dialect="gas_water", inputs=PULSES)))

    def interval(self, feed: Feed, sensor: object, end_s: int = 300, **deltas: int) -> Changes:
        data = {"sensorId": sensor, "utcEndtime": end_s * 1000, **deltas}
        return feed.send("aggregatedGW", {"gwIntervalDatas": [data]})

    def test_they_count_by_the_id_of_the_module_when_nothing_is_listed(self, feed: Feed) -> None:
        assert self.interval(feed, INPUT, index0Delta=3, index1Delta=5).meters == {WATER, POWER}
        self.interval(feed, INPUT, index0Delta=3, index1Delta=5)
        assert pulses(feed) == [3, 5]
        assert not feed.session.site.sensors[0].feels

    def test_they_count_by_the_listed_number_and_no_pulse_has_two_meters(self, feed: Feed) -> None:
        feed.send("sensorConfig", plus.sensor_config(serial=INPUT))
        self.interval(feed, 7, index0Delta=3)
        assert pulses(feed) == [3, 0]
        assert [meter.name for meter in feed.session.site.meters] == ["Garden", "Car"]
        assert [(sensor.id, sensor.number) for sensor in feed.session.site.sensors] == [(INPUT, "7")]

    def test_other_sensors_stay_beside_them(self, feed: Feed) -> None:
        feed.send("sensorConfig", plus.sensor_config())
        assert [sensor.id for sensor in feed.session.site.sensors] == ["3003000078", INPUT]
        assert [meter.id for meter in feed.session.site.meters] == ["3003000078_0", WATER, POWER]
        self.interval(feed, 7, index0Delta=3)
        assert feed.session.readings.meter_pulses == {"3003000078_0": 3, WATER: 0, POWER: 0}


def test_contacts_on_a_topic_and_pulses_in_intervals_go_together() -> None:
    feed = introduced(declared(inputs(override={"counting": "intervals"})))
    tell(feed, {"count": 50}, {"count": 50}, {"state": "CLOSED"}, {"state": "CLOSED"})
    data = {"sensorId": INPUT, "utcEndtime": 300_000, "index0Delta": 3}
    feed.send("aggregatedGW", {"gwIntervalDatas": [data]})
    assert pulses(feed) == [3, 0]
    assert doors(feed) == (True, False)


def test_an_input_module_that_is_listed_needs_no_declaration() -> None:
    """Four inputs among the gas & water sensors: what is listed is taken as it is."""
    feed = introduced(declared())
    channels = [{"enabled": True, "type": kind, "uom": "m3", "ppu": 10} for kind in ("gas", "water", "water", "steam")]
    sensor = {"sensorId": 4, "serialNumber": INPUT, "gwSensorChannelsConfig": channels}
    feed.send("sensorConfig", {"gwSensors": [sensor], "switchSensors": []})
    deltas = {f"index{number}Delta": number + 1 for number in range(4)}
    feed.send("aggregatedGW", {"gwIntervalDatas": [{"sensorId": 4, "utcEndtime": 300_000, **deltas}]})
    assert list(feed.session.readings.meter_pulses.values()) == [1, 2, 3, 4]
    assert feed.session.site.meters[3].medium is Medium.OTHER
