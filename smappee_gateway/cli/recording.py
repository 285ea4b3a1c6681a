"""Reads a capture from a file, for those who replay it."""

import os
from collections.abc import Iterator
from pathlib import Path

from smappee_gateway.capture import DamagedCaptureError, RecordedMessage, read
from smappee_gateway.cli.errors import CannotRunError
from smappee_gateway.mqtt_decoder import MqttMessage


def recorded(file: Path) -> Iterator[RecordedMessage]:
    """Read the messages of a file; raises CannotRunError that names the line, after those that stand before it."""
    try:
        with file.open("rb") as lines:
            yield from read(lines)[1]
    except DamagedCaptureError as error:
        raise CannotRunError(f"{file} is damaged in {error}; only what stands before that line was played") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotRunError(f"cannot read {file}: {reason}") from error


def as_received(message: RecordedMessage) -> MqttMessage:
    """Return a message as it came when it was recorded."""
    return MqttMessage(message.topic, message.payload, message.retained, message.qos)
