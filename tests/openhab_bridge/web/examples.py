"""Bridges as they may be."""

from dataclasses import replace

from openhab_bridge.status import ConnectionStatus, GatewayStatus, Status

LIVE = GatewayStatus(
    serial="5010001234",
    name="Smappee Genius",
    address="192.168.1.40:1883",
    connected=True,
    fresh=True,
    age_s=1.2,
    failure="",
    messages=482_913,
    bad_payloads=0,
    properties=212,
    commands=14,
    failed_commands=0,
)
SILENT = replace(LIVE, serial="5010005678", address="192.168.1.41:1883", fresh=False, age_s=312.0, bad_payloads=3)
LOST = replace(
    LIVE, serial="2009000042", address="192.168.1.42:1883", connected=False, fresh=False, failure="no route to host"
)
UNKNOWN = replace(LOST, serial="", name="", age_s=None, failure="looking for a gateway")
STANDING = ConnectionStatus(name="smappee-5010001234", connected=True, failure="", published=91_201, waiting=0)
REFUSED = replace(STANDING, name="smappee-2009000042", connected=False, failure="connection refused", waiting=61)


def bridge(*parts: GatewayStatus | ConnectionStatus) -> Status:
    return Status(
        version="0.1.0",
        running_s=186_342.0,
        target="openhab.local:1883",
        gateways=tuple(part for part in parts if isinstance(part, GatewayStatus)),
        connections=tuple(part for part in parts if isinstance(part, ConnectionStatus)),
    )


WELL = bridge(LIVE, STANDING)
UNWELL = bridge(LIVE, SILENT, LOST, STANDING, REFUSED)
HOSTILE = "<script>alert(\"1\")</script> & '⚡'\nsecond line"
ATTACKED = bridge(
    replace(LOST, serial=HOSTILE, name=HOSTILE, address=HOSTILE, failure=HOSTILE),
    replace(REFUSED, name=HOSTILE, failure=HOSTILE),
)
