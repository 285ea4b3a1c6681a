"""The words of a scenario file: what may stand in it, and what each event means."""

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import available_timezones

import voluptuous as vol

from simulator.faults.table import Fault
from simulator.gateway.output_modules import Behaviour
from simulator.scenario.happenings import (
    CarArrival,
    ChargeLimit,
    Connection,
    Failure,
    Happening,
    Leak,
    ModuleBehaviour,
    PlugCommand,
    RelayCommand,
    Start,
    Weather,
)
from simulator.sites.site import GatewayKind
from simulator.sites.table import SITES

type Values = Mapping[str, Any]
"""A table as TOML has it."""

BY_CHANCE: Final = "by chance"
SERIAL_DIGITS: Final = 10
_CLOCK: Final = re.compile(r"(\d+):([0-5]\d):([0-5]\d)")

BEHAVIOURS: Final[Mapping[str, Callable[[float], Behaviour]]] = {
    "normal": lambda delay_s: Behaviour(delay_s=delay_s),
    "deaf": lambda delay_s: Behaviour(echoes=False, delay_s=delay_s),
    "stuck": lambda delay_s: Behaviour(acts=False, delay_s=delay_s),
    "absent": lambda delay_s: Behaviour(acts=False, echoes=False, delay_s=delay_s),
}
"""How Output modules can take commands: act and echo, act without an echo, echo without acting, neither."""


def seconds(value: object) -> float:
    """Seconds as a number, or hours, minutes and seconds. Raises Invalid for anything else."""
    if isinstance(value, time):
        return value.hour * 3600.0 + value.minute * 60.0 + value.second
    if isinstance(value, str) and (match := _CLOCK.fullmatch(value)):
        hours, minutes, rest = map(int, match.groups())
        return hours * 3600.0 + minutes * 60.0 + rest
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise vol.Invalid('write seconds, or hours, minutes and seconds as in "00:05:00"')


def one_of(names: Iterable[str]) -> Callable[[object], str]:
    """A word out of `names`."""
    words = [str(name) for name in names]

    def check(value: object) -> str:
        if isinstance(value, str) and value in words:
            return value
        nearest = difflib.get_close_matches(str(value), words, n=1)
        raise vol.Invalid(f"did you mean {nearest[0]!r}?" if nearest else f"write one of: {', '.join(words)}")

    return check


def number(least: float, most: float = math.inf) -> Callable[[object], float]:
    """A number from `least` to `most`."""
    upper = "on" if math.isinf(most) else f"to {most:g}"

    def check(value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        raise vol.Invalid(f"write a number from {least:g} {upper}")

    return check


def instant(value: object) -> datetime:
    """A date and time, of UTC where it has no offset."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    raise vol.Invalid("write a date and time without quotes, as in 2026-06-21T08:00:00Z")


def time_zone(value: object) -> str:
    """A name of the IANA data base."""
    if isinstance(value, str) and value in available_timezones():
        return value
    raise vol.Invalid("write a time zone as in 'Europe/Brussels'")


def cloud_cover(value: object) -> float | None:
    """How much of the sky is covered, None for chance."""
    if value == BY_CHANCE:
        return None
    try:
        return number(0.0, 1.0)(value)
    except vol.Invalid as error:
        raise vol.Invalid(f"{error}, or '{BY_CHANCE}'") from error


def whole(value: object) -> int:
    """A whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise vol.Invalid("write a whole number")


def text(value: object) -> str:
    """Some text."""
    if isinstance(value, str):
        return value
    raise vol.Invalid("write text in quotes")


def serial_number(value: object) -> str:
    """Ten digits, as text."""
    if isinstance(value, str) and len(value) == SERIAL_DIGITS and value.isdecimal():
        return value
    raise vol.Invalid("write ten digits in quotes, as in '5010001234'")


def on_or_off(value: object) -> bool:
    """A truth value."""
    if isinstance(value, bool):
        return value
    raise vol.Invalid("write true or false")


@dataclass(frozen=True, slots=True)
class Word:
    """A key that makes an event: what its value must be, which keys go with it, and what happens then."""

    value: Callable[[object], object]
    happening: Callable[[Values], Happening]
    companions: Mapping[vol.Marker, Callable[[object], object]] = field(default_factory=dict)


_ON: Final[Mapping[vol.Marker, Callable[[object], object]]] = {vol.Required("on"): on_or_off}

WORDS: Final = {
    "fault": Word(
        one_of(Fault), lambda v: Failure(Fault(v["fault"]), v.get("duration")), {vol.Optional("duration"): seconds}
    ),
    "plug": Word(whole, lambda v: PlugCommand(v["plug"], on=v["on"]), _ON),
    "relay": Word(text, lambda v: RelayCommand(v["relay"], on=v["on"]), _ON),
    "circuit": Word(text, lambda v: Connection(v["circuit"], on=v["on"]), _ON),
    "start": Word(text, lambda v: Start(v["start"])),
    "car_at": Word(text, lambda v: CarArrival(v["car_at"])),
    "charge_limit_a": Word(number(0.0), lambda v: ChargeLimit(v["charge_limit_a"])),
    "cloud": Word(cloud_cover, lambda v: Weather(v["cloud"])),
    "leak_l_per_h": Word(number(0.0), lambda v: Leak(v["leak_l_per_h"])),
    "output_modules": Word(
        one_of(BEHAVIOURS),
        lambda v: ModuleBehaviour(BEHAVIOURS[v["output_modules"]](v.get("delay", 0.0))),
        {vol.Optional("delay"): seconds},
    ),
}

COMPANIONS: Final = frozenset(str(key) for word in WORDS.values() for key in word.companions)

SITE: Final = {
    vol.Required("like"): one_of(SITES),
    vol.Optional("serial_number"): serial_number,
    vol.Optional("time_zone"): time_zone,
    vol.Optional("latitude"): number(-90.0, 90.0),
    vol.Optional("longitude"): number(-180.0, 180.0),
}

SITE_NAME: Final = {vol.Required("site"): one_of(SITES)}

HEAD: Final = {
    vol.Optional("profile"): one_of(GatewayKind),
    vol.Optional("seed"): whole,
    vol.Optional("start"): instant,
    vol.Optional("speed"): number(0.001),
}


def event_schema(word: str) -> vol.Schema:
    """What may stand in an event of this kind."""
    return vol.Schema({vol.Required("at"): seconds, vol.Required(word): WORDS[word].value, **WORDS[word].companions})
