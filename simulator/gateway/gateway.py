"""The gateway: boots, measures each second, publishes, obeys, and fails on request."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final, NamedTuple

from simulator.faults.effects import Publisher
from simulator.faults.table import Fault, InjectedFault
from simulator.gateway.location import ServiceLocation
from simulator.gateway.message import Message
from simulator.gateway.profile import BootDocument
from simulator.gateway.profiles import PROFILES
from simulator.gateway.provider import Provider, Publication, merged_entries
from simulator.gateway.reading import AGGREGATION_S
from simulator.house.agenda import Agenda
from simulator.house.house import House
from simulator.sites.table import NEIGHBOUR, child_of

PROVIDERS_APART_MS: Final = 50
LATE_DOCUMENTS_MS: Final = 5000

_PERIOD_MS: Final = AGGREGATION_S * 1000


class Scheduled(NamedTuple):
    """A document to come: when (ms UTC), in which location, and what."""

    at_ms: int
    location: ServiceLocation
    publication: Publication


class Gateway:
    """The gateway of `house`, of the kind that its site names.

    It does no input or output: `step` and `handle` return what is to be published. `location` is its own service
    location, with the readings before any rounding; `agenda` is what will happen in the next steps; `seed` sets the
    lifetime counters it begins with. Raises ValueError for a serial number of another kind.
    """

    def __init__(self, house: House, *, seed: int = 1) -> None:
        self.house = house
        self.agenda = Agenda()
        self.profile = PROFILES[house.site.gateway]
        self.profile.check_serial(house.site.identity.serial_number)
        self.providers = [provider(house) for provider in self.profile.providers]
        self._seed = seed
        entries = merged_entries(self.providers)
        self.location = ServiceLocation(house.site, house, self.profile, entries, seed=seed)
        self._locations = [self.location]
        self._faults: list[InjectedFault] = []
        self._pending: list[Scheduled] = []
        self._answers: list[Message] = []
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
        self.agenda.act(self.house.now_ms)
        for injected in self._faults:
            injected.turn(self.house.now_ms)
        of_period = self._measure(1.0)
        own = self._altered(self._messages() + of_period) if self._powered else []
        others = [message for injected in self._active() for message in injected.effect.others()]
        answers, self._answers = self._answers, []
        return sorted(answers + own + others, key=lambda message: message.at_ms)

    def fast_forward(self, hours: float, *, step_s: float = 10.0) -> None:
        """Live on for `hours` without publishing, in steps of `step_s`, then boot. Inject faults afterwards."""
        end_ms = self.house.now_ms + round(hours * 3600) * 1000
        while self.house.now_ms < end_ms:
            self._measure(min(step_s, (end_ms - self.house.now_ms) / 1000))
        self.boot()

    @property
    def commands(self) -> list[str]:
        """The topic filters on which clients command it."""
        return sorted({self.topic(name) for provider in self.providers for name in provider.commands})

    def handle(self, topic: str, payload: bytes) -> list[Message]:
        """Take a client's message and return the answers; what is no valid command is ignored."""
        prefix = self.topic("")
        if not self._powered or not topic.startswith(prefix):
            return []
        for provider in self.providers:
            answers = provider.handle(topic.removeprefix(prefix), payload)
            if answers is not None:
                return self._altered(self._now(answers))
        return []

    def command(self, name: str, payload: bytes) -> None:
        """Take a client's message on the topic `name`, such as ``plug/1/setstate``; the next `step` has the answers."""
        self._answers += self.handle(self.topic(name), payload)

    def provider[Kind: Provider](self, kind: type[Kind]) -> Kind:
        """The provider of a `kind`. Raises LookupError where this kind of gateway has none."""
        for provider in self.providers:
            if isinstance(provider, kind):
                return provider
        raise LookupError(f"a {self.profile.title} has no {kind.__name__}")

    def inject(self, fault: Fault, *, after_s: float = 0.0, duration_s: float | None = None) -> None:
        """Let `fault` happen `after_s` simulated seconds from now, for `duration_s` or its usual duration."""
        self._faults.append(InjectedFault(fault, self, self.house.now_ms + 1000.0 * after_s, duration_s))

    def power_off(self) -> None:
        """Stop at once: nothing is measured, counted, published or obeyed until `boot`."""
        self._powered = False
        self._pending.clear()
        for provider in self.providers:
            provider.power_off()

    def boot(self, *, realtime_first: bool = False) -> None:
        """Start (again): publish every document, then measure; the other way round with `realtime_first`."""
        self._powered = True
        now_ms = self.house.now_ms
        documents_ms = now_ms + (LATE_DOCUMENTS_MS if realtime_first else 0)
        self._realtime_from_ms = now_ms + (0 if realtime_first else self.profile.realtime_after_ms)
        for location in self._locations:
            location.boot()
        self._pending = [
            Scheduled(documents_ms + after_ms, location, publication)
            for location in self._locations
            for after_ms, publication in self._documents(location)
        ]

    def clear_counters(self) -> None:
        """Let every energy counter begin at zero."""
        for location in self._locations:
            location.counters.clear()

    def add_child(self) -> None:
        """Report a second service location from now on: a change in the portal, so the gateway boots."""
        child = child_of(self.house.site)
        self._locations.append(ServiceLocation(child, self.house, self.profile, {}, seed=self._seed))
        self.boot()

    def neighbour(self) -> Publisher:
        """The neighbours' gateway, living in step with this one."""
        start = datetime.fromtimestamp(self.house.now_ms / 1000, UTC)
        return Gateway(House(NEIGHBOUR, seed=self._seed, start=start), seed=self._seed)

    def _documents(self, location: ServiceLocation) -> list[BootDocument]:
        documents = list(location.wire.boot_documents())
        if location is self.location:
            after_ms = self.profile.providers_after_ms
            for provider in self.providers:
                documents += [BootDocument(after_ms, publication) for publication in provider.documents()]
                after_ms += PROVIDERS_APART_MS
        return documents

    def _measure(self, seconds: float) -> list[Message]:
        """Live on; return what is told of a period that has just ended."""
        period = self.house.now_ms // _PERIOD_MS
        self.house.step(seconds)
        if self._powered:
            for location in self._locations:
                location.measure(seconds)
        next_period = self.house.now_ms // _PERIOD_MS
        return [] if next_period == period else self._close_period(next_period * _PERIOD_MS)

    def _close_period(self, end_ms: int) -> list[Message]:
        messages = [message for location in self._locations for message in location.aggregated(end_ms)]
        if self._powered:
            for provider in self.providers:
                messages += self._now(provider.every_period(end_ms))
        return messages

    def _messages(self) -> list[Message]:
        messages = self._due_documents()
        for provider in self.providers:
            messages += self._now(provider.every_second())
        if self.house.now_ms >= self._realtime_from_ms:
            messages += [location.realtime() for location in self._locations]
        return messages

    def _due_documents(self) -> list[Message]:
        now_ms = self.house.now_ms
        due = [_message(document) for document in self._pending if document.at_ms <= now_ms]
        self._pending = [document for document in self._pending if document.at_ms > now_ms]
        return due

    def _now(self, publications: list[Publication]) -> list[Message]:
        return [_message(Scheduled(self.house.now_ms, self.location, publication)) for publication in publications]

    def _altered(self, messages: list[Message]) -> list[Message]:
        # What is cut off can be altered no more, so that comes last.
        for injected in sorted(self._active(), key=lambda injected: injected.fault is Fault.BROKEN_JSON):
            messages = injected.effect.alter(messages)
        return messages

    def _active(self) -> list[InjectedFault]:
        return [injected for injected in self._faults if injected.active]


def _message(scheduled: Scheduled) -> Message:
    at_ms, location, (name, write, retain) = scheduled
    return Message(location.topic(name), write(at_ms), at_ms, retain=retain)
