"""`aggregated`: of the averages of five minutes, the always-on power."""

import msgspec

from mqtt_schema.topics import Kind, ParsedTopic
from mqtt_schema.wire.aggregated import ALWAYS_ON, RawAggregated, RawInterval
from mqtt_schema.wire.realtime import POWER_BOUND_W
from smappee_gateway.decoders.message import MqttMessage, Report, seconds
from smappee_gateway.salvage import decode_each
from smappee_gateway.updates import AlwaysOnUpdate, SiteUpdate

_HIGHEST_MW = 1000 * POWER_BOUND_W


class AggregatesDecoder:
    """Reads the form of a Genius and that of a Plus; several late intervals may come in one message."""

    def __init__(self, report: Report) -> None:
        """Tell faults to `report`."""
        self._report = report

    def decode(self, topic: ParsedTopic, message: MqttMessage) -> list[SiteUpdate]:
        """Return the always-on power of each interval, the oldest first."""
        raw = msgspec.json.decode(message.payload, type=RawAggregated).interval_datas
        updates = [
            AlwaysOnUpdate(location=topic.location, always_on_w=always_on_mw / 1000, ended_at=ended_at)
            for interval in decode_each(raw, RawInterval, self._broken)
            if (ended_at := seconds(interval.utc_endtime)) is not None
            and (always_on_mw := _always_on_mw(interval)) is not None
            and 0 <= always_on_mw <= _HIGHEST_MW
        ]
        return [*sorted(updates, key=lambda update: update.ended_at)]

    def _broken(self, error: Exception) -> None:
        self._report(Kind.AGGREGATED, error)


def _always_on_mw(interval: RawInterval) -> float | None:
    """Of the whole house; None for an interval that is about one channel."""
    if interval.always_on is not None or interval.publish_index is not None:
        return interval.always_on
    values = (entry.value for entry in interval.measurements if entry.type.measurement_kind == ALWAYS_ON)
    return next(values, None)
