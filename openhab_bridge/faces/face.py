"""What the faces that show values share, and what they ask of whoever shows them."""

from typing import Protocol

from energy_control.data_points import Key
from openhab_bridge.connection import Connection, Purpose
from openhab_bridge.feed import Feed
from openhab_bridge.model import Installation, Property
from smappee_gateway.mqtt_decoder import MqttMessage


class Host(Protocol):
    """What faces ask of whoever shows them."""

    def connect(self, purpose: Purpose) -> Connection:
        """Make a connection, and start it."""

    def retire(self, connection: Connection) -> None:
        """End a connection, and take away what it held."""

    def on_live(self, message: MqttMessage) -> None:
        """Take what somebody sends now."""

    def on_retained(self, message: MqttMessage) -> None:
        """Take what the broker had kept."""


class Face(Protocol):
    """One way of showing a house."""

    def install(self, installation: Installation) -> None:
        """Describe the house anew; what it no longer has is taken away."""

    def show(self, item: Property, text: str) -> None:
        """Show a value; an empty text = unknown."""

    def tell(self, feed: Feed) -> None:
        """Tell whether the values can be trusted."""

    def repeat(self, item: Property) -> None:
        """Show a value once more, for those who believe something else."""

    def topic_of_each_value(self) -> dict[Key, str]:
        """Return where each value is, or will be, retained."""

    def commands(self) -> dict[str, Property]:
        """Return the topics on which commands come in, and what each of them commands."""
