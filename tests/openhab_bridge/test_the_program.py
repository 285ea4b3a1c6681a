"""The bridge as a program: its commands and exit statuses, its signals, and what a kill leaves behind."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import pytest

from tests.command_line import ROOT
from tests.mosquitto import Mosquitto, free_port
from tests.openhab_bridge.broker_view import BrokerView, view
from tests.openhab_bridge.conftest import SERIAL
from tests.waiting import until

DEVICES = tuple(f"homie/smappee-{SERIAL}{part}" for part in ("", "-loads", "-cts", "-modules"))
STATUS = f"smappee/{SERIAL}/status"
COMMAND = (sys.executable, "-m", "openhab_bridge")


@pytest.fixture
def file(mosquitto: Mosquitto, target: Mosquitto, tmp_path: Path) -> Path:
    file = tmp_path / "bridge.yaml"
    write(file, mosquitto, target)
    return file


def write(file: Path, gateway: Mosquitto, target: Mosquitto, more: str = "", web: int | None = None) -> None:
    overwrite(
        file,
        f"target: mqtt://{target.host}:{target.port}\n"
        f"gateways: [{{host: {gateway.host}, port: {gateway.port}, serial: '{SERIAL}'}}]\n"
        f"state_folder: {file.parent / 'state'}\n"
        f"web: {{port: {web or free_port()}}}\n{more}",
    )


def overwrite(file: Path, text: str) -> None:
    file.write_text(text)


@asynccontextmanager
async def program(*arguments: str, log: Path | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run it; what it complains about goes to `log`, or can be read from it."""
    with log.open("wb") if log else nullcontext(asyncio.subprocess.PIPE) as errors:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=errors
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(*arguments: str) -> tuple[int | None, str, str]:
    async with program(*arguments) as process:
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()


def all_are(seen: BrokerView, state: str) -> bool:
    return all(seen.now.get(f"{device}/$state") == state for device in DEVICES)


@pytest.mark.usefixtures("gateway")
async def test_a_stop_is_a_farewell_and_0(file: Path, target: Mosquitto) -> None:
    async with view(target) as seen, program("run", "--config", str(file)) as process:
        await until(lambda: all_are(seen, "ready"))
        process.terminate()
        assert await process.wait() == 0
        await until(lambda: all_are(seen, "disconnected") and seen.now.get(STATUS) == "offline")


@pytest.mark.usefixtures("gateway")
async def test_a_kill_leaves_every_device_lost_and_a_new_start_makes_it_ready(file: Path, target: Mosquitto) -> None:
    async with view(target) as seen:
        async with program("run", "--config", str(file)) as process:
            await until(lambda: all_are(seen, "ready"))
            process.kill()
            await until(lambda: all_are(seen, "lost") and seen.now.get(STATUS) == "offline")
        async with program("run", "--config", str(file)):
            await until(lambda: all_are(seen, "ready") and seen.now.get(STATUS) == "online")


@pytest.mark.usefixtures("gateway")
async def test_a_device_whose_broker_missed_the_end_is_no_phantom(
    file: Path, mosquitto: Mosquitto, target: Mosquitto
) -> None:
    """The broker says `ready` of a bridge that nobody runs any more, and the gateway is silent."""
    mosquitto.stop()
    async with view(target) as seen:
        await seen.send(f"{DEVICES[1]}/$state", "ready", retain=True)
        async with program("run", "--config", str(file)):
            await until(lambda: seen.now.get(f"{DEVICES[1]}/$state") == "lost")
            assert seen.now[STATUS] == "offline"


@pytest.mark.usefixtures("gateway")
async def test_another_configuration_is_read_and_a_wrong_one_is_told(
    file: Path, mosquitto: Mosquitto, target: Mosquitto, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    async with view(target) as seen, program("run", "--config", str(file), log=log) as process:
        await until(lambda: all_are(seen, "ready"))
        write(file, mosquitto, target, more="homie: {enabled: false}\n")
        process.send_signal(signal.SIGHUP)
        await until(lambda: not [topic for topic in seen.now if topic.startswith("homie/")])
        await until(lambda: seen.now.get(STATUS) == "online")
        overwrite(file, "target: [")
        process.send_signal(signal.SIGHUP)
        await until(lambda: f"The configuration is not read again: {file}" in log.read_text())
        assert seen.now[STATUS] == "online"
        process.terminate()
        assert await process.wait() == 0


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("kind", ["things", "items", "sitemap", "yaml", "evcc"])
async def test_files_are_written_from_what_the_gateway_has(file: Path, tmp_path: Path, kind: str) -> None:
    output = tmp_path / "written"
    status, _, err = await ended("export", kind, "--config", str(file), "-o", str(output))
    assert status == 0, err
    assert SERIAL in output.read_text()
    assert not (tmp_path / "state").exists()


@pytest.mark.usefixtures("gateway")
async def test_a_check_says_what_would_be_done_and_that_it_works(file: Path, target: Mosquitto) -> None:
    async with view(target) as seen:
        status, out, err = await ended("check", "--config", str(file))
        assert (status, err) == (0, "")
        assert "smappee/" in out
        assert f"gateway {SERIAL} is heard at" in out
        assert f"the broker at {target.host}:{target.port} takes what is published" in out
        assert seen.now == {}


async def test_a_check_without_brokers_is_possible(file: Path, mosquitto: Mosquitto, target: Mosquitto) -> None:
    for broker in (mosquitto, target):
        broker.stop()
    assert (await ended("check", "--offline", "--config", str(file)))[::2] == (0, "")


async def test_a_check_is_1_with_everything_that_does_not_work(
    file: Path, mosquitto: Mosquitto, target: Mosquitto
) -> None:
    mosquitto.stop()
    target.ask_for_a_password()
    target.restart()
    status, _, err = await ended("check", "--config", str(file))
    assert status == 1
    assert f"error: no MQTT broker answers at {mosquitto.host}:{mosquitto.port}" in err
    assert f"error: the broker at {target.host}:{target.port} does not let us in" in err
    assert "Traceback" not in err


async def test_a_check_finds_topics_that_may_not_be_written(
    file: Path, mosquitto: Mosquitto, target: Mosquitto
) -> None:
    mosquitto.stop()
    target.configure("allow_anonymous true", target.forbid("homie/#"))
    target.restart()
    status, _, err = await ended("check", "--config", str(file))
    assert status == 1
    assert [device for device in DEVICES if f"published below {device}/, but nothing of it arrives" in err] == [
        *DEVICES
    ]
    assert STATUS.rpartition("/")[0] not in err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [["run"], ["check"], ["export", "things"]], ids=["run", "check", "export"])
async def test_a_wrong_configuration_is_2_with_its_line(file: Path, arguments: list[str]) -> None:
    overwrite(file, "target: mqtt://localhost\ngatewys: []\n")
    status, _, err = await ended(*arguments, "--config", str(file))
    assert status == 2
    assert f"{file}:2" in err
    assert "gateways" in err
    assert "Traceback" not in err


async def test_no_gateway_is_1_and_says_what_to_do(file: Path, mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    status, _, err = await ended("export", "things", "--config", str(file))
    assert status == 1
    assert "no MQTT broker answers" in err
    assert "Traceback" not in err


async def test_a_taken_port_of_the_status_page_is_1(file: Path, target: Mosquitto, mosquitto: Mosquitto) -> None:
    write(file, mosquitto, target, web=target.port)
    status, _, err = await ended("run", "--config", str(file))
    assert status == 1
    assert str(target.port) in err
    assert "Traceback" not in err
