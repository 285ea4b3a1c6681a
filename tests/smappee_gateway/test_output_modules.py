"""Relays of an Output module: what is known of them, when they may be written, and what confirms a command."""

import pytest

from mqtt_schema.readings import RelayReading
from smappee_gateway.changes import Changes
from smappee_gateway.commands import CONFIRMATION_TIMEOUT_S, ModuleCommand
from smappee_gateway.errors import ModuleBusyError, NotTriedError, RelayStateUnknownError, UnknownTargetError
from smappee_gateway.mqtt_commands import publication
from tests import genius
from tests.feed import Feed
from tests.modules import BOILER, OUTPUT, TOWELS, declared, output

SEPARATE = {
    "state_topic": "outputmodule/{module}/{output}/state",
    "command_topic": "outputmodule/{module}/{output}/setstate",
    "words": {"ON": "1", "OFF": "0"},
}


def introduced(**fields: object) -> Feed:
    feed = Feed(modules=declared(output(**fields)))
    feed.introduce()
    return feed


@pytest.fixture
def feed() -> Feed:
    return introduced()


def tell(feed: Feed, word: object, *, retained: bool = False) -> Changes:
    return feed.send(f"outputmodule/{OUTPUT}/state", {"value": word}, retained=retained)


def switch(feed: Feed, relay: str, *, on: bool, trial: bool = False) -> ModuleCommand:
    return feed.session.switch_relay(relay, feed.now, on=on, trial=trial)


def time_out(feed: Feed) -> Changes:
    feed.now += CONFIRMATION_TIMEOUT_S
    return feed.session.tick(feed.now)


def readings(feed: Feed) -> list[tuple[bool | None, bool]]:
    return [
        (feed.session.readings.relays[relay].on, feed.session.readings.relays[relay].assumed)
        for relay in (BOILER, TOWELS)
    ]


def states(feed: Feed) -> list[bool | None]:
    return [on for on, _ in readings(feed)]


def test_declared_modules_are_there_before_the_gateway_is() -> None:
    session = Feed(modules=declared(output())).session
    assert [relay.name for relay in session.site.relay_by_id.values()] == ["Boiler", "Towels"]
    assert session.readings.relays == {BOILER: RelayReading(), TOWELS: RelayReading()}
    with pytest.raises(UnknownTargetError):
        session.switch_relay(BOILER, 0.0, on=True)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ON_ON", [True, True]),
        ("ON_OFF", [True, False]),
        ("OFF_ON", [False, True]),
        ("OFF_OFF", [False, False]),
        ("off_on", [False, True]),
    ],
)
@pytest.mark.parametrize("retained", [True, False])
def test_a_state_is_read_first_relay_first(feed: Feed, word: str, expected: list[bool], *, retained: bool) -> None:
    assert tell(feed, word, retained=retained).relays == {BOILER, TOWELS}
    assert readings(feed) == [(on, True) for on in expected]
    assert not tell(feed, word, retained=retained)


def test_only_the_relay_that_has_changed_is_told(feed: Feed) -> None:
    tell(feed, "OFF_OFF")
    assert tell(feed, "OFF_ON").relays == {TOWELS}


