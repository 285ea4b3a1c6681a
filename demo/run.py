"""The demo from beginning to end."""

import asyncio
from pathlib import Path
from typing import Final, NamedTuple

import aiohttp
from rich.console import Console

from demo import account, charging, dashboard, diagnostics, energy_page, figures, gateway, house, past, summary
from demo.bridge import Bridge, bridging
from demo.charging import Charging
from demo.config_folder import HOST, ROOT
from demo.errors import NotAsExpectedError
from demo.home_assistant import HomeAssistant, connected
from demo.programs import HISTORY, Programs, require_free, require_silence, started
from demo.waiting import step, until

CACHE: Final = ROOT / ".cache" / "demo"
FEWEST_CHANNELS: Final = 12


class Entry(NamedTuple):
    """The gateway in Home Assistant: its config entry, and the entities that came with it."""

    id: str
    house: house.House
    charging: Charging | None
    """None where there is no broker for the charger."""


async def run(console: Console, port: int, *, once: bool) -> None:
    """Run the demo until cancelled; with `once`, until it has shown that everything works."""
    require_free(port)
    folder, url = CACHE / str(port), f"http://{HOST}:{port}"
    async with started(folder, port) as programs:
        async with aiohttp.ClientSession(url) as http:
            token = await ready(console, http, url, programs)
            async with connected(http, token) as home_assistant:
                entry = await add_gateway(console, home_assistant, programs)
                await fill_pages(console, home_assistant, entry, past.read(folder / HISTORY))
                if once:
                    await show(console, home_assistant, entry)
        async with bridging(console, programs.broker, folder, *programs.all) as bridge:
            everything = [*programs.all, *([bridge.program] if bridge else [])]
            if not once:
                invite(console, url, folder, bridge)
                await asyncio.gather(*(program.ended() for program in everything))
    require_silence(everything)
    console.print("[green]✓[/] no warnings or errors in the log")


async def ready(console: Console, http: aiohttp.ClientSession, url: str, programs: Programs) -> str:
    """Wait for both programs, make the user, and return an access token."""
    with step(console, f"Home Assistant starts, and the house lives through {past.DAYS} days"):
        await until(lambda: account.greets(http), "Home Assistant answers", *programs.all)
        await until(lambda: gateway.announced(programs.simulator), "the simulator listens", *programs.all)
        return await account.create(http, url)


async def add_gateway(console: Console, home_assistant: HomeAssistant, programs: Programs) -> Entry:
    """Add the gateway and wait until every figure is there and moves; then the charger, where there is a broker."""
    address = await until(lambda: gateway.announced(programs.simulator), "the simulator listens", *programs.all)
    with step(console, f"Home Assistant finds the gateway at {address.host}, port {address.port}"):
        entry_id = await gateway.add(home_assistant, address, *programs.all)
    with step(console, "Figures arrive, and move"):
        await until(lambda: diagnostics.offered(home_assistant), "there are diagnostics", *programs.all)
        channels = (await diagnostics.download(home_assistant, entry_id)).channels
        entities = await house.read(home_assistant, entry_id, channels)
        await figures.settle(home_assistant, entities, *programs.all)
    if programs.broker is None:
        return Entry(entry_id, entities, None)
    with step(console, f"The charger is kept below a fuse of {charging.FUSE_A} A"):
        controlled = await charging.begin(home_assistant, entry_id, programs.broker.address, *programs.all)
    return Entry(entry_id, entities, controlled)


async def fill_pages(console: Console, home_assistant: HomeAssistant, entry: Entry, hours: list[past.Hour]) -> None:
    """Fill what there is to look at."""
    with step(console, "The Energy page and the dashboard are filled"):
        await past.remember(home_assistant, entry.house, hours)
        await energy_page.fill(home_assistant, entry.house)
        await dashboard.create(home_assistant, entry.house, entry.charging)


async def show(console: Console, home_assistant: HomeAssistant, entry: Entry) -> None:
    """Print what Home Assistant shows; raises NotAsExpectedError when a CT does not show everything."""
    now = await figures.states(home_assistant)
    channels = summary.rows(entry.house, now, await diagnostics.download(home_assistant, entry.id))
    console.print(summary.channel_table(channels), summary.site_table(entry.house, now))
    if entry.charging:
        console.print(summary.charging_table(entry.charging, now))
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
        host, port = bridge.broker
        console.print(f"[bold]{bridge.url}[/]  the bridge; what it publishes:")
        console.print(f"  mosquitto_sub -h {host} -p {port} -v -t 'homie/#' -t 'smappee/#'", soft_wrap=True)
    console.print(f"Logs are in {folder}. Ctrl-C stops everything.", soft_wrap=True)
