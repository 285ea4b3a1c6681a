"""The site of the public Genius capture, written down from the protocol facts (§3.5 and §3.7).

The four GRID-connected channels have their captured powers (grid −55 W, solar −119 W); the loads are made up.
"""

from tests.custom_components.sender import Channels
from tests.genius import Ct, channel

SERIAL = "5010000631"
HUBS = ("5500000190", "5500000194", "5500000198")

CTS = (
    Ct(0, "Zonnepanelen", flow="PRODUCTION", connection="GRID", phase="B", hub=HUBS[0], input=0),
    Ct(1, "Zonnepanelen", flow="PRODUCTION", connection="GRID", phase="A", hub=HUBS[0], input=1),
    Ct(2, "GridA", connection="GRID", phase="A", hub=HUBS[0], input=2),
    Ct(3, "GridB", connection="GRID", phase="B", hub=HUBS[0], input=3),
    Ct(4, "Tesla", phase="A", hub=HUBS[1], input=1),
    Ct(5, "Tesla", phase="B", hub=HUBS[1], input=2),
    Ct(6, "Carport", phase="B", hub=HUBS[1], input=0),
    Ct(7, "Verlichting beneden", phase="B", hub=HUBS[2], input=2),
    Ct(8, "Zwembad", phase="A", hub=HUBS[1], input=3),
    Ct(9, "Wasmachine", phase="B", hub=HUBS[2], input=0),
    Ct(10, "Droogkast", phase="A", hub=HUBS[2], input=1),
    Ct(11, "System D + Verwarming", phase="C", hub=HUBS[2], input=3),
)
POWERS_W = (237, -356, 28, -83, 0, 0, 5, 9, 0, 31, 2, 16)
VOLTAGES_V = (230, 231, 0)


def channels() -> Channels:
    """Every CT with its power, and counters of whole watt-hours that say something else for each."""
    return [
        channel(index, power, imported=3_600_000 * (index + 1), exported=36_000 * index)
        for index, power in enumerate(POWERS_W)
    ]
