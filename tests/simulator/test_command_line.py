"""``python -m simulator`` as a user meets it: what it prints, how it stops, what it says when it cannot start."""

import asyncio
import json
import signal
from pathlib import Path

import aiomqtt
import pytest

from simulator.faults.table import Fault
from simulator.options import parse
from tests.mosquitto import free_port
from tests.simulator.program import start


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_it_serves_until_a_signal_and_ends_with_0(stop: signal.Signals) -> None:
    port = free_port()
    process = await start("--port", str(port), "--speed", "20", "--fault", "broken-json@6")
    assert process.stdout
    assert f"mqtt://127.0.0.1:{port}" in (await process.stdout.readline()).decode()
    async with aiomqtt.Client("127.0.0.1", port) as client:
        await client.subscribe("servicelocation/+/realtime")
        assert [await anext(client.messages) for _ in range(8)]
    process.send_signal(stop)
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b" W" in out


async def test_a_taken_port_is_one_clear_message_and_2() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    process = await start("--port", str(port))
    out, err = await process.communicate()
    server.close()
    assert process.returncode == 2
    assert out == b""
    assert err.decode().count("\n") == 1
    assert f"127.0.0.1:{port}" in err.decode()
    assert "--port" in err.decode()


async def test_an_unreachable_broker_is_one_clear_message_and_2() -> None:
    port = free_port()
    process = await start("--broker", f"mqtt://127.0.0.1:{port}")
    _, err = await process.communicate()
    assert process.returncode == 2
    assert err.decode() == (
        f"simulator: no MQTT broker answers at mqtt://127.0.0.1:{port}; start it, or use --broker embedded\n"
    )


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--fault", "earthquake"], "earthquake"),
        (["--fault", "reboot@soon"], "soon"),
        (["--broker", "http://x"], "http://x"),
        (["--speed", "0"], "speed"),
        (["--start", "yesterday"], "yesterday"),
        (["--host", "localhost"], "host"),
        (["--history-file", "x.json"], "--history-hours"),
        (["--site", "nowhere"], "nowhere"),
    ],
)
def test_a_mistake_on_the_command_line_is_explained(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        parse(arguments)
    assert stop.value.code == 2
    assert reason in capsys.readouterr().err


def test_faults_can_be_repeated_and_timed() -> None:
    options = parse(["--fault", "silence@90.5", "--fault", "reboot"])
    assert options.faults == ((Fault.SILENCE, 90.5), (Fault.REBOOT, 30.0))


async def test_a_history_is_lived_through_and_written(tmp_path: Path) -> None:
    file = tmp_path / "history.json"
    port = free_port()
    process = await start(
        "--port",
        str(port),
        "--start",
        "2026-06-21T10:20:00+00:00",
        "--history-hours",
        "30",
        "--history-file",
        str(file),
    )
    assert process.stdout
    await process.stdout.readline()
    process.terminate()
    await process.communicate()
    history = json.loads(file.read_text())
    hours = history["hours"]
    assert history["serialNumber"] == "5010001234"
    assert history["timeZone"] == "Europe/Brussels"
    assert [hour["start"] for hour in (hours[0], hours[-1])] == [
        "2026-06-20T04:00:00+00:00",
        "2026-06-21T09:00:00+00:00",
    ]
    assert len(hours) == 30
    for hour in hours:
        assert hour["import_j"] - hour["export_j"] + hour["solar_j"] == pytest.approx(hour["house_j"])
        assert sum(hour["loads_j"].values()) == pytest.approx(hour["house_j"])


async def test_a_history_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "history.json"
    process = await start("--port", str(free_port()), "--history-hours", "1", "--history-file", str(missing))
    _, err = await process.communicate()
    assert process.returncode == 2
    assert str(missing) in err.decode()
