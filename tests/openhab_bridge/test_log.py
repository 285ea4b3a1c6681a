import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from openhab_bridge.logs import set_up
from openhab_bridge.settings import LogFormat

LOGGER = logging.getLogger("openhab_bridge.somewhere")


@pytest.fixture(autouse=True)
def other_handlers() -> Iterator[None]:
    """Give the test runner its log back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_has_time_level_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogFormat.TEXT)
    LOGGER.warning("Gateway %s is silent", "5010001234")
    time, rest = capsys.readouterr().err.split(" ", maxsplit=1)
    assert abs((datetime.now(UTC) - datetime.fromisoformat(time)).total_seconds()) < 60
    assert rest == "WARNING Gateway 5010001234 is silent\n"


def test_a_name_with_a_line_feed_begins_no_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogFormat.TEXT)
    LOGGER.warning("Load %s", "a\n2026-01-01T00:00:00.000Z ERROR b\x1b[31m")
    assert capsys.readouterr().err.endswith(r"Load a\x0a2026-01-01T00:00:00.000Z ERROR b\x1b[31m" + "\n")


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogFormat.JSON)
    LOGGER.info("Load %s", 'a "⚡"\nb')
    try:
        int("wrong")
    except ValueError:
        LOGGER.exception("Failed")
    told, failed = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert datetime.fromisoformat(told.pop("time")).utcoffset() is not None
    assert told == {"level": "INFO", "logger": "openhab_bridge.somewhere", "message": 'Load a "⚡"\nb'}
    assert failed["exception"].endswith("ValueError: invalid literal for int() with base 10: 'wrong'")


def test_setting_up_again_changes_the_form_and_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(LogFormat.TEXT)
    set_up(LogFormat.JSON)
    LOGGER.info("once")
    assert json.loads(capsys.readouterr().err)["message"] == "once"
