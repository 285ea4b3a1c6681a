"""The start of a gateway: which documents, in which order, retained."""

from tests.simulator.living import document, live, new_gateway


def timeline(site: str) -> list[tuple[str, int, bool]]:
    gateway = new_gateway(site)
    start_ms = gateway.house.now_ms
    return [(message.topic.split("/", 2)[2], message.at_ms - start_ms, message.retain) for message in live(gateway, 5)]


def test_documents_come_in_the_captured_order_and_spacing() -> None:
    assert timeline("home") == [
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


def test_a_plus_tells_its_documents_in_the_captured_spacing_and_then_measures() -> None:
    *documents, (first, first_ms, retained), _, _ = timeline("plus-star")
    assert documents == [
        ("config", 469, True),
        ("sensorConfig", 469 + 475, True),
        ("homeControlConfig", 469 + 835, True),
        ("channelConfig", 1500, True),
        ("presence", 1600, True),
        ("plug/1/state", 1650, True),
        ("plug/2/state", 1650, True),
    ]
    assert (first, retained) == ("realtime", False)
    assert 2000 < first_ms < 3000


def test_a_solar_tells_who_it_is_and_its_channels_and_then_measures() -> None:
    names = [(name, retained) for name, _, retained in timeline("solar-single")]
    assert names == [("config", True), ("channelConfig", True), *[("realtime", False)] * 3]


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
