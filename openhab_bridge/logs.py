"""The log of the bridge: lines for people, or one JSON object a line for log collectors."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final, override

from openhab_bridge.settings import LogFormat

CONTROL_CHARACTERS: Final = {number: f"\\x{number:02x}" for number in (*range(0x20), *range(0x7F, 0xA0))}
"""How they are written: a name that somebody has chosen must not begin a line of its own or colour a terminal."""


def set_up(log: LogFormat) -> None:
    """Write the log of this process to standard error, in this form, and nowhere else. May be called again."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if log is LogFormat.JSON else _Text())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


class _Text(logging.Formatter):
    """Time, level and message; below it where an exception comes from."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    @override
    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return _time(record)

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(CONTROL_CHARACTERS)


class _Json(logging.Formatter):
    """One object a line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    """Return when it happened: UTC, ISO 8601."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
