"""Lets the newest test plugin, which is made for Home Assistant 2026.10, run on 2026.11.

Load it early: `scripts/test --ha 2026.11` does. Home Assistant 2026.11 puts httpx2 in the place of httpx, so it must be
imported before any other plugin imports httpx; and the plugin looks for a function of `logger` where 2026.10 had it.
"""

from homeassistant.components import logger
from homeassistant.components.logger import helpers

vars(logger)["_clear_logger_overwrites"] = helpers._clear_logger_overwrites  # noqa: SLF001 - the plugin's
