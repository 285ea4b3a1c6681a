"""What a CT can measure at most: the bound between a large value and a broken one."""

import re

from mqtt_schema.model import Channel

HIGHEST_VOLTAGE_V = 480.0
"""Line to line; low enough to catch nonsense, high enough for every supply of the manual without a transformer."""
SMALLEST_CT_A, LARGEST_CT_A = 50, 800
"""The product range (protocol facts §5.1); the largest is assumed when the type names no rating."""

_NUMBERS = re.compile(r"\d+")


def highest_power_w(channel: Channel) -> float:
    """Return the highest plausible power of a channel in watt: its CT's rating at the highest voltage.

    CT types look like `SCT2_50A` or `CT50_100_200` (both captured); the largest number is the rating in ampere.
    """
    numbers = (int(number) for number in _NUMBERS.findall(channel.ct_type))
    return HIGHEST_VOLTAGE_V * max((n for n in numbers if SMALLEST_CT_A <= n <= LARGEST_CT_A), default=LARGEST_CT_A)
