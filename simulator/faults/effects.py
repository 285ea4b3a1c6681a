"""How a fault acts: on the gateway when it begins and ends, and on the messages in between.

Here are those that concern the gateway as a whole; `effects_content` spoils what messages say, `effects_order` when and
how often they come.
"""

from typing import Protocol, override

from simulator.gateway.message import Message


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

    @property
    def lingers(self) -> bool:
        """Whether it still acts on messages after its end, to give back what it has held."""
        return False

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
