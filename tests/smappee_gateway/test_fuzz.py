"""Anything at all may arrive: nothing is raised, every number stays finite, and no total moves backwards."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mqtt_schema.metering import meter_total
from mqtt_schema.points import points
from mqtt_schema.topics import Kind
from tests import genius, plus
from tests.feed import Feed

TOPICS = [kind.replace("+", "1").replace("…/", "").replace("#", "1") for kind in Kind] + [
    "plug//state",
    "plug/é/state",
    "x",
]

GAS, SWITCH = "3003000078_0", "4006000001"

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 2**31, 2**32, 2**63, 2**64, 10**40, 10**400, 1e308, -1e308, 0.5, 1_000_001]),
    st.text(max_size=8),
)
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner))


def documents() -> Mapping[str, object]:
    """One good document for each topic that we read."""
    kind = {"measurementKind": "ALWAYS_ON"}
    interval = {"utcEndtime": 300_000, "measurements": [{"type": kind, "value": 1}]}
    return {
        "config": genius.config(),
        "channelConfigV2": genius.channel_config(),
        "homeControlConfig": genius.home_control((1, "Lamp")),
        "realtime": genius.powers(5, grid1=700, roof=300),
        "aggregated": {"intervalDatas": [interval, plus.interval(600, 2)]},
        "channelConfig": plus.channel_config(),
        "sensorConfig": plus.sensor_config(),
        "aggregatedGW": {"gwIntervalDatas": [plus.gas_water(5), plus.gas_water(5, None)]},
        "aggregatedSwitch": {"switchIntervalDatas": [plus.switched(5)]},
        "presence": {"value": True},
        "plug/1/state": {"value": "ON", "since": 1},
        "plug/1/connectionState": {"value": "CONNECTED", "since": 1},
    }


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a document something can be broken."""
    if path:
        yield path
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


@st.composite
def broken_messages(draw: st.DrawFn) -> tuple[str, object]:
    """A good document in which up to three things are replaced by anything, or left out."""
    name, document = draw(st.sampled_from(sorted(documents().items(), key=lambda item: item[0])))
    for _ in range(draw(st.integers(1, 3))):
        breakable = list(places(document))
        if not breakable:
            break
        path = draw(st.sampled_from(breakable))
        document = replaced(document, path, draw(anything), leave_out=draw(st.booleans()))
    return name, document


def replaced(value: Any, path: tuple[Any, ...], new: object, *, leave_out: bool) -> Any:  # noqa: ANN401 - JSON
    """Copy a document with one place changed."""
    key, *rest = path
    copy = value.copy()
    if rest:
        copy[key] = replaced(value[key], tuple(rest), new, leave_out=leave_out)
    elif leave_out:
        del copy[key]
    else:
        copy[key] = new
    return copy


def healthy(feed: Feed) -> None:
    """Every data point can be read and is finite."""
    session = feed.session
    for row, scope in points(session.site):
        value = row.value(session.site, session.readings, scope.id)
        assert not isinstance(value, float) or math.isfinite(value), row.key
    readings = session.readings
    quantities = [meter_total(session.site, readings, meter.id) or 0.0 for meter in session.site.meters]
    assert all(map(math.isfinite, (*quantities, *readings.meter_pulses.values(), *readings.switch_energy_j.values())))
    assert all(math.isfinite(sensor.temperature_c or 0.0) for sensor in readings.sensors.values())


def totals(feed: Feed) -> list[float]:
    readings, energy = feed.session.readings, feed.session.readings.site_energy
    counted = (readings.meter_pulses.get(GAS), readings.switch_energy_j.get(SWITCH))
    return [total or 0.0 for total in (energy.import_j, energy.export_j, energy.solar_j, energy.house_j, *counted)]


@given(st.lists(st.tuples(st.sampled_from(TOPICS), st.binary(max_size=200)), max_size=10))
def test_random_bytes_on_every_topic(messages: list[tuple[str, bytes]]) -> None:
    feed = Feed()
    feed.introduce()
    for name, payload in messages:
        feed.now += 1
        feed.message(genius.topic(name), payload)
        healthy(feed)


@given(st.lists(st.tuples(st.sampled_from(TOPICS), anything), max_size=10))
def test_any_json_on_every_topic(messages: list[tuple[str, object]]) -> None:
    feed = Feed()
    feed.introduce()
    for name, document in messages:
        feed.now += 1
        feed.send(name, document)
        healthy(feed)


@given(st.lists(broken_messages(), min_size=1, max_size=6))
def test_broken_messages_among_good_ones(messages: list[tuple[str, object]]) -> None:
    feed = Feed()
    feed.introduce()
    feed.send("homeControlConfig", genius.home_control((1, "Lamp")))
    feed.send("sensorConfig", plus.sensor_config())
    before = totals(feed)
    for second, (name, document) in enumerate(messages, start=10):
        feed.second(genius.powers(second, 36_000_000 + 100 * second, grid1=700, roof=300))
        feed.send(name, document)
        healthy(feed)
        after = totals(feed)
        assert all(later >= earlier for earlier, later in zip(before, after, strict=True))
        before = after


@given(broken_messages())
def test_after_a_broken_message_a_good_boot_restores_everything(message: tuple[str, object]) -> None:
    name, document = message
    feed = Feed()
    feed.introduce()
    feed.send(name, document)
    feed.introduce()
    feed.second(genius.powers(20, grid1=700, roof=300))
    assert feed.session.readings.site_power.house_w == 1000
