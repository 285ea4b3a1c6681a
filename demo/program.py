"""The programs of the demo: processes whose output goes to files, and that never outlive the demo."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from demo.errors import ProgramEndedError

STOP_TIMEOUT_S: Final = 30.0


class Program:
    """A running program."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, output: Path, complaints: Path) -> None:
        """`output` is what it prints, `complaints` its standard error."""
        self.name = name
        self._process = process
        self._output = output
        self._complaints = complaints

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self._output.read_text(encoding="utf-8")

    @property
    def complaints(self) -> list[str]:
        """The lines of its log: both programs log warnings and errors only, and all is well when there are none."""
        return self._complaints.read_text(encoding="utf-8").splitlines()

    @property
    def log(self) -> Path:
        """Where its complaints are."""
        return self._complaints

    def require_running(self) -> None:
        """Raise ProgramEndedError, with its last words, when it has ended."""
        if self._process.returncode is not None:
            last_words = "\n".join(self.complaints[-10:])
            raise ProgramEndedError(f"{self.name} has ended by itself; see {self._complaints}\n{last_words}".rstrip())

    async def ended(self) -> None:
        """Wait until it ends by itself, which is an error."""
        await self._process.wait()
        self.require_running()

    async def stop(self) -> None:
        """Ask it to stop; one that does not is ended, with all that it started."""
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_TIMEOUT_S)
        except TimeoutError:
            os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


@asynccontextmanager
async def running(
    name: str, *arguments: str, cwd: Path, logs: Path, program: str = sys.executable
) -> AsyncIterator[Program]:
    """Run a program, usually this Python, with `arguments` until the context ends.

    The program gets a process group of its own: Ctrl-C reaches the demo alone, which then stops one after the other.
    """
    file_name = name.lower().replace(" ", "-")
    output, complaints = logs / f"{file_name}.out", logs / f"{file_name}.log"
    with output.open("wb") as stdout, complaints.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            program,
            *arguments,
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    started = Program(name, process, output, complaints)
    try:
        yield started
    finally:
        await started.stop()
