"""``--profile`` and ``--site`` on the command line."""

import asyncio

import aiomqtt
import pytest

from simulator.gateway.profiles import PROFILES
from simulator.options import parse
from simulator.sites.site import GatewayKind
from simulator.sites.table import SITES
from tests.mosquitto import free_port
from tests.simulator.program import start


@pytest.mark.parametrize(
    ("arguments", "site"),
    [
        ([], "home"),
        (["--profile", "genius"], "home"),
        (["--profile", "plus"], "plus-star"),
        (["--profile", "solar"], "solar-single"),
        (["--site", "plus-single"], "plus-single"),
        (["--site", "full", "--profile", "genius"], "full"),
    ],
)
def test_either_is_enough(arguments: list[str], site: str) -> None:
    assert parse(arguments).site == SITES[site]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (
            ["--profile", "plus", "--site", "home"],
            "--site home has a genius; with --profile plus choose one of: plus-s",
        ),
        (["--profile", "genius", "--site", "solar-single"], "--site solar-single has a solar; with --profile genius"),
        (["--profile", "pro"], "pro"),
    ],
)
def test_a_combination_that_does_not_exist_is_explained(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        parse(arguments)
    assert stop.value.code == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize("kind", GatewayKind)
async def test_the_program_says_what_kind_it_is(kind: GatewayKind) -> None:
    port = free_port()
    process = await start("--profile", kind, "--port", str(port))
    assert process.stdout
    first = (await process.stdout.readline()).decode()
    async with asyncio.timeout(20), aiomqtt.Client("127.0.0.1", port) as client:
        await client.subscribe("servicelocation/#")
        await anext(client.messages)  # the gateway is at work
    process.terminate()
    _, err = await process.communicate()
    assert first.startswith(f"{PROFILES[kind].title} {PROFILES[kind].serial_prefix}")
    assert (process.returncode, err) == (0, b"")
