"""What the page and /health call things."""

from datetime import timedelta
from enum import Enum
from typing import Final

from openhab_bridge.status import ConnectionStatus, GatewayStatus

MINUTE_S: Final = 60
HOUR_S: Final = 3600
DAY_S: Final = 86400


class State(Enum):
    """How good something is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


def gateway_state(gateway: GatewayStatus) -> tuple[State, str]:
    """Return how a gateway is, in a word or two."""
    if not gateway.connected:
        return State.BAD, "not connected"
    if gateway.fresh:
        return State.GOOD, "live"
    return State.WARNING, "waiting" if gateway.age_s is None else "silent"


def connection_state(connection: ConnectionStatus) -> tuple[State, str]:
    """Return how a connection is, in a word or two."""
    if not connection.connected:
        return State.BAD, "not connected"
    return (State.WARNING, "nothing arrives") if connection.failure else (State.GOOD, "connected")


def last_heard(gateway: GatewayStatus) -> str:
    """Say when the last measurement came."""
    return "no measurement yet" if gateway.age_s is None else f"last measurement {duration(gateway.age_s)} ago"


def duration(seconds: float) -> str:
    """Return a length of time in at most two units."""
    whole = timedelta(seconds=round(seconds))
    hours, rest = divmod(whole.seconds, HOUR_S)
    minutes, left = divmod(rest, MINUTE_S)
    if whole.days:
        return f"{whole.days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {left} s" if minutes else f"{left} s"


def count(number: int) -> str:
    """Return a number in groups of three digits."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def one_line(text: str) -> str:
    """Return a text of somebody else as one line."""
    return " ".join(text.split())
