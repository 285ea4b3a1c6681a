"""Records what a gateway sends, for a while and in memory, so that others can see what its modules say.

There is no file, and so none in a backup, none that outlives a crash and none that fills a disk: the lines are packed
as they come. A recording ends by itself, and is forgotten after a day.
"""

import asyncio
import gzip
import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from ._vendor.smappee_gateway.errors import CannotConnectError
from ._vendor.smappee_gateway.mqtt_decoder import MqttMessage
from ._vendor.smappee_gateway.recorder import Recorder
from .const import DOMAIN
from .transports import transport_of

LONGEST_S: Final = 1800.0
MOST_BYTES: Final = 20_000_000
"""Of lines; about an hour of a large house. Packed, it takes a megabyte or two."""
SETTLE_S: Final = 1.0
"""What the broker remembers comes within this time: then there is something to show."""
KEPT: Final = timedelta(days=1)
KEPT_AFTER_FETCH: Final = timedelta(minutes=10)
"""Some apps ask twice for what they download."""
TOOL: Final = "Smappee Infinity for Home Assistant"
ENDED: Final = {ConfigEntryState.UNLOAD_IN_PROGRESS, ConfigEntryState.NOT_LOADED, ConfigEntryState.FAILED_UNLOAD}


class Ending(StrEnum):
    """Why a recording has ended without being asked to; also the keys of the texts that say so."""

    LIMIT = "capture_limit"
    LOST = "capture_lost"
    UNLOADED = "capture_unloaded"


class Capture:
    """One recording, over a connection of its own: what the broker remembers comes at its beginning."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Connect nothing yet."""
        self.recorder = Recorder(TOOL, anonymised=True)
        self.ending: Ending | None = None
        self._hass = hass
        self._entry = entry
        self._size = 0
        self._packed = io.BytesIO()
        self._lines = gzip.GzipFile(fileobj=self._packed, mode="wb")
        self._failure: CannotConnectError | None = None
        self._settled = asyncio.Event()
        """It is connected, or not possible."""
        self._task: asyncio.Task[None]

    @property
    def is_running(self) -> bool:
        """Whether it records now."""
        return not self._lines.closed

    async def start(self) -> None:
        """Connect, and record until something ends it; raises CannotConnectError."""
        self._task = self._hass.async_create_background_task(self._run(), f"{self._entry.title} capture")
        await self._settled.wait()
        if self._failure:
            raise self._failure
        discard(self._hass, self._entry.entry_id)
        _captures(self._hass)[self._entry.entry_id] = self
        self._forget_in(KEPT)
        await asyncio.sleep(SETTLE_S)

    @callback
    def end(self) -> None:
        """Record no more; what was recorded is kept. It is left to disconnect in peace."""
        if not self._task.cancelling():
            self._task.cancel()

    async def stop(self) -> None:
        """Record no more, and wait until the last line is there."""
        self.end()
        await asyncio.wait({self._task})

    def content(self) -> bytes:
        """Return what a file of it holds. It unpacks, so it is called outside the event loop."""
        return self.recorder.header() + gzip.decompress(self._packed.getvalue())

    @callback
    def fetched(self) -> None:
        """Forget it soon."""
        self._forget_in(KEPT_AFTER_FETCH)

    async def _run(self) -> None:
        stop_watching = self._entry.async_on_state_change(self._watch)
        transport = transport_of(self._hass, self._entry.data)
        try:
            async with asyncio.timeout(LONGEST_S), transport.messages() as messages:
                self._settled.set()
                await self._take(messages)
            self.ending = Ending.LIMIT
        except TimeoutError:
            self.ending = Ending.LIMIT
        except CannotConnectError as error:
            if error.lost:
                self.ending = Ending.LOST
            else:
                self._failure = error
        finally:
            stop_watching()
            self._lines.close()
            self._settled.set()
            if not self.recorder.messages:
                self._forget()

    async def _take(self, messages: AsyncIterator[MqttMessage]) -> None:
        """Record until there is too much."""
        async for message in messages:
            line = self.recorder.line(self.recorder.arrived(message))
            if self._size + len(line) > MOST_BYTES:
                return
            self._size += len(line)
            self._lines.write(line)

    @callback
    def _watch(self) -> None:
        """End with the entry. A set-up that is tried again does not count: then a recording is wanted most."""
        if self._entry.state in ENDED:
            self.ending = Ending.UNLOADED
            self.end()

    def _forget_in(self, time: timedelta) -> None:
        async_call_later(self._hass, time, HassJob(self._forget, cancel_on_shutdown=True))

    @callback
    def _forget(self, _now: datetime | None = None) -> None:
        captures = _captures(self._hass)
        if captures.get(self._entry.entry_id) is self:
            del captures[self._entry.entry_id]


_CAPTURES: HassKey[dict[str, Capture]] = HassKey(f"{DOMAIN}.captures")


def _captures(hass: HomeAssistant) -> dict[str, Capture]:
    """The latest recording of each entry that has one."""
    return hass.data.setdefault(_CAPTURES, {})


def find(hass: HomeAssistant, entry_id: str) -> Capture | None:
    """Return the recording of an entry that runs, or is kept."""
    return _captures(hass).get(entry_id)


@callback
def discard(hass: HomeAssistant, entry_id: str) -> None:
    """End and forget the recording of an entry."""
    capture = _captures(hass).pop(entry_id, None)
    if capture is not None:
        capture.end()
