"""What ``python -m smappee_gateway`` says when something is wrong: one message, what to do next, and exit status 2."""

from pathlib import Path

import aiomqtt
import pytest

from smappee_gateway.cli.program import main
from tests import genius
from tests.command_line import run, start
from tests.mosquitto import Mosquitto, free_port
from tests.waiting import until


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


WRONG = [
    (("watch", "host", "--port", "x"), "from 1 to 65535"),
    (("watch", "host", "--port", "65536"), "from 1 to 65535"),
    (("capture", "host", "-o", "x", "--seconds", "0"), "above 0"),
    (("watch", "host", "--wait", "nan"), "above 0"),
    (("discover", "--seconds", "soon"), "above 0"),
    (("replay", "x", "--speed", "-1"), "0 for as fast as possible"),
    (("replay", "x", "--speed", "inf"), "0 for as fast as possible"),
    (("replay", "x", "--to", "localhost"), "mqtt://host"),
    (("replay", "x", "--to", "http://localhost"), "mqtt://host"),
    (("replay", "x", "--to", "mqtt://localhost:99999"), "mqtt://host"),
    (("replay", "x", "--to", "mqtt://localhost/topic"), "mqtt://host"),
]


@pytest.mark.parametrize(("mistake", "allowed"), WRONG)
def test_a_wrong_value_is_told_what_is_allowed(
    mistake: tuple[str, ...], allowed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(list(mistake))
    err = capsys.readouterr().err
    assert end.value.code == 2
    assert "usage: python -m smappee_gateway" in err
    assert allowed in err
    assert mistake[-1] in err
    assert "_" not in err.splitlines()[-1].replace("smappee_gateway", "")


@pytest.mark.parametrize("mistake", [(), ("watch",), ("sing",)])
async def test_a_mistake_is_explained(mistake: tuple[str, ...]) -> None:
    status, _, err = await run(*mistake)
    assert status == 2
    assert "usage: python -m smappee_gateway" in err


async def test_a_refused_connection_leaves_no_file(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    status, _, _ = await run("capture", "127.0.0.1", "--port", str(free_port()), "-o", str(file))
    assert status == 2
    assert not file.exists()


async def test_where_nothing_is_sent_no_file_is_left(mosquitto: Mosquitto, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    address = (mosquitto.host, "--port", str(mosquitto.port))
    status, _, err = await run("capture", *address, "-o", str(file), "--seconds", "0.5")
    assert status == 2
    assert "nothing was sent" in err
    assert not file.exists()


async def test_a_file_that_cannot_be_written_is_explained(house: tuple[str, ...], tmp_path: Path) -> None:
    status, _, err = await run("capture", *house, "-o", str(tmp_path / "missing" / "x.jsonl"))
    assert status == 2
    assert "No such file or directory; choose another name with -o" in err


async def test_a_connection_that_is_lost_is_said_to_be_lost_and_the_recording_stays(
    house: tuple[str, ...], mosquitto: Mosquitto, tmp_path: Path
) -> None:
    file = tmp_path / "house.jsonl"
    process = await start("smappee_gateway", "capture", *house, "-o", str(file))
    await until(lambda: file.exists() and file.read_bytes().count(b"\n") > 3)
    mosquitto.stop()
    out, err = await process.communicate()
    assert process.returncode == 2
    assert f"the connection to {house[0]}:{house[2]} was lost" in err.decode()
    assert "messages" in out.decode()
    status, out_of_replay, _ = await run("replay", str(file))
    assert (status, "Genius 5010" in out_of_replay) == (0, True)


async def test_of_a_file_that_was_cut_off_what_stands_before_is_shown(house: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "house.jsonl"
    await run("capture", *house, "-o", str(file), "--seconds", "2")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]) + lines[-1][:40])
    status, out, err = await run("replay", str(file))
    assert status == 2
    assert "Genius 5010" in out
    assert f"damaged in line {len(lines)}: " in err
    assert "only what stands before that line was played" in err


@pytest.mark.parametrize(
    "command",
    [("watch", "127.0.0.1"), ("replay", "nothing.jsonl"), ("capture", "127.0.0.1", "-o", "never-made.jsonl")],
)
async def test_modules_that_cannot_be_used_are_explained_before_anything_else(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "modules.toml"
    file.write_text('[[output_module]]\nid = "7"\ntried = 1\n')
    status, _, said = await run(*command, "--modules", str(file))
    assert status == 2
    assert f"the modules of {file} cannot be used; docs/modules.md tells what may be written" in said
    assert "output_module 1, name: is missing" in said
    assert "output_module 1, tried: must be true or false, not 1" in said
