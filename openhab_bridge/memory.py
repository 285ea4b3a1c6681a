"""Keeps on disk what must survive a restart: totals of a session, and what the policies remember."""

import logging
import os
from pathlib import Path

import msgspec

from energy_control.policies import Memory
from smappee_gateway.session_memory import SessionMemory

_LOGGER = logging.getLogger(__name__)

DAMAGED = ".damaged"


class HouseMemory(Memory):
    """What is kept of one gateway."""

    session: SessionMemory = msgspec.field(default_factory=SessionMemory)


class MemoryFile:
    """The memory of one gateway, as JSON. It is never half written: a new file takes the place of the old one."""

    def __init__(self, folder: Path, serial: str) -> None:
        """Read nothing yet."""
        self.path = folder / f"{serial}.json"

    def load(self) -> HouseMemory:
        """Return what is kept. A file that is damaged costs its totals, never the start; it is put aside."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=HouseMemory)
        except FileNotFoundError:
            return HouseMemory()
        except (OSError, msgspec.MsgspecError, ValueError, RecursionError) as error:
            _LOGGER.warning("%s cannot be read, so its totals begin again at 0: %s", self.path, error)
            self._put_aside()
            return HouseMemory()

    def write(self, packed: bytes) -> None:
        """Write what `pack` made; raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        with new.open("wb") as file:
            file.write(packed)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)

    def _put_aside(self) -> None:
        try:
            self.path.replace(self.path.with_suffix(DAMAGED))
        except OSError as error:
            _LOGGER.warning("%s cannot be put aside: %s", self.path, error)


def pack(memory: HouseMemory) -> bytes:
    """Return what is written to disk; the memory may change at once afterwards."""
    return msgspec.json.encode(memory)
