"""Faults in what messages say. They act on the wire form of every kind of gateway."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypedDict, override

from simulator.faults.effects import Effect, Target
from simulator.gateway.message import Message, compact
from simulator.gateway.solar_monitor import signed_32_bit

GARBAGE_J: Final = 9_000_000_000_000_000
"""2.5 TWh: a multiple of 3600 that no house ever counts."""

WRAP_MARGIN_J: Final = 360_000
_INT32: Final = 2**31
_CHANNEL_KEYS: Final = {"publishIndex", "ctInput", "formula", "phaseId"}
"""What tells which channel it is, and no measurement."""


class _ChannelPower(TypedDict):
    importEnergy: int
    exportEnergy: int


class _Voltage(TypedDict):
    voltage: int


class _Realtime(TypedDict):
    channelPowers: list[_ChannelPower]
    voltages: list[_Voltage]


class EachRealtime(Effect, ABC):
    """Changes every ``realtime`` while it lasts."""

    @override
    def alter(self, messages: list[Message]) -> list[Message]:
        return [self.change(message) if is_realtime(message) else message for message in messages]

    @abstractmethod
    def change(self, message: Message) -> Message:
        """Return what comes in place of `message`."""


class FrozenTime(EachRealtime):
    """``realtime`` comes each second, but always the same one."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._last: dict[str, bytes] = {}

    @override
    def change(self, message: Message) -> Message:
        frozen = self._last.setdefault(message.topic, message.payload)
        self.happened = self.happened or frozen != message.payload
        return replace(message, payload=frozen)


class VoltageZero(EachRealtime):
    """The first phase reads 0 V, as an unconnected one does; everything else goes on."""

    @override
    def change(self, message: Message) -> Message:
        def disconnect(document: _Realtime) -> None:
            first = document["voltages"][0]
            self.happened = self.happened or first["voltage"] != 0
            first["voltage"] = 0

        return _edited(message, disconnect)


class NullValues(EachRealtime):
    """Null in place of every number of the first channel and of every voltage (not seen on a device)."""

    @override
    def change(self, message: Message) -> Message:
        document = json.loads(message.payload)
        first = document["channelPowers"][0]
        first.update(dict.fromkeys(first.keys() - _CHANNEL_KEYS))
        for voltage in document["voltages"]:
            voltage["voltage"] = None
        self.happened = True
        return replace(message, payload=compact(document))


class Wrap32Bit(EachRealtime):
    """The gateway restarts with signed 32-bit counters, each ``importEnergy`` 100 Wh below 2^31; totals stay healthy.

    It has happened when a counter has turned negative (protocol facts 7, pitfall 1, captured from a Solar).
    """

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._offsets: dict[tuple[str, int], int] = {}

    @override
    def begin(self) -> None:
        self.target.boot()

    @override
    def change(self, message: Message) -> Message:
        def narrow(document: _Realtime) -> None:
            for position, channel in enumerate(document["channelPowers"]):
                imported = channel["importEnergy"]
                offset = self._offsets.setdefault((message.topic, position), _INT32 - WRAP_MARGIN_J - imported)
                channel["importEnergy"] = signed_32_bit(imported + offset)
                channel["exportEnergy"] = signed_32_bit(channel["exportEnergy"])
                self.happened = self.happened or channel["importEnergy"] < 0

        return _edited(message, narrow)


class OneBad(Effect, ABC):
    """Spoils one message of a kind."""

    @override
    def alter(self, messages: list[Message]) -> list[Message]:
        return [self._spoil_once(message) if self.concerns(message) else message for message in messages]

    def _spoil_once(self, message: Message) -> Message:
        if self.happened:
            return message
        self.happened = True
        return self.spoil(message)

    def concerns(self, message: Message) -> bool:
        """Whether it is of that kind: ``realtime`` unless told otherwise."""
        return is_realtime(message)

    @abstractmethod
    def spoil(self, message: Message) -> Message:
        """Return the bad message in place of a good one."""


class GarbageCounter(OneBad):
    """One absurdly high ``importEnergy`` in the first channel."""

    @override
    def spoil(self, message: Message) -> Message:
        def exaggerate(document: _Realtime) -> None:
            document["channelPowers"][0]["importEnergy"] += GARBAGE_J

        return _edited(message, exaggerate)


class BrokenJson(OneBad):
    """One message cut off in the middle."""

    @override
    def spoil(self, message: Message) -> Message:
        return replace(message, payload=message.payload[: len(message.payload) // 2])


class BrokenConfig(OneBad):
    """The gateway restarts and tells its channels in a document that is cut off, as the vendor's own example is."""

    @override
    def begin(self) -> None:
        self.target.boot()

    @override
    def concerns(self, message: Message) -> bool:
        return message.topic.endswith(("/channelConfig", "/channelConfigV2"))

    @override
    def spoil(self, message: Message) -> Message:
        return replace(message, payload=message.payload[: len(message.payload) * 2 // 3])


def is_realtime(message: Message) -> bool:
    """Whether it is a ``realtime`` of any location."""
    return message.topic.endswith("/realtime")


def _edited(message: Message, edit: Callable[[_Realtime], None]) -> Message:
    document = json.loads(message.payload)
    edit(document)
    return replace(message, payload=compact(document))
