"""Checks of gateways, one by one and together."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import voluptuous as vol

from energy_control.running import Settings as RunningSettings
from openhab_bridge.configuration.brokers import broker_fields, from_keys, from_url, is_text
from openhab_bridge.configuration.checks import (
    Check,
    likely,
    matching,
    partly,
    section,
    shown,
    text,
)
from openhab_bridge.configuration.loads import LOADS, RUNNING, parents
from openhab_bridge.configuration.paths import Folder, modules_in
from openhab_bridge.settings import GatewaySettings
from smappee_gateway.modules import NO_MODULES, Modules
from smappee_gateway.told_loads import ToldLoads

SERIAL: Final = matching(re.compile(r"[0-9]{6,20}"), "the serial number on the gateway, digits only")


class _Keys(msgspec.Struct, frozen=True, kw_only=True):
    """What is written about a gateway, beside its broker; valid key by key."""

    serial: str | None = None
    time_zone: str = "UTC"
    batteries: frozenset[str] = frozenset()
    cars: frozenset[str] = frozenset()
    parents: dict[str, str] = {}
    running: dict[str, RunningSettings] = {}
    modules: Path | None = None


def gateways(folder: Folder) -> Check[tuple[GatewaySettings, ...]]:
    """Return a check of all gateways."""
    collect = partly(gateway(folder), "gateways")

    def check(value: object) -> tuple[GatewaySettings, ...]:
        good, errors = collect(value)
        if not good and not errors:
            raise vol.Invalid("is empty; name at least one gateway")
        errors += _in_each_others_way(good)
        if errors:
            raise vol.MultipleInvalid(errors)
        return tuple(good.values())

    return check


def gateway(folder: Folder) -> Check[GatewaySettings]:
    """Return a check of one gateway: a URL, or keys."""
    keys = section({**broker_fields(folder), **_own_fields(folder)}, _gateway)
    return lambda value: GatewaySettings(broker=from_url(value)) if is_text(value) else keys(value)


def _own_fields(folder: Folder) -> Mapping[vol.Marker, object]:
    return {
        vol.Optional("serial"): SERIAL,
        vol.Optional("time_zone"): time_zone,
        vol.Optional("batteries"): LOADS,
        vol.Optional("cars"): LOADS,
        vol.Optional("parents"): parents,
        vol.Optional("running"): RUNNING,
        vol.Optional("modules"): folder.modules_file,
    }


def time_zone(value: object) -> str:
    """Check the IANA name of a time zone."""
    name = text(value)
    try:
        return ZoneInfo(name).key
    except (KeyError, OSError, ValueError):  # unknown; a folder of zones; a path
        raise vol.Invalid(f"{shown(value)} is no time zone of this system; {_advice(name)}") from None


def _advice(name: str) -> str:
    zones = available_timezones()
    if not zones:
        return "it has none at all: install the package tzdata"
    return likely(name, zones).strip() or "one is Europe/Brussels"


def _gateway(keys: Mapping[str, object]) -> GatewaySettings:
    written = msgspec.convert(keys, _Keys)
    return GatewaySettings(
        broker=from_keys(keys),
        serial=written.serial,
        time_zone=written.time_zone,
        loads=ToldLoads(batteries=written.batteries, cars=written.cars, parents=written.parents),
        running=written.running,
        modules=_modules(written),
    )


def _modules(written: _Keys) -> Modules:
    """Read the modules once more, now that it is known which gateway they hang on."""
    if written.modules is None:
        return NO_MODULES
    try:
        return modules_in(written.modules, written.serial or "")
    except vol.MultipleInvalid as errors:
        errors.prepend(["modules"])
        raise


def _in_each_others_way(gateways: Mapping[int, GatewaySettings]) -> Iterator[vol.Invalid]:
    """Say which gateways cannot be told apart."""
    serials = _alike({index: told.serial for index, told in gateways.items() if told.serial is not None})
    for first, *others in serials:
        for index in others:
            yield vol.Invalid(f"gateways[{first}] has this serial, too; name each gateway once", path=[index])
    for together in _alike({index: told.broker.address.lower() for index, told in gateways.items()}):
        for index in together:
            if gateways[index].serial is None:
                alike = ", ".join(f"gateways[{other}]" for other in together if other != index)
                yield vol.Invalid(
                    f"needs host and serial: its address is that of {alike}, too; add its serial", [index]
                )


def _alike(names: Mapping[int, str]) -> list[list[int]]:
    """Return the positions that have a name in common with others."""
    positions = defaultdict[str, list[int]](list)
    for index, name in names.items():
        positions[name].append(index)
    return [alike for alike in positions.values() if len(alike) > 1]
