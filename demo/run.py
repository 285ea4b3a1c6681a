"""The demo from beginning to end."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import aiohttp
from rich.console import Console

from demo import account, config_folder, dashboard, diagnostics, energy_page, figures, gateway, house, past, summary
from demo.bridge import Bridge, bridging
from demo.config_folder import HOST, ROOT
from demo.errors import NotAsExpectedError, PortTakenError, ProgramEndedError
from demo.home_assistant import BROKEN, HomeAssistant, connected
from demo.program import Program, running
from demo.waiting import step, until

CACHE: Final = ROOT / ".cache" / "demo"
LAUNCHER: Final = ROOT / "demo" / "launcher.py"
HISTORY: Final = "history.json"
FEWEST_CHANNELS: Final = 12


class Programs(NamedTuple):
    """What runs."""

    simulator: Program
    home_assistant: Program


class Entry(NamedTuple):
    """The gateway in Home Assistant: its config entry, and the entities that came with it."""

    id: str
    house: house.House


async def run(console: Console, port: int, *, once: bool) -> None:
    """Run the demo until cancelled; with `once`, until it has shown that everything works."""
    require_free(port)
    folder, url = CACHE / str(port), f"http://{HOST}:{port}"
    async with started(folder, port) as programs:
        async with aiohttp.ClientSession(url) as http:
            token = await ready(console, http, url, programs)
            async with connected(http, token) as home_assistant:
                entry = await add_gateway(console, home_assistant, programs)
                await fill_pages(console, home_assistant, entry.house, past.read(folder / HISTORY))
                if once:
                    await show(console, home_assistant, entry)
        broker = await until(lambda: gateway.announced(programs.simulator), "the simulator listens", *programs)
        async with bridging(console, broker, folder, *programs) as bridge:
            everything = (*programs, *(bridge.programs if bridge else ()))
            if not once:
                invite(console, url, folder, bridge)
                await asyncio.gather(*(program.ended() for program in everything))
    require_silence(everything)
    console.print("[green]✓[/] no warnings or errors in the log")


def require_free(port: int) -> None:
    """Raise PortTakenError when Home Assistant could not listen."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        raise PortTakenError(
            f"cannot listen on {HOST}, port {port}: {os.strerror(error.errno or 0)}\n"
            f"Stop what uses the port, or choose another one: scripts/demo --port {port + 1}"
        ) from error


@asynccontextmanager
async def started(folder: Path, port: int) -> AsyncIterator[Programs]:
    """Start simulator and Home Assistant side by side; when the context ends both have stopped."""
    shutil.rmtree(folder, ignore_errors=True)
    config = folder / "config"
    config_folder.make(config, port)
    hours = past.hours_to_live(datetime.now(UTC))
    live = ("--port", "0", "--history-hours", str(hours), "--history-file", str(folder / HISTORY))
    # -P: the modules beside the launcher are not Home Assistant's.
    launch = ("-P", str(LAUNCHER), "--config", str(config), "--log-no-color")
    async with (
        running("Simulator", "-m", "simulator", *live, cwd=ROOT, logs=folder) as simulator,
        running("Home Assistant", *launch, cwd=config, logs=folder) as home_assistant,
    ):
        try:
            yield Programs(simulator, home_assistant)
        except BROKEN as error:
            raise ProgramEndedError(f"Home Assistant does not answer any more; see {home_assistant.log}") from error


async def ready(console: Console, http: aiohttp.ClientSession, url: str, programs: Programs) -> str:
    """Wait for both programs, make the user, and return an access token."""
    with step(console, f"Home Assistant starts, and the house lives through {past.DAYS} days"):
        await until(lambda: account.greets(http), "Home Assistant answers", *programs)
        await until(lambda: gateway.announced(programs.simulator), "the simulator listens", *programs)
        return await account.create(http, url)


async def add_gateway(console: Console, home_assistant: HomeAssistant, programs: Programs) -> Entry:
    """Add the gateway and wait until every figure is there and moves."""
    broker = await until(lambda: gateway.announced(programs.simulator), "the simulator listens", *programs)
    with step(console, f"Home Assistant finds the gateway at {broker.host}, port {broker.port}"):
        entry_id = await gateway.add(home_assistant, broker, *programs)
    with step(console, "Figures arrive, and move"):
        await until(lambda: diagnostics.offered(home_assistant), "there are diagnostics", *programs)
        channels = (await diagnostics.download(home_assistant, entry_id)).channels
        entities = await house.read(home_assistant, entry_id, channels)
        await figures.settle(home_assistant, entities, *programs)
    return Entry(entry_id, entities)


async def fill_pages(
    console: Console, home_assistant: HomeAssistant, entities: house.House, hours: list[past.Hour]
) -> None:
    """Fill what there is to look at."""
    with step(console, "The Energy page and the dashboard are filled"):
        await past.remember(home_assistant, entities, hours)
        await energy_page.fill(home_assistant, entities)
        await dashboard.create(home_assistant, entities)


async def show(console: Console, home_assistant: HomeAssistant, entry: Entry) -> None:
    """Print what Home Assistant shows; raises NotAsExpectedError when a CT does not show everything."""
    now = await figures.states(home_assistant)
    channels = summary.rows(entry.house, now, await diagnostics.download(home_assistant, entry.id))
    console.print(summary.channel_table(channels), summary.site_table(entry.house, now))
    complete = sum(row.complete for row in channels)
    if complete < max(len(channels), FEWEST_CHANNELS):
        raise NotAsExpectedError(
            f"{complete} of {len(channels)} CTs show power, current and phase; expected are all, and "
            f"{FEWEST_CHANNELS} at least"
        )


def invite(console: Console, url: str, folder: Path, bridge: Bridge | None) -> None:
    """Say where to look."""
    console.print(f"\n[bold]{url}[/]  user [bold]{account.USER}[/], password [bold]{account.PASSWORD}[/]")
    if bridge:
        console.print(f"[bold]{bridge.url}[/]  the bridge; what it publishes:")
        console.print(f"  mosquitto_sub -h {HOST} -p {bridge.target} -v -t 'homie/#' -t 'smappee/#'", soft_wrap=True)
    console.print(f"Logs are in {folder}. Ctrl-C stops everything.", soft_wrap=True)


def require_silence(programs: Sequence[Program]) -> None:
    """Raise NotAsExpectedError when a program has logged anything: they log warnings and errors only."""
    complaints = [f"{program.name}: {line}" for program in programs for line in program.complaints]
    if complaints:
        raise NotAsExpectedError("\n".join(["there are warnings or errors in the log:", *complaints]))
