"""A past for the house: hours it has lived through before anybody listens, and what was used in each."""

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypedDict

from simulator.gateway.gateway import Gateway
from simulator.house.meter import TrueMeter

HOUR: Final = timedelta(hours=1)


class Hour(TypedDict):
    """True energies within one clock hour, J; ``start`` is ISO 8601 in UTC."""

    start: str
    import_j: float
    export_j: float
    solar_j: float
    house_j: float
    charged_j: float
    discharged_j: float
    loads_j: dict[str, float]


def first_hour(end: datetime, hours: int) -> datetime:
    """Where a house must begin so that `hours` whole clock hours lie before `end`."""
    return end.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - hours * HOUR


def live_through(gateway: Gateway, end: datetime) -> list[Hour]:
    """Fast-forward `gateway` to `end` and return the whole hours on the way; the house begins on a full hour."""
    hours = []
    now = datetime.fromtimestamp(gateway.house.now_ms / 1000, UTC)
    while now + HOUR <= end:
        before = deepcopy(gateway.house.meter)
        gateway.fast_forward(hours=1)
        hours.append(_difference(now, before, gateway.house.meter))
        now += HOUR
    gateway.fast_forward(hours=(end - now) / HOUR)
    return hours


def write_history(path: Path, gateway: Gateway, hours: list[Hour]) -> None:
    """Write `hours` as JSON: ``{"serialNumber", "timeZone", "hours": [...]}``."""
    identity = gateway.house.site.identity
    document = {"serialNumber": identity.serial_number, "timeZone": identity.time_zone, "hours": hours}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _difference(start: datetime, before: TrueMeter, after: TrueMeter) -> Hour:
    return {
        "start": start.isoformat(),
        "import_j": after.import_j - before.import_j,
        "export_j": after.export_j - before.export_j,
        "solar_j": after.solar_j - before.solar_j,
        "house_j": after.house_j - before.house_j,
        "charged_j": after.charged_j - before.charged_j,
        "discharged_j": after.discharged_j - before.discharged_j,
        "loads_j": {name: energy - before.loads_j[name] for name, energy in after.loads_j.items()},
    }
