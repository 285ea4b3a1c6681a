"""Starts Home Assistant, without two kinds of notices that tell nothing about what is shown here.

That nobody at Home Assistant has tested this custom integration is printed before Home Assistant's own log settings
apply, so it is taken out from outside. And how fast a machine is must not decide whether a demo succeeds. Everything
else it may have to say stays. This file is run as a script: Home Assistant has a process of its own.
"""

import logging
import runpy
from typing import Final

UNTESTED: Final = "We found a custom integration"
SLOW: Final = ("Updating state for %s (%s) took", "Setup of %s is taking over")
NOTICES: Final = {
    "homeassistant.loader": (UNTESTED,),
    "homeassistant.helpers.entity": SLOW,
    "homeassistant.setup": SLOW,
}
"""The beginnings of messages, by logger."""


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether a record is anything but a notice."""
    return not record.msg.startswith(NOTICES[record.name])


if __name__ == "__main__":
    for name in NOTICES:
        logging.getLogger(name).addFilter(is_news)
    runpy.run_module("homeassistant", run_name="__main__", alter_sys=True)
