"""What waits for a broker: at most one message a topic, the newest, in order, and nothing forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from openhab_bridge.outbox import Outbox

TOPICS = st.sampled_from(["a", "b", "c", "d"])
TEXTS = st.sampled_from(["", "1", "2"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), TOPICS, TEXTS),
        st.tuples(st.just("remove"), TOPICS, st.just("")),
        st.tuples(st.just("keep"), st.sets(TOPICS), st.just("")),
        st.tuples(st.just("sent"), st.integers(1, 3), st.just("")),
        st.tuples(st.just("lost"), st.integers(1, 3), st.just("")),
        st.tuples(st.just("renew"), st.just("a"), st.just("")),
    ),
    max_size=40,
)


def everything(outbox: Outbox) -> list[tuple[str, bytes]]:
    return outbox.take(100)


def test_a_newer_value_takes_the_place_of_one_that_waits() -> None:
    outbox = Outbox()
    for text in ("1", "2", "3"):
        outbox.put("power", text)
    outbox.put("energy", "0.1")
    assert everything(outbox) == [("power", b"3"), ("energy", b"0.1")]
    assert everything(outbox) == []


def test_what_the_broker_has_is_not_sent_again() -> None:
    outbox = Outbox()
    outbox.put("power", "1")
    everything(outbox)
    outbox.put("power", "1")
    assert len(outbox) == 0
    outbox.repeat("power")
    outbox.repeat("never held")
    assert everything(outbox) == [("power", b"1")]


def test_an_unknown_value_takes_its_topic_away_and_an_unknown_topic_is_no_message() -> None:
    outbox = Outbox()
    outbox.put("power", "")
    assert len(outbox) == 0
    outbox.put("power", "1")
    everything(outbox)
    outbox.put("power", "")
    assert everything(outbox) == [("power", b"")]
    assert "power" not in outbox


def test_the_last_one_stays_last_over_new_values_and_new_connections() -> None:
    outbox = Outbox()
    outbox.put("$name", "house")
    outbox.put_last("$state", "ready")
    outbox.put("power", "1")
    everything(outbox)
    outbox.renew()
    assert everything(outbox) == [("$name", b"house"), ("power", b"1"), ("$state", b"ready")]


def test_a_topic_that_another_connection_has_now_is_left_alone() -> None:
    outbox = Outbox()
    outbox.put("$state", "lost")
    outbox.remove("old")
    outbox.forget("$state")
    outbox.forget("old")
    outbox.renew()
    assert everything(outbox) == []


@given(STEPS)
def test_in_the_end_the_broker_has_exactly_what_is_held(steps: list[tuple[str, object, str]]) -> None:
    outbox, broker, wanted = Outbox(), dict[str, str](), dict[str, str]()
    for what, argument, text in [*steps, ("sent", 100, "")]:
        step(outbox, broker, wanted, (what, argument, text))
        assert len(outbox) <= 4
    assert broker == wanted


def step(outbox: Outbox, broker: dict[str, str], wanted: dict[str, str], done: tuple[str, object, str]) -> None:
    match done:
        case "put", str(topic), text:
            outbox.put(topic, text)
            _set(wanted, topic, text)
        case "remove", str(topic), _:
            outbox.remove(topic)
            wanted.pop(topic, None)
        case "keep", set(topics), _:
            outbox.keep_only(topics)
            for topic in wanted.keys() - topics:
                del wanted[topic]
        case "sent", int(most), _:
            for topic, payload in outbox.take(most):
                _set(broker, topic, payload.decode())
        case "lost", int(most), _:
            outbox.give_back(topic for topic, _ in outbox.take(most))
        case _:
            outbox.renew()


def _set(kept: dict[str, str], topic: str, text: str) -> None:
    if text:
        kept[topic] = text
    else:
        kept.pop(topic, None)
