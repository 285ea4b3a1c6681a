"""One gateway as it is now: whose messages count, in which order, and what each of them changes."""

import pytest

from mqtt_schema.accessors import load_export_energy, load_import_energy, load_power
from mqtt_schema.points import Scope, ScopeKind, points
from mqtt_schema.quantities import Phase
from smappee_gateway.commands import CONFIRMATION_TIMEOUT_S, PlugCommand
from smappee_gateway.errors import UnknownTargetError
from smappee_gateway.freshness import Feed as State
from tests import genius
from tests.feed import STALE_AFTER_S, Feed

CHILD = "22222222-2222-3333-4444-555555555555"
NEIGHBOUR = "33333333-2222-3333-4444-555555555555"
PUMP = "5500000002_1"


@pytest.fixture
def feed() -> Feed:
    feed = Feed()
    feed.introduce()
    return feed


def grid_w(feed: Feed) -> float | None:
    return feed.session.readings.site_power.grid_w


def test_loads_are_what_the_user_gave_one_name(feed: Feed) -> None:
    loads = {load.name: [channel.index for channel in load.channels] for load in feed.session.site.loads}
    assert loads == {"Mains L1": [0], "Mains L2": [1], "Mains L3": [2], "Roof": [3], "Oven": [4], "Heat pump": [5, 6]}


def test_powers_follow_the_signs_of_the_house(feed: Feed) -> None:
    feed.second(genius.powers(grid1=-900, grid2=300, grid3=50, roof=1500, pump1=200, pump2=250))
    power = feed.session.readings.site_power
    assert (power.grid_w, power.solar_w, power.house_w) == (-550, 1500, 950)
    assert load_power(feed.session.site, feed.session.readings, PUMP) == 450


def test_load_energy_is_the_sum_of_its_cts(feed: Feed) -> None:
    for second, energy_j in enumerate((36_000_000, 36_003_600)):
        feed.second(genius.powers(second, energy_j))
    session = feed.session
    assert load_import_energy(session.site, session.readings, PUMP) == pytest.approx(2 * 36_003_600 / 3.6e6)
    assert load_export_energy(session.site, session.readings, PUMP) == 0


def oven_kwh(feed: Feed) -> float | None:
    return load_import_energy(feed.session.site, feed.session.readings, "5500000002_0")


def test_a_counter_that_restarts_with_the_gateway_counts_at_once(feed: Feed) -> None:
    for second in range(2):
        feed.second(genius.powers(second))
    feed.send("config", genius.config(boot_ms=genius.BOOT_MS + 1))
    feed.second(genius.powers(40, 3600))
    assert oven_kwh(feed) == pytest.approx(10.001)


def test_a_channel_that_was_missing_for_long_has_counted_meanwhile(feed: Feed) -> None:
    for second in range(2):
        feed.second(genius.powers(second))
    for second in range(2, 3602, 10):
        feed.second(genius.realtime(genius.channels()[:4], second))
    feed.second(genius.powers(3602, 36_000_000 + 7_200_000))
    assert oven_kwh(feed) == pytest.approx(12)


def test_a_load_that_gains_a_ct_does_not_jump(feed: Feed) -> None:
    for second in range(2):
        feed.second(genius.powers(second))
    renamed = [genius.Ct(4, "Heat pump", phase="B", hub="5500000002", input=0), *genius.HOUSE[5:]]
    feed.send("channelConfigV2", genius.channel_config([*genius.HOUSE[:4], *renamed]))
    feed.second(genius.powers(2, 36_003_600))
    assert oven_kwh(feed) == pytest.approx(10 + 3 * 0.001)
    feed.send("channelConfigV2", genius.channel_config())
    feed.second(genius.powers(3, 36_007_200))
    assert oven_kwh(feed) == pytest.approx(10 + 4 * 0.001)


