"""What has changed in a house, and is worth showing now."""

from collections.abc import Callable, Mapping

from energy_control.data_points import Key
from mqtt_schema.model import Site
from mqtt_schema.points import Scope
from openhab_bridge.floors import Floors
from openhab_bridge.model import Installation, Node, Property, text_of
from openhab_bridge.settings import TrafficSettings
from openhab_bridge.traffic import Traffic
from smappee_gateway.changes import Changes


class Values:
    """Reads values when they have changed, and shows them as deadbands and intervals allow. `now` is in seconds."""

    def __init__(self, settings: TrafficSettings, show: Callable[[Property, str], None]) -> None:
        """`show` is called with every value that is to be published; an empty text = unknown."""
        self._show = show
        self._traffic = Traffic(settings)
        self._floors = Floors()
        self._nodes: Mapping[Scope, Node] = {}
        self._changed: dict[Key, Property] = {}

    @property
    def must_learn(self) -> bool:
        """Whether totals wait until it is known how far they had come."""
        return not self._floors.known

    def describe(self, installation: Installation) -> None:
        """Take another installation: everything is shown anew."""
        self._nodes = {node.scope: node for node in installation.nodes}
        self._changed = {item.key: item for node in installation.nodes for item in node.properties}
        self._traffic.forget()

    def learn(self, published: Mapping[Key, bytes], now: float) -> None:
        """Take what an earlier run has published, and show totals from now on."""
        self._floors.learn(published)
        self.flush(now)

    def follow(self, changes: Changes, site: Site, now: float) -> None:
        """Take what has changed in this site."""
        for scope, node in self._nodes.items():
            if changes.touches(site, scope):
                self._changed |= {item.key: item for item in node.properties}
        self.flush(now)

    def flush(self, now: float) -> None:
        """Show what has changed, as far as it is worth a message now; the rest stays until later."""
        for key, item in tuple(self._changed.items()):
            if not self._floors.must_wait(item) and self._is_done(item, now):
                del self._changed[key]

    def _is_done(self, item: Property, now: float) -> bool:
        """Show a value when that is due; tells whether nothing is left to show of it."""
        value = self._floors.raised(item, item.read())
        text = text_of(item.point, value)
        if not self._traffic.admits(item, text, value, now):
            return self._traffic.is_settled(item, text)
        self._show(item, text or "")
        return True
