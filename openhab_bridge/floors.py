"""Keeps totals from going back after a kill: what was published once stands until it is passed.

The totals on disk are up to a minute old, and of a gap counters tell only the net. Without this, readers would see a
total fall, and most take that for a new meter and count everything twice.
"""

from collections.abc import Mapping

from energy_control.data_points import Key
from mqtt_schema.points import Value
from mqtt_schema.quantities import Nature, Quantity
from openhab_bridge.model import Property

MOST_LOST: Mapping[Quantity, float] = {Quantity.ENERGY: 5.0}
"""How far a total may be behind what was published and still be the same one, in the unit of the point: more than a
large house uses in the minute that a kill can cost. What is further behind is a new beginning that somebody wanted."""
MOST_LOST_OTHERWISE = 0.5


class Floors:
    """What each total has reached before, as the broker remembers it."""

    def __init__(self) -> None:
        """Nothing is known: totals must wait."""
        self.known = False
        self._reached: dict[Key, float] = {}

    def learn(self, published: Mapping[Key, bytes]) -> None:
        """Take what the broker remembers of an earlier run; what is no number says nothing."""
        self.known = True
        for key, payload in published.items():
            try:
                self._reached[key] = float(payload)
            except ValueError:
                continue

    def must_wait(self, item: Property) -> bool:
        """Tell whether a value may not be shown yet."""
        return item.point.nature is Nature.COUNTER and not self.known

    def raised(self, item: Property, value: Value) -> Value:
        """Return the value, or what was reached before when it is a little below."""
        reached = self._reached.get(item.key)
        if reached is None or not isinstance(value, int | float) or item.point.nature is not Nature.COUNTER:
            return value
        behind = reached - value
        if 0.0 < behind <= MOST_LOST.get(item.point.quantity, MOST_LOST_OTHERWISE):
            return reached
        del self._reached[item.key]
        return value
