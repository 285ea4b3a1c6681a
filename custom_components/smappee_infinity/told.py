"""What the owner has told in the options, beside the update interval."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ._vendor.energy_control import running
from ._vendor.smappee_gateway.told_loads import ToldLoads
from .const import (
    CONF_BATTERIES,
    CONF_CARS,
    CONF_DIGITAL_METER,
    CONF_OFF_DELAY,
    CONF_ON_DELAY,
    CONF_PARENTS,
    CONF_RUNNING,
    CONF_THRESHOLD,
)

type Options = Mapping[str, Any]


class Told(NamedTuple):
    """When any of it changes, the entry is set up anew."""

    loads: ToldLoads
    running: Mapping[str, running.Settings]
    """By load; others have the usual ones."""
    registers: Mapping[str, str]
    """By data point: the entity of another integration that tells it."""


def told(options: Options) -> Told:
    """Read the options of an entry."""
    loads = ToldLoads(
        batteries=frozenset(options.get(CONF_BATTERIES, ())),
        cars=frozenset(options.get(CONF_CARS, ())),
        parents=options.get(CONF_PARENTS, {}),
    )
    by_load: Mapping[str, Options] = options.get(CONF_RUNNING, {})
    return Told(
        loads=loads,
        running={load: running_settings(values) for load, values in by_load.items()},
        registers=options.get(CONF_DIGITAL_METER, {}),
    )


def running_settings(values: Options) -> running.Settings:
    """Read when one load counts as running."""
    return running.Settings(
        threshold_w=values[CONF_THRESHOLD], on_delay_s=values[CONF_ON_DELAY], off_delay_s=values[CONF_OFF_DELAY]
    )
