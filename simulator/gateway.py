"""The gateway: boots, measures each second, publishes, obeys, and fails on request."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from simulator.effects import Publisher
from simulator.faults import Fault, InjectedFault
from simulator.genius import AGGREGATION_S, plug_state, presence
from simulator.house import House
from simulator.location import ServiceLocation
from simulator.message import Message
from simulator.plugs import PlugState, commanded_plug, commanded_state
from simulator.reading import SiteAverage
from simulator.sites import NEIGHBOUR, child_of

# When each document follows the start, ms after a whole second, as the time stamps inside the captured ones tell
# (protocol facts 3.3); presence and plugs carry no such stamp and come after them.
CONFIG_MS: Final = 87
SENSOR_CONFIG_MS: Final = 956
HOME_CONTROL_CONFIG_MS: Final = 3040
CHANNEL_CONFIG_MS: Final = 3280
PRESENCE_MS: Final = 3400
PLUGS_MS: Final = 3450
REALTIME_AFTER_MS: Final = 4000
LATE_DOCUMENTS_MS: Final = 5000

_PERIOD_MS: Final = AGGREGATION_S * 1000

type Write = Callable[[int], bytes]
"""Writes a document for its time, ms UTC."""

type Scheduled = tuple[int, str, Write]
"""A document to come: when (ms), topic, contents."""


class Gateway:
    """A Genius on `house`. It does no input or output: `step` and `handle` return what is to be published.

    `location` is its own service location, with the readings before any rounding; `seed` sets the lifetime counters it
    begins with.
    """

    def __init__(self, house: House, *, seed: int = 1) -> None:
        self.house = house
        self.plugs = {plug.node_id: PlugState(on=False, since_ms=house.now_ms) for plug in house.site.plugs}
        self._seed = seed
        self.location = ServiceLocation(house.site, house, seed=seed)
        self._locations = [self.location]
        self._faults: list[InjectedFault] = []
        self._pending: list[Scheduled] = []
        self._told_presence: bool | None = None
        self._realtime_from_ms = 0
        self._powered = True
        self.boot()

    @property
    def occurred(self) -> Counter[Fault]:
        """How often each injected fault has really shown itself."""
        return Counter(injected.fault for injected in self._faults if injected.effect.happened)

    def topic(self, name: str) -> str:
        """The full topic of `name`, such as ``realtime``, in the gateway's own service location."""
        return self.location.topic(name)

    def step(self) -> list[Message]:
        """Live on for one second and return its messages in the order of their time."""
        for injected in self._faults:
            injected.turn(self.house.now_ms)
        averages = self._measure(1.0)
        own = self._altered(self._messages(averages)) if self._powered else []
        others = [message for injected in self._active() for message in injected.effect.others()]
        return sorted(own + others, key=lambda message: message.at_ms)

    def fast_forward(self, hours: float, *, step_s: float = 10.0) -> None:
        """Live on for `hours` without publishing, in steps of `step_s`, then boot. Inject faults afterwards."""
        end_ms = self.house.now_ms + round(hours * 3600) * 1000
        while self.house.now_ms < end_ms:
            self._measure(min(step_s, (end_ms - self.house.now_ms) / 1000))
        self.boot()

    def handle(self, topic: str, payload: bytes) -> list[Message]:
        """Take a client's message and return the answers; what is no valid command is ignored."""
        node_id = commanded_plug(topic, self.house.site.identity.location_uuid)
        on = commanded_state(payload)
        if not self._powered or node_id not in self.plugs or on is None:
            return []
        self.house.switch(node_id, on=on)
        self.plugs[node_id] = PlugState(on=on, since_ms=self.house.now_ms)
        topic, write = self._plug_document(node_id)
        return self._altered([_retained(topic, write, self.house.now_ms)])

    def inject(self, fault: Fault, *, after_s: float = 0.0, duration_s: float | None = None) -> None:
        """Let `fault` happen `after_s` simulated seconds from now, for `duration_s` or its usual duration."""
        self._faults.append(InjectedFault(fault, self, self.house.now_ms + 1000.0 * after_s, duration_s))

    def power_off(self) -> None:
        """Stop at once: nothing is measured, counted, published or obeyed until `boot`."""
        self._powered = False
        self._pending.clear()

    def boot(self, *, realtime_first: bool = False) -> None:
        """Start (again): publish every document, then measure; the other way round with `realtime_first`."""
        self._powered = True
        self._told_presence = None
        delay_ms = LATE_DOCUMENTS_MS if realtime_first else 0
        self._realtime_from_ms = self.house.now_ms + (0 if realtime_first else REALTIME_AFTER_MS)
        self._pending = [
            (self.house.now_ms + delay_ms + after_ms, topic, write)
            for location in self._locations
            for after_ms, topic, write in self._documents(location)
        ]

    def clear_counters(self) -> None:
        """Let every energy counter begin at zero."""
        for location in self._locations:
            location.counters.clear()

    def add_child(self) -> None:
        """Report a second service location from now on: a change in the portal, so the gateway boots."""
        self._locations.append(ServiceLocation(child_of(self.house.site), self.house, seed=self._seed))
        self.boot()

    def neighbour(self) -> Publisher:
        """The neighbours' gateway, living in step with this one."""
        start = datetime.fromtimestamp(self.house.now_ms / 1000, UTC)
        return Gateway(House(NEIGHBOUR, seed=self._seed, start=start), seed=self._seed)

    def _documents(self, location: ServiceLocation) -> list[Scheduled]:
        wire = location.wire
        documents: list[Scheduled] = [
            (CONFIG_MS, location.topic("config"), wire.config),
            (SENSOR_CONFIG_MS, location.topic("sensorConfig"), wire.sensor_config),
            (HOME_CONTROL_CONFIG_MS, location.topic("homeControlConfig"), wire.home_control_config),
            (CHANNEL_CONFIG_MS, location.topic("channelConfigV2"), wire.channel_config),
        ]
        if location is self.location:
            documents += [(PRESENCE_MS, self.topic("presence"), self._write_presence)]
            documents += [(PLUGS_MS, *self._plug_document(node_id)) for node_id in self.plugs]
        return documents

    def _write_presence(self, _: int) -> bytes:
        self._told_presence = self.house.somebody_is_home
        return presence(somebody=self._told_presence)

    def _plug_document(self, node_id: int) -> tuple[str, Write]:
        def write(_: int) -> bytes:
            plug = self.plugs[node_id]
            return plug_state(on=plug.on, since_ms=plug.since_ms)

        return self.topic(f"plug/{node_id}/state"), write

    def _measure(self, seconds: float) -> list[tuple[ServiceLocation, SiteAverage]]:
        """Live on; return the averages of a period that has just ended."""
        period = self.house.now_ms // _PERIOD_MS
        self.house.step(seconds)
        if self._powered:
            for location in self._locations:
                location.measure(seconds)
        next_period = self.house.now_ms // _PERIOD_MS
        if next_period == period:
            return []
        ended = [(location, location.averages.close(next_period * _PERIOD_MS)) for location in self._locations]
        return [(location, average) for location, average in ended if average]

    def _messages(self, averages: list[tuple[ServiceLocation, SiteAverage]]) -> list[Message]:
        now_ms = self.house.now_ms
        messages = self._due_documents() + self._presence_if_changed()
        if now_ms >= self._realtime_from_ms:
            messages += [
                Message(location.topic("realtime"), location.wire.realtime(location.reading(now_ms)), now_ms)
                for location in self._locations
            ]
        messages += [
            Message(location.topic("aggregated"), location.wire.aggregated(average), now_ms)
            for location, average in averages
        ]
        return messages

    def _due_documents(self) -> list[Message]:
        now_ms = self.house.now_ms
        due = [_retained(topic, write, at_ms) for at_ms, topic, write in self._pending if at_ms <= now_ms]
        self._pending = [document for document in self._pending if document[0] > now_ms]
        return due

    def _presence_if_changed(self) -> list[Message]:
        if self._told_presence in {None, self.house.somebody_is_home}:
            return []
        return [_retained(self.topic("presence"), self._write_presence, self.house.now_ms)]

    def _altered(self, messages: list[Message]) -> list[Message]:
        # What is cut off can be altered no more, so that comes last.
        for injected in sorted(self._active(), key=lambda injected: injected.fault is Fault.BROKEN_JSON):
            messages = injected.effect.alter(messages)
        return messages

    def _active(self) -> list[InjectedFault]:
        return [injected for injected in self._faults if injected.active]


def _retained(topic: str, write: Write, at_ms: int) -> Message:
    return Message(topic, write(at_ms), at_ms, retain=True)
