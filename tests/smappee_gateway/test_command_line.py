"""``python -m smappee_gateway`` as a user meets it, with a simulated house on a real broker."""

import signal
from pathlib import Path

from simulator.mdns import announced
from tests.command_line import Terminal, run, start
from tests.mosquitto import Mosquitto
from tests.waiting import until


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
        status, out, err = await run("discover", "--interface", "127.0.0.1", "--seconds", "5")
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


async def test_discover_says_what_is_read() -> None:
    async with announced("2004001234", "127.0.0.1"), announced("1100001234", "127.0.0.1"):
        status, out, _ = await run("discover", "--interface", "127.0.0.1", "--seconds", "5")
    assert status == 0
    (plus,) = (line for line in out.splitlines() if "2004001234" in line and "│" in line)
    (solar,) = (line for line in out.splitlines() if "1100001234" in line and "│" in line)
    assert plus.split("│")[4].strip() == "yes"
    assert "MQTT to a broker of yours" in solar


async def test_a_low_and_narrow_terminal_keeps_grid_and_solar_in_sight(mosquitto: Mosquitto) -> None:
    simulator = await start("simulator", "--broker", f"mqtt://{mosquitto.host}:{mosquitto.port}", "--site", "full")
    terminal = Terminal(columns=62, lines=20)
    async with terminal.running("smappee_gateway", "watch", mosquitto.host, "--port", str(mosquitto.port)) as process:
        await until(lambda: terminal.text.count("taller window") > 1)
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
    simulator.terminate()
    await simulator.communicate()
    picture = terminal.text.split("╭")[-2]
    assert [word for word in ("Power", "Grid L1", "Grid L3", "Solar") if word not in picture] == []
    assert "V L-N" not in picture
    assert picture.count("\n") < 20