def test_a_load_on_a_delta_supply_has_the_net_of_its_cts() -> None:
    feed = Feed()
    feed.introduce(genius.channel_config(phase_type="THREE_DELTA"))
    start = 36_000_000
    counters = {0: (start, 0), 1: (start, 0), 2: (start + 36_000, 18_000), 7200: (start + 9_036_000, 4_518_000)}
    for second, (imported, exported) in counters.items():
        channels = genius.channels()
        channels[5] |= {"importEnergy": imported}
        channels[6] |= {"exportEnergy": exported}
        feed.second(genius.realtime(channels, second))
    session = feed.session
    assert load_import_energy(session.site, session.readings, PUMP) == pytest.approx((9_036_000 - 4_518_000) / 3.6e6)
    assert load_export_energy(session.site, session.readings, PUMP) == 0


def test_without_a_configuration_measurements_mean_nothing_yet() -> None:
    feed = Feed()
    assert not feed.second(genius.powers())
    feed.send("config", genius.config())
    assert not feed.second(genius.powers())
    assert feed.session.feed is State.WAITING
    changes = feed.send("channelConfigV2", genius.channel_config())
    assert changes.installation
    assert feed.second(genius.powers(1, grid1=5)).freshness
    assert grid_w(feed) == 5


def test_a_change_names_what_has_changed_and_nothing_else(feed: Feed) -> None:
    feed.second(genius.powers(0, oven=100))
    feed.second(genius.powers(1, oven=100))
    changes = feed.second(genius.powers(2, oven=120))
    assert changes.channels == {4}
    assert (changes.installation, changes.freshness, changes.plugs) == (False, False, set())
    site = feed.session.site
    touched = {scope.id for _, scope in points(site) if scope.kind is ScopeKind.LOAD and changes.touches(site, scope)}
    assert touched == {"5500000002_0"}
    assert changes.touches(site, Scope(ScopeKind.SITE))
    assert changes.touches(site, Scope(ScopeKind.CHANNEL, "5500000002_0"))
    assert not changes.touches(site, Scope(ScopeKind.CHANNEL, "5500000002_1"))


def test_a_vanished_channel_has_changed_too(feed: Feed) -> None:
    feed.second(genius.powers(0))
    feed.second(genius.powers(1))
    assert feed.second(genius.realtime(genius.channels()[:-1], 2)).channels == {6}


def test_a_message_without_channels_measures_nothing(feed: Feed) -> None:
    feed.second(genius.powers(1, grid1=5))
    assert not feed.second({**genius.powers(2), "channelPowers": []})
    assert not feed.second({})
    assert grid_w(feed) == 5
    assert feed.session.tick(feed.now + STALE_AFTER_S).freshness


def test_a_repeated_measurement_is_no_measurement(feed: Feed) -> None:
    feed.second(genius.powers(1, grid1=5))
    assert not feed.second(genius.powers(1, grid1=7))
    assert grid_w(feed) == 5


def test_a_measurement_that_was_overtaken_is_left_out(feed: Feed) -> None:
    feed.second(genius.powers(1))
    feed.second(genius.powers(3, grid1=5))
    assert not feed.second(genius.powers(2, grid1=7))
    assert feed.second(genius.powers(4, grid1=9))
    assert feed.session.readings.site_energy.import_j == 2 * 5 + 9


def test_a_gateway_clock_that_was_turned_back_is_followed(feed: Feed) -> None:
    feed.second(genius.powers(7200))
    assert feed.second(genius.powers(0, grid1=100))
    assert feed.second(genius.powers(1, grid1=100))
    assert feed.session.readings.site_energy.import_j == 200


def test_measurements_without_a_time_are_timed_by_the_host(feed: Feed) -> None:
    for _ in range(4):
        feed.second({**genius.powers(grid1=100), "utcTimeStamp": None})
    assert feed.session.readings.site_energy.import_j == 300


