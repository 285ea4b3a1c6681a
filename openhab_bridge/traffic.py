"""Decides which changes are worth a message now. No clock: time is passed in."""

from typing import NamedTuple

from energy_control.data_points import Key
from mqtt_schema.points import Value
from openhab_bridge.model import Property
from openhab_bridge.settings import Pace, TrafficSettings

AT_ONCE = Pace()


class _Sent(NamedTuple):
    text: str | None
    value: Value
    at: float


class Traffic:
    """Remembers what was let through. `now` is a steadily growing clock in seconds."""

    def __init__(self, settings: TrafficSettings) -> None:
        """Nothing has been let through."""
        self._settings = settings
        self._sent: dict[Key, _Sent] = {}

    def admits(self, item: Property, text: str | None, value: Value, now: float) -> bool:
        """Tell whether a value is to be published now, and remember it when it is."""
        before = self._sent.get(item.key)
        if before is not None and not self._is_due(item, before, _Sent(text, value, now)):
            return False
        self._sent[item.key] = _Sent(text, value, now)
        return True

    def is_settled(self, item: Property, text: str | None) -> bool:
        """Tell whether this is what was let through last, so that there is nothing to wait for."""
        before = self._sent.get(item.key)
        return before is not None and before.text == text

    def forget(self) -> None:
        """Let everything through once: another installation, or values that can be trusted again."""
        self._sent.clear()

    def _is_due(self, item: Property, before: _Sent, now: _Sent) -> bool:
        if now.text == before.text:
            return False
        if not (_is_number(before.value) and _is_number(now.value)):
            return True
        pace = self._settings.paces.get(item.point.quantity, AT_ONCE)
        age_s = now.at - before.at
        if age_s < pace.min_interval_s:
            return False
        return _distance(before.value, now.value) >= pace.deadband or age_s >= self._settings.settle_s


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _distance(one: Value, other: Value) -> float:
    return abs(float(one or 0) - float(other or 0))
