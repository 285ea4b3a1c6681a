"""Our programs, started as a user starts them."""

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


async def start(module: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(*arguments: str) -> tuple[int | None, str, str]:
    """Run ``python -m smappee_gateway`` to its end: exit status, output and errors."""
    process = await start("smappee_gateway", *arguments)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


class Terminal:
    """A terminal of a given size in which a program runs."""

    def __init__(self, columns: int, lines: int) -> None:
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._written = b""

    @property
    def text(self) -> str:
        """Everything written until now, with the control sequences."""
        return self._written.decode(errors="replace")

    @asynccontextmanager
    async def running(self, module: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
        environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            cwd=ROOT,
            env=environment | {"TERM": "xterm", "NO_COLOR": "1"},
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
        )
        os.close(self._slave)
        asyncio.get_running_loop().add_reader(self._master, self._read)
        try:
            yield process
        finally:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)

    def _read(self) -> None:
        try:
            self._written += os.read(self._master, 65536)
        except OSError:  # Linux says so when the program has gone
            asyncio.get_running_loop().remove_reader(self._master)