def test_silence_makes_the_feed_stale_and_a_new_measurement_fresh(feed: Feed) -> None:
    feed.second(genius.powers())
    assert feed.session.age_s(feed.now + 3) == 3
    assert not feed.session.tick(feed.now + STALE_AFTER_S)
    states = [feed.session.feed]
    assert feed.session.tick(feed.now + STALE_AFTER_S + 0.1).freshness
    states.append(feed.session.feed)
    assert not feed.session.tick(feed.now + 2 * STALE_AFTER_S)
    assert feed.second(genius.powers(60)).freshness
    states.append(feed.session.feed)
    assert states == [State.FRESH, State.STALE, State.FRESH]


def test_frozen_measurements_are_silence(feed: Feed) -> None:
    for _ in range(20):
        feed.second(genius.powers(5))
    assert feed.session.tick(feed.now).freshness


def test_before_the_first_measurement_nothing_is_stale(feed: Feed) -> None:
    assert not feed.session.tick(feed.now + 1000)
    assert feed.session.age_s(feed.now) is None


def test_another_gateway_on_the_broker_is_noted_and_left_alone(feed: Feed) -> None:
    feed.second(genius.powers(0, grid1=5))
    assert not feed.send("config", genius.config("5010099999", NEIGHBOUR))
    assert not feed.send("channelConfigV2", genius.channel_config(genius.HOUSE[:1]), NEIGHBOUR)
    assert not feed.send("realtime", genius.powers(1, grid1=900), NEIGHBOUR)
    assert feed.session.other_serials == {"5010099999"}
    assert len(feed.session.site.channels) == 7
    assert grid_w(feed) == 5


def test_a_child_location_never_overwrites_its_parent(feed: Feed) -> None:
    feed.second(genius.powers(0, grid1=5))
    assert not feed.send("config", genius.config(location=CHILD, number=4712))
    feed.send("channelConfigV2", genius.channel_config(genius.HOUSE[:1]), CHILD)
    feed.send("realtime", genius.powers(1, grid1=900), CHILD)
    assert len(feed.session.site.channels) == 7
    assert grid_w(feed) == 5
    assert feed.session.ignored_foreign == 3


def test_a_child_that_speaks_first_gives_way_to_its_parent() -> None:
    feed = Feed()
    feed.send("config", genius.config(location=CHILD, number=4712))
    feed.send("channelConfigV2", genius.channel_config(genius.HOUSE[:1]), CHILD)
    feed.introduce()
    feed.second(genius.powers(0, grid1=5))
    assert feed.session.site.identity is not None
    assert feed.session.site.identity.location == genius.LOCATION
    assert len(feed.session.site.channels) == 7
    assert grid_w(feed) == 5


def test_the_same_configuration_again_changes_nothing(feed: Feed) -> None:
    assert not feed.send("config", genius.config())
    assert not feed.send("channelConfigV2", genius.channel_config())


def test_a_new_ct_is_a_new_installation_and_the_totals_go_on(feed: Feed) -> None:
    for second in range(11):
        feed.second(genius.powers(second, grid1=1000))
    cts = [*genius.HOUSE, genius.Ct(7, "Sauna", hub="5500000002", input=3)]
    assert feed.send("channelConfigV2", genius.channel_config(cts)).installation
    assert "Sauna" in {load.name for load in feed.session.site.loads}
    feed.second(genius.powers(11, grid1=1000))
    assert feed.session.readings.site_energy.import_j == 11_000


def test_a_ct_keeps_its_counters_when_the_gateway_renumbers(feed: Feed) -> None:
    for second in range(2):
        feed.second(genius.powers(second))
    before = oven_kwh(feed)
    cts = [genius.Ct(9, "Oven", phase="B", hub="5500000002", input=0), *genius.HOUSE[:4]]
    feed.send("channelConfigV2", genius.channel_config(cts))
    feed.second(genius.realtime([genius.channel(9, 0, 36_003_600)], 2))
    assert before == 10.0
    assert oven_kwh(feed) == pytest.approx(10.001)


