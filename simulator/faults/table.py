"""The table of faults: name, effect, usual duration."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from simulator.faults import content, effects, order


class Fault(StrEnum):
    """What can go wrong; the value is the name on the command line."""

    REBOOT = "reboot"
    REBOOT_REALTIME_FIRST = "reboot-realtime-first"
    COUNTER_RESET = "counter-reset"
    SILENCE = "silence"
    FROZEN_TIME = "frozen-time"
    GARBAGE_COUNTER = "garbage-counter"
    BROKEN_JSON = "broken-json"
    WRAP_32_BIT = "wrap-32-bit"
    CHILD_LOCATION = "child-location"
    SECOND_GATEWAY = "second-gateway"
    LATE_BACKLOG = "late-backlog"
    VOLTAGE_ZERO = "voltage-zero"
    NULL_VALUES = "null-values"
    DUPLICATE = "duplicate"
    OUT_OF_ORDER = "out-of-order"
    BROKEN_CONFIG = "broken-config"


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """How a fault acts and for how long, in simulated seconds, unless told otherwise."""

    effect: type[effects.Effect]
    duration_s: float


FAULTS: Final = {
    Fault.REBOOT: FaultSpec(effects.Reboot, 40.0),
    Fault.REBOOT_REALTIME_FIRST: FaultSpec(effects.RebootRealtimeFirst, 40.0),
    Fault.COUNTER_RESET: FaultSpec(effects.CounterReset, 40.0),
    Fault.SILENCE: FaultSpec(effects.Silence, 60.0),
    Fault.FROZEN_TIME: FaultSpec(content.FrozenTime, 60.0),
    Fault.GARBAGE_COUNTER: FaultSpec(content.GarbageCounter, math.inf),
    Fault.BROKEN_JSON: FaultSpec(content.BrokenJson, math.inf),
    Fault.WRAP_32_BIT: FaultSpec(content.Wrap32Bit, math.inf),
    Fault.CHILD_LOCATION: FaultSpec(effects.ChildLocation, math.inf),
    Fault.SECOND_GATEWAY: FaultSpec(effects.SecondGateway, math.inf),
    Fault.LATE_BACKLOG: FaultSpec(order.LateBacklog, 900.0),
    Fault.VOLTAGE_ZERO: FaultSpec(content.VoltageZero, 60.0),
    Fault.NULL_VALUES: FaultSpec(content.NullValues, 10.0),
    Fault.DUPLICATE: FaultSpec(order.Duplicate, 60.0),
    Fault.OUT_OF_ORDER: FaultSpec(order.OutOfOrder, 60.0),
    Fault.BROKEN_CONFIG: FaultSpec(content.BrokenConfig, math.inf),
}


class InjectedFault:
    """A fault with its time: waiting, begun, ended."""

    def __init__(self, fault: Fault, target: effects.Target, begin_ms: float, duration_s: float | None) -> None:
        spec = FAULTS[fault]
        self.fault = fault
        self.effect = spec.effect(target)
        self._running = False
        self._begin_ms = begin_ms
        self._end_ms = begin_ms + 1000.0 * (spec.duration_s if duration_s is None else duration_s)

    @property
    def active(self) -> bool:
        """Whether it acts on messages."""
        return self._running or self.effect.lingers

    def turn(self, now_ms: int) -> None:
        """Begin or end when the time has come."""
        if not self._running and self._begin_ms <= now_ms < self._end_ms:
            self._running = True
            self.effect.begin()
        elif self._running and now_ms >= self._end_ms:
            self._running = False
            self.effect.end()
