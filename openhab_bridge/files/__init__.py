"""Files for programs that read the plain topics: what `export` writes.

Pure, and the same for the same house: ids come from what is installed, never from names, and nothing tells the time.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from openhab_bridge.files import evcc, items, openhab_yaml, sitemap, things
from openhab_bridge.model import Installation
from openhab_bridge.settings import Settings

FILES: Final[Mapping[str, Callable[[Sequence[Installation], Settings], str]]] = MappingProxyType(
    {
        "things": things.text,
        "items": items.text,
        "sitemap": sitemap.text,
        "yaml": openhab_yaml.text,
        "evcc": evcc.text,
    }
)
"""By what follows `export`: `(installations, settings) -> text`."""