@pytest.mark.parametrize(
    "payload", [b'{"value":"MAYBE"}', b'{"state":"ON_ON"}', b"ON_ON", b"[", b'{"value":null}', b"\xff"]
)
def test_a_state_that_cannot_be_read_changes_nothing_and_is_counted(
    feed: Feed, payload: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    tell(feed, "ON_OFF")
    for _ in range(2):
        assert not feed.message(genius.topic(f"outputmodule/{OUTPUT}/state"), payload)
    assert states(feed) == [True, False]
    assert feed.decoder.unreadable == {"outputmodule/+/state": 2}
    assert len(caplog.records) == 1


def test_a_command_leaves_the_other_relay_as_it_is(feed: Feed) -> None:
    tell(feed, "OFF_ON", retained=True)
    command = switch(feed, BOILER, on=True)
    assert command == ModuleCommand(location=genius.LOCATION, module=OUTPUT, states=(True, True))
    assert states(feed) == [False, True]


def test_a_live_state_in_the_commanded_word_confirms_and_ends_the_assumption(feed: Feed) -> None:
    tell(feed, "OFF_ON")
    command = switch(feed, BOILER, on=True)
    changes = tell(feed, "ON_ON")
    assert changes.confirmed == (command,)
    assert changes.relays == {BOILER, TOWELS}
    assert readings(feed) == [(True, False), (True, False)]
    assert not time_out(feed).failed
    assert not tell(feed, "ON_ON")


@pytest.mark.parametrize(("word", "retained"), [("ON_ON", True), ("ON_OFF", False)], ids=["a memory", "another state"])
def test_anything_else_lets_the_command_fail_when_its_time_is_over(feed: Feed, word: str, *, retained: bool) -> None:
    tell(feed, "OFF_ON")
    command = switch(feed, BOILER, on=True)
    assert not tell(feed, word, retained=retained).confirmed
    feed.now += CONFIRMATION_TIMEOUT_S - 0.1
    assert not feed.session.tick(feed.now).failed
    feed.now += 0.1
    assert feed.session.tick(feed.now).failed == (command,)


def test_another_state_meanwhile_is_read(feed: Feed) -> None:
    tell(feed, "OFF_OFF")
    switch(feed, BOILER, on=True)
    tell(feed, "OFF_ON")
    assert states(feed) == [False, True]


def test_without_an_answer_the_reading_keeps_the_old_state_and_is_an_assumption_again(feed: Feed) -> None:
    tell(feed, "OFF_OFF")
    switch(feed, BOILER, on=True)
    tell(feed, "ON_OFF")
    assert readings(feed) == [(True, False), (False, False)]
    switch(feed, BOILER, on=False)
    assert time_out(feed).relays == {BOILER}
    assert readings(feed) == [(True, True), (False, False)]


def test_after_a_command_without_an_answer_only_that_relay_may_be_tried_again(feed: Feed) -> None:
    tell(feed, "OFF_OFF")
    switch(feed, BOILER, on=True)
    time_out(feed)
    with pytest.raises(RelayStateUnknownError, match="Boiler"):
        switch(feed, TOWELS, on=True)
    tell(feed, "OFF_OFF", retained=True)
    with pytest.raises(RelayStateUnknownError, match="Boiler"):
        switch(feed, TOWELS, on=True)
    assert switch(feed, BOILER, on=True).states == (True, False)
    tell(feed, "ON_OFF")
    assert switch(feed, TOWELS, on=True).states == (True, True)


def test_a_live_state_ends_the_doubt_of_a_command_without_an_answer(feed: Feed) -> None:
    tell(feed, "OFF_OFF")
    switch(feed, BOILER, on=True)
    time_out(feed)
    assert not tell(feed, "ON_OFF").confirmed
    assert switch(feed, TOWELS, on=True).states == (True, True)


def test_no_relay_is_written_while_the_other_is_unknown(feed: Feed) -> None:
    with pytest.raises(RelayStateUnknownError, match="Towels"):
        switch(feed, BOILER, on=True)
    assert not time_out(feed).failed


def test_a_module_gets_one_command_at_a_time(feed: Feed) -> None:
    tell(feed, "OFF_OFF")
    switch(feed, BOILER, on=True)
    for relay in (BOILER, TOWELS):
        with pytest.raises(ModuleBusyError, match="Cellar"):
            switch(feed, relay, on=True)
    tell(feed, "ON_OFF")
    assert switch(feed, TOWELS, on=True).states == (True, True)


def test_a_command_that_could_not_be_sent_is_not_waited_for_and_leaves_no_doubt(feed: Feed) -> None:
    tell(feed, "OFF_OFF")
    feed.session.cancel(switch(feed, BOILER, on=True))
    assert not time_out(feed)
    assert switch(feed, TOWELS, on=True).states == (False, True)


def test_a_module_that_nobody_has_tried_obeys_only_a_trial() -> None:
    feed = introduced(tried=False)
    tell(feed, "OFF_OFF")
    with pytest.raises(NotTriedError, match="Cellar"):
        switch(feed, BOILER, on=True)
    command = switch(feed, BOILER, on=True, trial=True)
    assert tell(feed, "ON_OFF").confirmed == (command,)
    with pytest.raises(NotTriedError):
        switch(feed, BOILER, on=False)


def test_a_trial_too_writes_no_relay_while_the_other_is_unknown() -> None:
    with pytest.raises(RelayStateUnknownError):
        switch(introduced(tried=False), BOILER, on=True, trial=True)


def test_an_unknown_relay_cannot_be_switched(feed: Feed) -> None:
    with pytest.raises(UnknownTargetError):
        switch(feed, f"{OUTPUT}_2", on=True)


def test_a_restart_of_the_gateway_forgets_states_and_fails_what_was_under_way(feed: Feed) -> None:
    tell(feed, "OFF_ON")
    command = switch(feed, BOILER, on=True)
    changes = feed.send("config", genius.config(boot_ms=genius.BOOT_MS + 1))
    assert (changes.relays, changes.failed) == ({BOILER, TOWELS}, (command,))
    assert states(feed) == [None, None]
    assert not time_out(feed).failed
    with pytest.raises(RelayStateUnknownError):
        switch(feed, BOILER, on=True)
    tell(feed, "OFF_OFF", retained=True)
    assert switch(feed, BOILER, on=True).states == (True, False)


def test_a_restart_of_the_gateway_ends_the_doubt_of_a_command_without_an_answer(feed: Feed) -> None:
    tell(feed, "OFF_OFF")
    switch(feed, BOILER, on=True)
    time_out(feed)
    feed.send("config", genius.config(boot_ms=genius.BOOT_MS + 1))
    with pytest.raises(RelayStateUnknownError):
        switch(feed, TOWELS, on=True)
    tell(feed, "OFF_OFF", retained=True)
    assert switch(feed, TOWELS, on=True).states == (False, True)


def test_the_same_boot_again_forgets_nothing(feed: Feed) -> None:
    tell(feed, "OFF_ON")
    assert not feed.send("config", genius.config(), retained=True)
    assert states(feed) == [False, True]


def test_states_of_another_location_are_left_alone(feed: Feed) -> None:
    feed.send(f"outputmodule/{OUTPUT}/state", {"value": "ON_ON"}, "another-location")
    assert states(feed) == [None, None]


class TestCombined:
    """Two relays that act as one."""

    @pytest.fixture
    def feed(self) -> Feed:
        return introduced(combined=True, relays=["Pump"])

    def test_it_has_one_relay_that_may_be_written_unknown(self, feed: Feed) -> None:
        assert [relay.name for relay in feed.session.site.relay_by_id.values()] == ["Pump"]
        command = switch(feed, BOILER, on=True)
        assert command.states == (True,)
        assert tell(feed, "ON_ON").confirmed == (command,)
        assert feed.session.readings.relays == {BOILER: RelayReading(on=True, assumed=False)}

    def test_one_on_and_one_off_is_neither_and_confirms_nothing(self, feed: Feed) -> None:
        tell(feed, "OFF_OFF")
        switch(feed, BOILER, on=True)
        assert not tell(feed, "ON_OFF").confirmed
        assert feed.session.readings.relays[BOILER].on is None

    @pytest.mark.parametrize(("on", "word"), [(True, "ON_ON"), (False, "OFF_OFF")])
    def test_it_is_written_in_the_words_for_both(self, feed: Feed, word: str, *, on: bool) -> None:
        assert sent(feed, switch(feed, BOILER, on=on)) == ("setstate", f'{{"value":"{word}"}}')

    def test_it_may_speak_like_a_plug(self) -> None:
        words = {"words": {"ON": "ON", "OFF": "OFF"}}
        fields = {"combined": True, "relays": [], "dialect": "plug", "id": "3", "override": words}
        feed = introduced(**fields)
        feed.send("plug/3/state", {"value": "OFF"}, retained=True)
        assert feed.session.readings.relays["3_0"].on is False
        command = switch(feed, "3_0", on=True)
        modules = declared(output(**fields)).outputs
        assert publication(command, modules) == (genius.topic("plug/3/setstate"), b'{"value":"ON"}')


def sent(feed: Feed, command: ModuleCommand) -> tuple[str, str]:
    """The last level of the topic and the payload of a command to a module of the first preset."""
    modules = declared(output(combined=len(feed.session.site.relay_by_id) == 1, relays=[])).outputs
    topic, payload = publication(command, modules)
    assert topic.startswith(genius.topic(f"outputmodule/{OUTPUT}/"))
    return topic.rsplit("/", 1)[1], payload.decode()


@pytest.mark.parametrize(
    ("known", "relay", "on", "word"),
    [("OFF_OFF", BOILER, True, "ON_OFF"), ("ON_ON", TOWELS, False, "ON_OFF"), ("OFF_ON", BOILER, True, "ON_ON")],
)
def test_a_command_is_one_of_the_four_words(feed: Feed, known: str, relay: str, word: str, *, on: bool) -> None:
    tell(feed, known)
    assert sent(feed, switch(feed, relay, on=on)) == ("setstate", f'{{"value":"{word}"}}')


def test_a_module_among_the_plugs_is_a_module_and_no_plug() -> None:
    feed = introduced(dialect="plug", id="3")
    feed.send("homeControlConfig", genius.home_control((1, "Lamp"), (3, "Cellar")))
    assert [plug.id for plug in feed.session.site.plugs] == ["1"]
    feed.send("plug/3/state", {"value": "ON_OFF"}, retained=True)
    feed.send("plug/1/state", {"value": "ON"}, retained=True)
    assert [feed.session.readings.relays[relay].on for relay in ("3_0", "3_1")] == [True, False]
    assert feed.session.readings.plugs.keys() == {"1"}
    assert not feed.decoder.unreadable


class TestSeparateTopics:
    """A module with a topic for each relay, as an override says: the relays do not depend on each other."""

    @pytest.fixture
    def feed(self) -> Feed:
        return introduced(override=SEPARATE)

    def tell(self, feed: Feed, number: int, word: object) -> Changes:
        return feed.send(f"outputmodule/{OUTPUT}/{number}/state", {"value": word})

    def test_each_is_read_alone(self, feed: Feed) -> None:
        assert self.tell(feed, 2, 1).relays == {TOWELS}
        assert self.tell(feed, 1, "0").relays == {BOILER}
        assert states(feed) == [False, True]

    def test_one_may_be_written_while_the_other_is_unknown(self, feed: Feed) -> None:
        command = switch(feed, TOWELS, on=True)
        assert command.states == (None, True)
        modules = declared(output(override=SEPARATE)).outputs
        topic, payload = publication(command, modules)
        assert (topic, payload) == (genius.topic(f"outputmodule/{OUTPUT}/2/setstate"), b'{"value":"1"}')
        assert not self.tell(feed, 1, 1).confirmed
        assert self.tell(feed, 2, 1).confirmed == (command,)

    def test_without_an_answer_the_other_may_be_written_all_the_same(self, feed: Feed) -> None:
        switch(feed, TOWELS, on=True)
        assert time_out(feed).failed
        assert switch(feed, BOILER, on=True).states == (True, None)


def test_one_message_may_tell_each_relay_at_a_place_of_its_own() -> None:
    override = {
        "value_path": "relays.{output}.on",
        "words": {"ON": True, "OFF": False},
        "first_output": 0,
        "payload": '{"relay":{output},"on":{state}}',
    }
    feed = introduced(override=override)
    topic = f"outputmodule/{OUTPUT}/state"
    feed.send(topic, {"relays": [{"on": True}, {"on": False}]})
    assert states(feed) == [True, False]
    feed.send(topic, {"relays": [{}, {"on": True}]})
    assert states(feed) == [True, True]
    feed.send(topic, {"relays": []})
    assert feed.decoder.unreadable == {"outputmodule/+/state": 1}
    command = switch(feed, TOWELS, on=False)
    _, payload = publication(command, declared(output(override=override)).outputs)
    assert payload == b'{"relay":1,"on":false}'


def test_a_topic_that_is_in_no_table_is_read_when_a_dialect_names_it() -> None:
    feed = introduced(override={"state_topic": "bus/{module}/out", "value_path": ""})
    feed.message(genius.topic(f"bus/{OUTPUT}/out"), b"ON_OFF")
    assert states(feed) == [True, False]
    assert feed.decoder.unknown_topics == 0


def test_a_command_for_an_undeclared_module_is_refused() -> None:
    command = ModuleCommand(location=genius.LOCATION, module="9", states=(True, True))
    with pytest.raises(UnknownTargetError):
        publication(command, declared(output()).outputs)


def test_off_takes_the_power_from_what_hangs_on_the_nc_contact() -> None:
    feed = introduced(normally_closed=[2])
    tell(feed, "OFF_OFF")
    assert states(feed) == [False, True]
    assert switch(feed, TOWELS, on=False).states == (False, True)
    assert tell(feed, "OFF_ON").confirmed
    assert states(feed) == [False, False]


def test_switching_a_relay_leaves_one_with_an_nc_contact_as_it_is() -> None:
    feed = introduced(normally_closed=[2])
    tell(feed, "OFF_OFF")
    assert switch(feed, BOILER, on=True).states == (True, False)


def test_only_the_relay_that_was_commanded_is_in_doubt_whatever_its_contact() -> None:
    feed = introduced(normally_closed=[1])
    tell(feed, "ON_OFF")
    switch(feed, BOILER, on=True)
    time_out(feed)
    tell(feed, "ON_OFF", retained=True)
    with pytest.raises(RelayStateUnknownError, match="Boiler"):
        switch(feed, TOWELS, on=True)


def test_combined_relays_may_hang_on_their_nc_contacts() -> None:
    feed = introduced(combined=True, relays=[], normally_closed=[1])
    tell(feed, "ON_ON")
    assert feed.session.readings.relays[BOILER].on is False
    assert switch(feed, BOILER, on=True).states == (False,)
