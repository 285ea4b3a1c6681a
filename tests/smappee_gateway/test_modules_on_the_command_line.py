"""``--modules FILE``: declared relays, contacts and pulses of a simulated house, watched, recorded and replayed."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import pytest

from simulator import SITES
from tests.command_line import Terminal, run, start
from tests.mosquitto import Mosquitto
from tests.waiting import until

OUTPUT = "5800009901"
IDENTITY = SITES["everything"].identity
COMMAND = IDENTITY.topic(f"outputmodule/{OUTPUT}/setstate")
DECLARED = f"""
[[output_module]]
id = "{OUTPUT}"
name = "Cellar"
relays = ["Hot water", "Towels"]

[[input_module]]
id = "5800009902"
name = "Hall"
dialect = "inputmodule"
inputs = [
  {{ input = 1, kind = "pulse", name = "Rain tank", medium = "water", pulses_per_unit = 2000 }},
  {{ input = 3, kind = "contact", name = "Entrance" }},
]
"""
SHOWN = ("Relay Hot water off (assumed)", "Relay Towels off (assumed)", "Contact Entrance closed", "Rain tank 0.000 m³")


@pytest.fixture
def declared(tmp_path: Path) -> tuple[str, str]:
    """The arguments that declare the modules of the house."""
    file = tmp_path / "modules.toml"
    file.write_text(DECLARED)
    return "--modules", str(file)


@asynccontextmanager
async def simulated(broker: Mosquitto, *arguments: str) -> AsyncIterator[tuple[str, ...]]:
    """The arguments that lead to a simulated gateway, which is at work."""
    simulator = await start("simulator", "--broker", f"mqtt://{broker.host}:{broker.port}", *arguments)
    assert simulator.stdout
    await simulator.stdout.readline()
    yield broker.host, "--port", str(broker.port)
    simulator.terminate()
    await simulator.communicate()


@pytest.fixture
async def everything(mosquitto: Mosquitto) -> AsyncIterator[tuple[str, ...]]:
    """A house with modules, all of which have told their states."""
    arguments = ("--site", "everything", "--start", "2026-01-15T06:00:00Z", "--speed", "5")
    async with aiomqtt.Client(mosquitto.host, mosquitto.port) as client, simulated(mosquitto, *arguments) as house:
        await client.subscribe([(IDENTITY.topic(f"{kind}/+/state"), 1) for kind in ("outputmodule", "inputmodule")])
        told: set[str] = set()
        while len(told) < 2:
            told.add((await anext(client.messages)).topic.value)
        yield house


def plain(text: str) -> list[str]:
    """Lines with single spaces."""
    return [" ".join(line.split()) for line in text.splitlines()]


async def test_watch_shows_them(everything: tuple[str, ...], declared: tuple[str, str]) -> None:
    status, out, err = await run("watch", *everything, "--once", *declared)
    assert (status, err) == (0, "")
    assert [line for line in SHOWN if line not in plain(out)] == []
    assert "Switch " in out


async def test_capture_and_replay_show_the_same(
    everything: tuple[str, ...], declared: tuple[str, str], tmp_path: Path
) -> None:
    file = str(tmp_path / "house.jsonl")
    status, recorded, err = await run("capture", *everything, "-o", file, "--seconds", "2", "--raw", *declared)
    assert (status, err) == (0, "")
    assert [line for line in SHOWN if line not in plain(recorded)] == []
    assert "Switch " not in recorded
    status, replayed, err = await run("replay", file, *declared)
    assert (status, err) == (0, "")
    assert [line for line in SHOWN if line not in plain(replayed)] == []


async def test_without_a_declaration_a_capture_shows_no_devices(everything: tuple[str, ...], tmp_path: Path) -> None:
    _, out, _ = await run("capture", *everything, "-o", str(tmp_path / "house.jsonl"), "--seconds", "1")
    assert "Device" not in out


async def test_whoever_records_sees_at_once_that_a_relay_is_understood(
    everything: tuple[str, ...], declared: tuple[str, str], mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """Also in an anonymised recording: the file has other names, the screen those of the owner."""
    terminal, file = Terminal(columns=80, lines=30), tmp_path / "house.jsonl"
    arguments = ("capture", *everything, "-o", str(file), *declared)
    async with terminal.running("smappee_gateway", *arguments) as process:
        await until(lambda: "off (assumed)" in terminal.text)
        async with aiomqtt.Client(mosquitto.host, mosquitto.port) as app:
            await app.publish(COMMAND, '{"value":"ON_OFF"}', qos=1)
        await until(lambda: any("Hot water" in line and " on (assumed)" in line for line in plain(terminal.text)))
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
    assert OUTPUT not in file.read_text()


async def test_only_a_genius_is_watched_with_modules(mosquitto: Mosquitto, declared: tuple[str, str]) -> None:
    async with simulated(mosquitto, "--profile", "plus") as house:
        status, _, err = await run("watch", *house, "--once", *declared)
    assert status == 2
    assert "need a Gateway Module Advanced (Genius)" in err
