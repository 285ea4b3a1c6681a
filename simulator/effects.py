"""How each fault acts: on the gateway when it begins and ends, and on the messages in between."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol, TypedDict, override

from simulator.message import Message, compact

GARBAGE_J: Final = 9_000_000_000_000_000
"""2.5 TWh: a multiple of 3600 that no house ever counts."""

WRAP_MARGIN_J: Final = 360_000
_INT32: Final = 2**31


class Publisher(Protocol):
    """Something that publishes, second by second."""

    def step(self) -> list[Message]:
        """The messages of the next second."""
        ...


class Target(Protocol):
    """What a fault can do to a gateway."""

    def power_off(self) -> None:
        """Stop at once."""

    def boot(self, *, realtime_first: bool = False) -> None:
        """Start (again), with a new boot time stamp."""

    def clear_counters(self) -> None:
        """Forget all energy."""

    def add_child(self) -> None:
        """Report a second service location."""

    def neighbour(self) -> Publisher:
        """Another gateway, living in step with this one."""
        ...


class Effect:
    """One injected fault. ``happened`` tells whether it has really shown itself."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.happened = False

    def begin(self) -> None:
        """Act when the fault sets in."""

    def alter(self, messages: list[Message]) -> list[Message]:
        """Act on the gateway's messages while the fault lasts."""
        return messages

    def others(self) -> list[Message]:
        """What others publish in this second, while the fault lasts."""
        return []

    def end(self) -> None:
        """Act when the fault is over."""


class Reboot(Effect):
    """Power fails, the gateway starts again with a new ``config.utcTimeStamp``; meanwhile it counts nothing."""

    @override
    def begin(self) -> None:
        self.target.power_off()

    @override
    def end(self) -> None:
        self.target.boot()
        self.happened = True


class RebootRealtimeFirst(Reboot):
    """As `Reboot`, but ``realtime`` is back before ``config``."""

    @override
    def end(self) -> None:
        self.target.boot(realtime_first=True)
        self.happened = True


class CounterReset(Reboot):
    """As `Reboot`, and every energy counter begins at zero."""

    @override
    def end(self) -> None:
        self.target.clear_counters()
        super().end()


class Silence(Effect):
    """The connection stays up and nothing comes; the gateway goes on counting."""

    @override
    def alter(self, messages: list[Message]) -> list[Message]:
        self.happened = self.happened or bool(messages)
        return []


class FrozenTime(Effect):
    """``realtime`` comes each second, but always the same one."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._last: dict[str, bytes] = {}

    @override
    def alter(self, messages: list[Message]) -> list[Message]:
        return [self._freeze(message) if _is_realtime(message) else message for message in messages]

    def _freeze(self, message: Message) -> Message:
        frozen = self._last.setdefault(message.topic, message.payload)
        self.happened = self.happened or frozen != message.payload
        return replace(message, payload=frozen)


class OneBad(Effect, ABC):
    """Spoils one ``realtime``."""

    @override
    def alter(self, messages: list[Message]) -> list[Message]:
        return [self._spoil_once(message) if _is_realtime(message) else message for message in messages]

    def _spoil_once(self, message: Message) -> Message:
        if self.happened:
            return message
        self.happened = True
        return replace(message, payload=self.spoil(message.payload))

    @abstractmethod
    def spoil(self, payload: bytes) -> bytes:
        """Return the bad payload in place of a good one."""


class GarbageCounter(OneBad):
    """One absurdly high ``importEnergy`` in the first channel."""

    @override
    def spoil(self, payload: bytes) -> bytes:
        def exaggerate(document: _Realtime) -> None:
            document["channelPowers"][0]["importEnergy"] += GARBAGE_J

        return _edited(payload, exaggerate)


class BrokenJson(OneBad):
    """One message cut off in the middle."""

    @override
    def spoil(self, payload: bytes) -> bytes:
        return payload[: len(payload) // 2]


class Wrap32Bit(Effect):
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
    def alter(self, messages: list[Message]) -> list[Message]:
        return [self._narrow(message) if _is_realtime(message) else message for message in messages]

    def _narrow(self, message: Message) -> Message:
        def narrow(document: _Realtime) -> None:
            for channel in document["channelPowers"]:
                key = (message.topic, channel["publishIndex"])
                offset = self._offsets.setdefault(key, _INT32 - WRAP_MARGIN_J - channel["importEnergy"])
                channel["importEnergy"] = _signed_32_bit(channel["importEnergy"] + offset)
                channel["exportEnergy"] = _signed_32_bit(channel["exportEnergy"])
                self.happened = self.happened or channel["importEnergy"] < 0

        return replace(message, payload=_edited(message.payload, narrow))


class ChildLocation(Effect):
    """The gateway reports a second service location: its largest load, with numbers of its own."""

    @override
    def begin(self) -> None:
        self.target.add_child()

    @override
    def alter(self, messages: list[Message]) -> list[Message]:
        locations = {message.topic.split("/")[1] for message in messages}
        self.happened = self.happened or len(locations) > 1
        return messages


class SecondGateway(Effect):
    """The neighbours' gateway is on the same broker."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._neighbour: Publisher | None = None

    @override
    def begin(self) -> None:
        self._neighbour = self.target.neighbour()

    @override
    def others(self) -> list[Message]:
        messages = self._neighbour.step() if self._neighbour else []
        self.happened = self.happened or bool(messages)
        return messages


class _ChannelPower(TypedDict):
    publishIndex: int
    importEnergy: int
    exportEnergy: int


class _Realtime(TypedDict):
    channelPowers: list[_ChannelPower]


def _is_realtime(message: Message) -> bool:
    return message.topic.endswith("/realtime")


def _edited(payload: bytes, edit: Callable[[_Realtime], None]) -> bytes:
    document = json.loads(payload)
    edit(document)
    return compact(document)


def _signed_32_bit(value: int) -> int:
    return (value + _INT32) % 2**32 - _INT32
