"""What a CT can measure at most: the bound between a large value and a broken one."""

import re
from functools import lru_cache

from mqtt_schema.model import Channel

HIGHEST_VOLTAGE_V = 480.0
"""Line to line; low enough to catch nonsense, high enough for every supply of the manual without a transformer."""
SMALLEST_CT_A, LARGEST_CT_A = 50, 800
"""The product range (protocol facts §5.1); the largest is assumed when the type names no rating."""

_NUMBERS = re.compile(r"\d+")


def highest_power_w(channel: Channel) -> float:
    """Return the highest plausible power of a channel in watt: its CT's rating at the highest voltage."""
    return HIGHEST_VOLTAGE_V * _rating_a(channel.ct_type)


@lru_cache(maxsize=64)
def _rating_a(ct_type: str) -> float:
    """Return the rating in ampere: the largest number of a type, such as `SCT2_50A` or `CT50_100_200` (captured)."""
    numbers = (int(number) for number in _NUMBERS.findall(ct_type))
    return max((number for number in numbers if SMALLEST_CT_A <= number <= LARGEST_CT_A), default=LARGEST_CT_A)
