"""Faults in when messages come, and how often."""

import json
from abc import ABC
from dataclasses import replace
from typing import override

from simulator.faults.content import is_realtime
from simulator.faults.effects import Effect, Target
from simulator.gateway.message import Message, compact


class Duplicate(Effect):
    """Every message comes twice, as QoS 1 allows (not seen on a device)."""

    @override
    def alter(self, messages: list[Message]) -> list[Message]:
        self.happened = self.happened or bool(messages)
        return [message for message in messages for _ in range(2)]


class Holding(Effect, ABC):
    """Holds messages back; what it still holds at its end it gives back with the next that come."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.held: list[Message] = []
        self.ended = False

    @property
    @override
    def lingers(self) -> bool:
        return self.ended and bool(self.held)

    @override
    def end(self) -> None:
        self.ended = True


class OutOfOrder(Holding):
    """Of every two ``realtime`` the later one comes first (not seen on a device)."""

    @override
    def alter(self, messages: list[Message]) -> list[Message]:
        return [each for message in messages for each in (self._swap(message) if is_realtime(message) else [message])]

    def _swap(self, message: Message) -> list[Message]:
        earlier = next((held for held in self.held if held.topic == message.topic), None)
        if earlier is not None:
            self.held.remove(earlier)
            self.happened = True
            return [message, replace(earlier, at_ms=message.at_ms)]
        if self.ended:
            return [message]
        self.held.append(message)
        return []


class LateBacklog(Holding):
    """Silence, then the averages of all the intervals it lasted: ``aggregated`` in one message (inferred)."""

    @override
    def alter(self, messages: list[Message]) -> list[Message]:
        if self.ended and messages:
            return [*self._backlog(messages[0].at_ms), *messages]
        self.held += [message for message in messages if message.topic.split("/")[2].startswith("aggregated")]
        return []

    def _backlog(self, at_ms: int) -> list[Message]:
        """``aggregated`` merged, its intervals carry their own time; those of sensors one after the other."""
        backlog: dict[str, Message] = {}
        others = []
        for message in self.held:
            if not message.topic.endswith("/aggregated"):
                others.append(message)
            elif message.topic in backlog:
                backlog[message.topic] = _joined(backlog[message.topic], message)
                self.happened = True
            else:
                backlog[message.topic] = message
        self.held.clear()
        return [replace(message, at_ms=at_ms) for message in [*backlog.values(), *others]]


def _joined(earlier: Message, later: Message) -> Message:
    intervals = [*json.loads(earlier.payload)["intervalDatas"], *json.loads(later.payload)["intervalDatas"]]
    return replace(later, payload=compact({"intervalDatas": intervals}))