def test_a_line_is_connected_when_it_first_shows_a_voltage(feed: Feed) -> None:
    moments = ((230, 0, 0), (230, 0, 229), (230, 0, 0))
    changes = [
        feed.second(genius.realtime(genius.channels(), second, voltages)) for second, voltages in enumerate(moments)
    ]
    assert [change.installation for change in changes] == [True, True, False]
    assert feed.session.site.phases == (Phase.L1, Phase.L3)


def test_always_on_and_presence_are_values_of_the_site(feed: Feed) -> None:
    data = {"utcEndtime": 1, "measurements": [{"type": {"measurementKind": "ALWAYS_ON"}, "value": 87_000}]}
    assert feed.send("aggregated", {"intervalDatas": [data]}).site
    assert feed.send("presence", {"value": True}, retained=True).site
    assert (feed.session.readings.always_on_w, feed.session.readings.presence) == (87.0, True)


class TestPlugs:
    """Commands and what confirms them."""

    @pytest.fixture(autouse=True)
    def lamp(self, feed: Feed) -> None:
        assert feed.send("homeControlConfig", genius.home_control((1, "Lamp"), (2, "Fan"))).installation

    def command(self, feed: Feed, *, on: bool = True) -> PlugCommand:
        return feed.session.switch_plug("1", feed.now, on=on)

    def test_a_state_is_read(self, feed: Feed) -> None:
        assert feed.send("plug/1/state", {"value": "ON"}, retained=True).plugs == {"1"}
        assert feed.session.readings.plugs["1"].on is True

    def test_a_state_before_the_list_of_plugs_is_kept(self) -> None:
        feed = Feed()
        feed.introduce()
        feed.send("plug/2/state", {"value": "ON"}, retained=True)
        feed.send("homeControlConfig", genius.home_control((2, "Fan")))
        assert feed.session.readings.plugs["2"].on is True

    def test_a_plug_out_of_reach_is_told(self, feed: Feed) -> None:
        assert feed.send("plug/1/connectionState", {"value": "UNREACHABLE"}).plugs == {"1"}
        assert feed.session.readings.plugs["1"].connected is False

    def test_the_same_list_again_changes_nothing(self, feed: Feed) -> None:
        assert not feed.send("homeControlConfig", genius.home_control((1, "Lamp"), (2, "Fan")))

    def test_a_live_echo_confirms(self, feed: Feed) -> None:
        command = self.command(feed)
        assert command == PlugCommand(location=genius.LOCATION, plug="1", on=True)
        assert feed.send("plug/1/state", {"value": "ON"}).confirmed == (command,)
        assert not feed.session.tick(feed.now + 1000).failed

    @pytest.mark.parametrize(
        ("plug", "value", "retained"),
        [("1", "OFF", False), ("2", "ON", False), ("1", "ON", True)],
        ids=["another state", "another plug", "a memory"],
    )
    def test_anything_else_does_not(self, feed: Feed, plug: str, value: str, *, retained: bool) -> None:
        command = self.command(feed)
        assert not feed.send(f"plug/{plug}/state", {"value": value}, retained=retained).confirmed
        assert not feed.session.tick(feed.now + CONFIRMATION_TIMEOUT_S - 0.1).failed
        assert feed.session.tick(feed.now + CONFIRMATION_TIMEOUT_S).failed == (command,)
        assert not feed.session.tick(feed.now + 1000).failed

    def test_a_command_that_could_not_be_sent_is_not_waited_for(self, feed: Feed) -> None:
        feed.session.cancel(self.command(feed))
        assert not feed.session.tick(feed.now + 1000).failed

    def test_an_unknown_plug_cannot_be_switched(self, feed: Feed) -> None:
        with pytest.raises(UnknownTargetError):
            feed.session.switch_plug("9", feed.now, on=True)
