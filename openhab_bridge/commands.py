"""Commands that come in: only those that somebody gives now, for what can be switched, and not without end."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

from energy_control.chatter import MOST_SWITCHINGS, ChatterLimit
from mqtt_schema.points import Scope
from openhab_bridge.house import House
from openhab_bridge.model import Property
from smappee_gateway.errors import CommandError
from smappee_gateway.explanations import not_switched
from smappee_gateway.mqtt_decoder import MqttMessage

_LOGGER = logging.getLogger(__name__)

WORDS: Final[Mapping[bytes, bool]] = {b"true": True, b"false": False}
"""As Homie has it; the case does not matter."""
MOST_COMPLAINTS: Final = 100
"""Of so many topics it is said what is wrong with them; whoever sends to more must know."""


class Commands:
    """Carries out what is sent to the `/set` topics of a house."""

    def __init__(self, house: House, on_refused: Callable[[Property], None], clock: Callable[[], float]) -> None:
        """`on_refused` is told of what is not as somebody wanted it; `clock` grows steadily, in seconds."""
        self.targets: Mapping[str, Property] = {}
        """By topic: what can be commanded now."""
        self._house = house
        self._on_refused = on_refused
        self._clock = clock
        self._limits = defaultdict[Scope, ChatterLimit](ChatterLimit)
        self._running = set[asyncio.Task[None]]()
        self._complained_of = set[str]()

    def take(self, message: MqttMessage) -> None:
        """Take a live message; an empty one clears what somebody had retained, and commands nothing."""
        if not message.payload:
            return
        item = self.targets.get(message.topic)
        if item is None:
            self._complain(message.topic, "'%s' is nothing that can be switched; ignored")
            return
        on = WORDS.get(message.payload.strip().lower())
        if on is None:
            self._complain(message.topic, "'%s': only 'true' and 'false' are understood; ignored")
            self._on_refused(item)
            return
        self._complained_of.discard(message.topic)
        task = asyncio.create_task(self._switch(item, on=on))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _complain(self, topic: str, text: str) -> None:
        """Say it once until the topic is used as it should be: a program may send the same each second."""
        if topic in self._complained_of or len(self._complained_of) >= MOST_COMPLAINTS:
            return
        self._complained_of.add(topic)
        _LOGGER.warning(text, topic)

    async def _switch(self, item: Property, *, on: bool) -> None:
        wait_s = self._limits[item.scope].admit(self._clock(), on=on, was_on=_known(item))
        if wait_s:
            _LOGGER.warning(
                "%s is not switched on: it was switched %d times within a minute; it may be again in %.0f s",
                item.scope.id,
                MOST_SWITCHINGS,
                wait_s,
            )
            self._on_refused(item)
            return
        try:
            await self._house.switch(item.scope, on=on)
        except CommandError as error:
            word = "on" if on else "off"
            _LOGGER.warning("%s %s is not switched %s: %s", item.scope.kind, item.scope.id, word, not_switched(error))
            self._on_refused(item)


def _known(item: Property) -> bool | None:
    value = item.read()
    return value if isinstance(value, bool) else None
