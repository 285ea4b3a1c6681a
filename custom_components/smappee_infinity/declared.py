"""What owners have declared in subentries: their Output and Input modules, and what they know better of meters.

A subentry holds the very table that the command line reads from a file (docs/modules.md).
"""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry

from ._vendor.smappee_gateway.module_settings import modules_of
from ._vendor.smappee_gateway.modules import Modules

OUTPUT_MODULE: Final = "output_module"
INPUT_MODULE: Final = "input_module"
METER: Final = "meter"
KINDS: Final = (OUTPUT_MODULE, INPUT_MODULE, METER)

type Tables = dict[str, list[dict[str, object]]]


def tables(entry: ConfigEntry, *, without: str | None = None) -> Tables:
    """Return what is declared, by kind; `without`: a subentry to leave out."""
    return {
        kind: [
            dict(subentry.data)
            for subentry in entry.subentries.values()
            if subentry.subentry_type == kind and subentry.subentry_id != without
        ]
        for kind in KINDS
    }


def modules_of_entry(entry: ConfigEntry) -> Modules:
    """Return what is declared; raises ModuleSettingsError when this version cannot take it."""
    return modules_of(tables(entry), str(entry.unique_id))


def subentry_of_each_module(entry: ConfigEntry) -> Mapping[str, str]:
    """Return the subentry of each module by the module's identifier: its devices and entities belong to it."""
    return {
        str(subentry.data["id"]): subentry.subentry_id
        for subentry in entry.subentries.values()
        if subentry.subentry_type in {OUTPUT_MODULE, INPUT_MODULE}
    }
