"""The start of a gateway: which documents, in which order, retained."""

from tests.simulator.living import document, live, new_gateway


def test_documents_come_in_the_captured_order_and_spacing() -> None:
    gateway = new_gateway("home")
    start_ms = gateway.house.now_ms
    messages = live(gateway, 5)
    timeline = [(message.topic.split("/", 2)[2], message.at_ms - start_ms, message.retain) for message in messages]
    assert timeline == [
        ("config", 87, True),
        ("sensorConfig", 956, True),
        ("homeControlConfig", 3040, True),
        ("channelConfigV2", 3280, True),
        ("presence", 3400, True),
        ("plug/1/state", 3450, True),
        ("plug/2/state", 3450, True),
        ("realtime", 4000, False),
        ("realtime", 5000, False),
    ]


def test_each_document_carries_its_own_time() -> None:
    for message in live(new_gateway("home"), 4):
        content = document(message)
        assert content.get("utcTimeStamp", message.at_ms) == message.at_ms


def test_topics_carry_the_uuid_that_config_tells() -> None:
    config, *others = live(new_gateway("home"), 6)
    uuid = document(config)["serviceLocationUuid"]
    assert {message.topic.split("/", 2)[:2] == ["servicelocation", uuid] for message in [config, *others]} == {True}


def test_lifetime_counters_are_there_from_the_first_message() -> None:
    *_, realtime = live(new_gateway("home"), 4)
    assert all(channel["importEnergy"] > 100 * 3.6e6 for channel in document(realtime)["channelPowers"])


def test_fast_forward_publishes_nothing_but_counts() -> None:
    gateway = new_gateway("home")
    before = gateway.house.now_ms
    gateway.fast_forward(hours=24)
    assert gateway.house.now_ms == before + 24 * 3_600_000
    assert gateway.house.meter.house_j > 3.6e6
    config = gateway.step()[0]
    assert document(config)["utcTimeStamp"] == before + 24 * 3_600_000 + 87
