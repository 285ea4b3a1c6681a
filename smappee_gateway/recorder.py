"""Makes a capture of messages as they come. Whoever has asked for it writes the lines, to a file or elsewhere."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from mqtt_schema.topics import parse
from smappee_gateway.anonymise import Anonymiser
from smappee_gateway.capture import Note, RecordedMessage, header_line, message_line
from smappee_gateway.mqtt_decoder import MqttMessage
from smappee_gateway.privacy.protocol_words import DESCRIBED
from smappee_gateway.unknown_topics import MOST_NAMES


class Recorder:
    """Counts the messages of one capture and knows its header."""

    def __init__(self, tool: str, *, anonymised: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin now; `tool` names what records, with its version."""
        self.messages = 0
        self.topics: set[str] = set()
        self.undescribed = Counter[str]()
        """Messages that nobody has described yet, by their recorded topic below the location; the first so many."""
        self._anonymiser = Anonymiser(random.SystemRandom()) if anonymised else None
        self._tool = tool
        self._notes: list[Note] = []
        self._clock = clock
        self._began = clock()
        self._started_at = datetime.now(UTC).isoformat(timespec="seconds")

    @property
    def seconds(self) -> float:
        """Since the recording began."""
        return self._clock() - self._began

    def header(self) -> bytes:
        """Return the first line, with the notes made until now. All that came until now is replaced in them."""
        anonymised = self._anonymiser is not None
        return header_line(self._started_at, self._tool, anonymised=anonymised, notes=map(self._hidden, self._notes))

    def arrived(self, message: MqttMessage) -> RecordedMessage:
        """Return a message as one that has come now."""
        return RecordedMessage(
            at_s=self.seconds,
            topic=message.topic,
            payload=message.payload,
            retained=message.retained,
            qos=message.qos,
        )

    def line(self, message: RecordedMessage) -> bytes:
        """Return the line of a message, and count it."""
        recorded = message if self._anonymiser is None else self._anonymiser.message(message)
        self.messages += 1
        self.topics.add(recorded.topic)
        self._count_undescribed(recorded.topic)
        return message_line(recorded)

    def note(self, text: str) -> None:
        """Keep what a person says to have done just now."""
        self._notes.append(Note(at=round(self.seconds, 1), text=text))

    def _hidden(self, note: Note) -> Note:
        return note if self._anonymiser is None else Note(at=note.at, text=self._anonymiser.note(note.text))

    def _count_undescribed(self, topic: str) -> None:
        parsed = parse(topic)
        if parsed is not None and parsed.kind in DESCRIBED:
            return
        name = topic.split("/", 2)[-1]
        if name in self.undescribed or len(self.undescribed) < MOST_NAMES:
            self.undescribed[name] += 1
