from dataclasses import replace
from http import HTTPStatus

import pytest
from prometheus_client.parser import text_string_to_metric_families

from openhab_bridge.status import Status
from tests.openhab_bridge.web.conftest import Serve
from tests.openhab_bridge.web.examples import ATTACKED, HOSTILE, LIVE, SILENT, STANDING, UNKNOWN, UNWELL, WELL, bridge

type Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def test_a_healthy_bridge_answers_ok(serve: Serve) -> None:
    client = await serve(WELL)
    async with client.get("/health") as answer:
        assert (answer.status, await answer.text()) == (HTTPStatus.OK, "ok\n")


async def test_an_unhealthy_bridge_says_what_is_wrong_a_line_each(serve: Serve) -> None:
    client = await serve(UNWELL)
    async with client.get("/health") as answer:
        assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert (await answer.text()).splitlines() == [
            "gateway 5010005678 at 192.168.1.41:1883: connected, but last measurement 5 min 12 s ago",
            "gateway 2009000042 at 192.168.1.42:1883: not connected (no route to host)",
            "connection smappee-2009000042 to openhab.local:1883: not connected (connection refused)",
        ]


@pytest.mark.parametrize("status", [ATTACKED, bridge(replace(SILENT, failure="one\ntwo"), STANDING)])
async def test_a_reason_stays_on_its_line(serve: Serve, status: Status) -> None:
    client = await serve(status)
    async with client.get("/health") as answer:
        expected = len(status.gateways) + sum(not link.connected for link in status.connections)
        assert len((await answer.text()).splitlines()) == expected


async def test_prometheus_reads_every_figure(serve: Serve) -> None:
    samples = await _scraped(serve, UNWELL)
    labels = frozenset({"serial": "5010005678", "address": "192.168.1.41:1883"}.items())
    gateway = "smappee_bridge_gateway_"
    assert {name.removeprefix(gateway): value for (name, of), value in samples.items() if of == labels} == {
        "connected": 1.0,
        "fresh": 0.0,
        "measurement_age_seconds": 312.0,
        "data_points": 212.0,
        "messages_total": 482_913.0,
        "bad_payloads_total": 3.0,
        "commands_total": 14.0,
        "failed_commands_total": 0.0,
    }
    refused = frozenset({("connection", "smappee-2009000042")})
    assert samples["smappee_bridge_connection_connected", refused] == 0.0
    assert samples["smappee_bridge_connection_published_messages_total", refused] == 91_201.0
    assert samples["smappee_bridge_connection_waiting_topics", refused] == 61.0
    assert samples["smappee_bridge_healthy", frozenset()] == 0.0
    assert samples["smappee_bridge_uptime_seconds", frozenset()] == 186_342.0


async def test_an_age_that_is_not_known_is_left_out(serve: Serve) -> None:
    names = {name for name, _ in await _scraped(serve, bridge(UNKNOWN))}
    assert "smappee_bridge_gateway_fresh" in names
    assert "smappee_bridge_gateway_measurement_age_seconds" not in names


async def test_prometheus_reads_hostile_names_as_they_are(serve: Serve) -> None:
    samples = await _scraped(serve, ATTACKED)
    assert ("smappee_bridge_connection_connected", frozenset({("connection", HOSTILE)})) in samples


async def test_two_that_cannot_be_told_apart_are_one_series(serve: Serve) -> None:
    samples = await _scraped(serve, bridge(LIVE, replace(LIVE, messages=1), UNKNOWN, UNKNOWN))
    counts = [value for (name, _), value in samples.items() if name == "smappee_bridge_gateway_messages_total"]
    assert counts == [LIVE.messages, UNKNOWN.messages]


async def _scraped(serve: Serve, status: Status) -> Samples:
    """Read the metrics as Prometheus does: a series that comes twice, or a unit that is wrong, fails."""
    client = await serve(status)
    async with client.get("/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        text = await answer.text()
    found = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    samples = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in found}
    assert len(samples) == len(found)
    return samples
