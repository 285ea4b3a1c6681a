"""Checks of what is told of loads. A load is named by one of its CTs, and there are three ways to write that."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
import voluptuous as vol

from energy_control import running
from openhab_bridge.configuration.checks import Check, each, is_nothing, list_of, number, section, shown, text
from openhab_bridge.configuration.written import Written
from smappee_gateway.told_loads import is_in_circle

LONGEST_DELAY_S: Final = 3600
HIGHEST_THRESHOLD_W: Final = 10_000
FORM: Final = "a load as in its topics, such as 5500001259-3, or as printed on its CT hub, such as 5500001259/D"
_ID: Final = re.compile(r"(?P<owner>[0-9A-Za-z]{1,30})([_-](?P<input>[0-9]{1,4})|/(?P<letter>[A-Da-d]))")
_LETTERS: Final = "ABCD"


def load(value: object) -> str:
    """Check the identifier of a load, and write it as gateways do: `5500001259_3`."""
    match = _ID.fullmatch(text(value))
    if match is None:
        raise vol.Invalid(f"must be {FORM}; not {shown(value)}")
    letter = match["letter"]
    return f"{match['owner']}_{_LETTERS.index(letter.upper()) if letter else int(match['input'])}"


LOADS: Final = list_of(load, "loads")


def by_load[T](check: Check[T], what: str) -> Check[dict[str, T]]:
    """Return a check of a table with a load in each key."""

    def whole_table(value: object) -> dict[str, T]:
        table = {} if is_nothing(value) else value
        if not isinstance(table, dict):
            raise vol.Invalid(f"must be {what}, not {shown(value)}")
        names, wrong_names = each(load, {key: Written(key) for key in table})
        told, errors = each(check, table)
        errors = [*wrong_names, *errors, *_repeated(names)]
        if errors:
            raise vol.MultipleInvalid(errors)
        return {names[key]: item for key, item in told.items()}

    return whole_table


def _repeated(names: Mapping[str, str]) -> Iterator[vol.Invalid]:
    counts = Counter(names.values())
    for key, name in names.items():
        if counts[name] > 1:
            yield vol.Invalid("this load is there twice, written in two ways", path=[key])


RUNNING: Final = by_load(
    section(
        {
            vol.Optional("threshold_w"): number(1, HIGHEST_THRESHOLD_W),
            vol.Optional("on_delay_s"): number(0, LONGEST_DELAY_S),
            vol.Optional("off_delay_s"): number(0, LONGEST_DELAY_S),
        },
        lambda keys: msgspec.convert(keys, running.Settings),
    ),
    "loads with their threshold_w, on_delay_s and off_delay_s",
)
"""The limits are those of the component."""
_PARENTS: Final = by_load(load, "loads, each with the load that contains it")


def parents(value: object) -> dict[str, str]:
    """Check which load contains which."""
    above = _PARENTS(value)
    circles = [inner for inner in above if is_in_circle(inner, above)]
    if circles:
        raise vol.Invalid(f"these would contain themselves: {', '.join(circles)}")
    return above
