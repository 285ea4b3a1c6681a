"""``python -m smappee_gateway`` as a user meets it, with a simulated house on a real broker."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt
import pytest

from simulator.mdns import announced
from tests import genius
from tests.mosquitto import Mosquitto, free_port

ROOT = Path(__file__).parents[2]


async def start(module: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(*arguments: str) -> tuple[int | None, str, str]:
    process = await start("smappee_gateway", *arguments)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
async def house(mosquitto: Mosquitto) -> AsyncIterator[tuple[str, ...]]:
    """The arguments that lead to a simulated gateway."""
    simulator = await start("simulator", "--broker", f"mqtt://{mosquitto.host}:{mosquitto.port}", "--speed", "5")
    assert simulator.stdout
    await simulator.stdout.readline()
    yield mosquitto.host, "--port", str(mosquitto.port)
    simulator.terminate()
    await simulator.communicate()


async def test_watch_shows_every_channel_and_the_house(house: tuple[str, ...]) -> None:
    status, out, err = await run("watch", *house, "--once")
    assert (status, err) == (0, "")
    for word in ("Genius 5010001234", "grid", "solar", "fresh", "Heat pump", "L3", "V L-L*", "derived"):
        assert word in out


async def test_watch_goes_on_until_it_is_told_to_stop(house: tuple[str, ...]) -> None:
    process = await start("smappee_gateway", "watch", *house)
    assert process.stdout
    while "grid" not in (line := (await process.stdout.readline()).decode()):
        assert line
    process.send_signal(signal.SIGINT)
    _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")


async def test_a_capture_can_be_replayed(house: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "house.jsonl"
    status, out, err = await run("capture", *house, "-o", str(file), "--seconds", "3")
    assert (status, err) == (0, "")
    assert "messages" in out
    text = file.read_text()
    assert "5010001234" not in text
    assert "Heat pump" not in text
    for speed in ("0", "50"):
        status, out, err = await run("replay", str(file), "--speed", speed)
        assert (status, err) == (0, "")
        assert "Genius 5010" in out
        assert "5010001234" not in out
    status, _, err = await run("capture", *house, "-o", str(file))
    assert status == 2
    assert "exists already" in err


async def test_a_raw_capture_keeps_everything(house: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "house.jsonl"
    await run("capture", *house, "-o", str(file), "--seconds", "2", "--raw")
    _, out, _ = await run("replay", str(file))
    assert "Genius 5010001234" in out
    assert "Heat pump" in out


async def test_discover_lists_what_announces_itself() -> None:
    async with announced("5010001234", "127.0.0.1"):
        status, out, err = await run("discover", "--interface", "127.0.0.1", "--seconds", "2")
    assert (status, err) == (0, "")
    assert "5010001234" in out
    assert "Genius" in out
    assert "127.0.0.1" in out


async def test_discover_says_what_to_look_at_when_there_is_nothing() -> None:
    status, out, _ = await run("discover", "--interface", "127.0.0.1", "--seconds", "0.5")
    assert status == 1
    assert "same network" in out
    status, _, err = await run("discover", "--interface", "192.0.2.1", "--seconds", "0.5")
    assert status == 2
    assert "--interface" in err


@pytest.mark.parametrize("command", [("watch",), ("capture", "-o", "{file}")])
async def test_nothing_there_is_one_clear_message_and_2(command: tuple[str, ...], tmp_path: Path) -> None:
    arguments = [part.format(file=tmp_path / "x.jsonl") for part in command]
    port = str(free_port())
    status, _, err = await run(*arguments, "127.0.0.1", "--port", port)
    assert status == 2
    assert err.count("\n") == 1
    assert f"no MQTT broker answers at 127.0.0.1:{port}" in err


async def test_a_broker_without_a_gateway_is_one_clear_message_and_2(mosquitto: Mosquitto) -> None:
    address = ("watch", mosquitto.host, "--port", str(mosquitto.port), "--wait", "0.5")
    status, _, err = await run(*address)
    assert status == 2
    assert "no Smappee gateway has introduced itself" in err
    async with aiomqtt.Client(mosquitto.host, mosquitto.port) as client:
        await client.publish(genius.topic("config"), genius.encode(genius.config()), retain=True)
        status, _, err = await run(*address)
    assert status == 2
    assert "no measurements arrive" in err


async def test_a_damaged_capture_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text("nonsense\n")
    status, _, err = await run("replay", str(file))
    assert status == 2
    assert "line 1" in err
    status, _, err = await run("replay", str(tmp_path / "missing.jsonl"))
    assert status == 2
    assert "cannot read" in err


@pytest.mark.parametrize(
    "mistake", [(), ("watch",), ("watch", "host", "--port", "x"), ("replay", "x", "--speed", "-1")]
)
async def test_a_mistake_is_explained(mistake: tuple[str, ...]) -> None:
    status, _, err = await run(*mistake)
    assert status == 2
    assert "usage: python -m smappee_gateway" in err
