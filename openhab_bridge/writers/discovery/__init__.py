"""Home Assistant's MQTT discovery, for those who cannot install the component.

Keys are written in full. Abbreviations would save a third of what is sent once; but each consumer knows those of its
own version only, and people read these payloads when something is wrong.
"""

from openhab_bridge.writers.discovery.payloads import documents
from openhab_bridge.writers.discovery.places import BIRTH, birth_topic, tree

__all__ = ["BIRTH", "birth_topic", "documents", "tree"]
