"""Starts Home Assistant, without its notice that nobody there has tested this custom integration.

Home Assistant prints the notice before its own log settings apply, so it is taken out from outside. Everything else it
may have to say stays. This file is run as a script: Home Assistant has a process of its own.
"""

import logging
import runpy
from typing import Final

NOTICE: Final = "We found a custom integration"


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether a record is anything but the notice."""
    return not record.getMessage().startswith(NOTICE)


if __name__ == "__main__":
    logging.getLogger("homeassistant.loader").addFilter(is_news)
    runpy.run_module("homeassistant", run_name="__main__", alter_sys=True)
