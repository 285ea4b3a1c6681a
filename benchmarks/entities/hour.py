"""An hour at default settings, with the recorder: what a user pays who changes nothing."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterable
from itertools import batched
from pathlib import Path

from homeassistant.helpers.recorder import get_instance

from benchmarks.entities.house import House, QuickLoop, house
from benchmarks.entities.message import PEER_NAME
from benchmarks.recording import Recording, record
from benchmarks.results import OURS, Result, beside_peers

HOUR_S = 3600
TURNS = 6
"""Both take turns, so that a slow spell of the machine meets both."""
AT_MOST = 0.05
ROWS = "SELECT m.entity_id FROM states s JOIN states_meta m ON s.metadata_id = m.metadata_id"


def hour() -> list[Result]:
    """Compare the CPU time of an hour, and the rows that the recorder keeps of it."""
    with asyncio.Runner(loop_factory=QuickLoop) as runner, tempfile.TemporaryDirectory() as folder:
        return runner.run(_compare(record(seconds=HOUR_S), Path(folder) / "recorder.db"))


async def _compare(recording: Recording, database: Path) -> list[Result]:
    spent = {OURS: 0.0, PEER_NAME: 0.0}
    async with house(recording, every_entity=False, database=str(database)) as home:
        before = await _recorded(home, database)
        for messages in batched(recording.seconds, HOUR_S // TURNS, strict=False):
            spent[OURS] += await home.ours(messages)
            spent[PEER_NAME] += await home.theirs(messages)
        rows = await _recorded(home, database)
        peers = home.entities()
    ours = set(peers.values())
    return [
        *beside_peers(f"hour at default settings, {len(peers)} entities", "s", spent, {PEER_NAME: AT_MOST}),
        *beside_peers(
            "rows recorded in that hour",
            "rows",
            {
                OURS: _count(rows, ours) - _count(before, ours),
                PEER_NAME: _count(rows, peers) - _count(before, peers),
            },
            {},
        ),
    ]


async def _recorded(home: House, database: Path) -> list[str]:
    """Return the entity of every row, when all rows are written."""
    await get_instance(home.hass).async_block_till_done()
    with sqlite3.connect(database) as connection:
        return [entity_id for (entity_id,) in connection.execute(ROWS)]


def _count(rows: list[str], entities: Iterable[str]) -> int:
    wanted = set(entities)
    return sum(entity_id in wanted for entity_id in rows)
