"""Whether the values of a house can be trusted."""

from enum import Enum, auto


class Feed(Enum):
    """What others are told of a house beside its values."""

    FRESH = auto()
    STALE = auto()
    """Nothing arrives from the gateway, or it has not been heard yet."""
    ENDED = auto()
    """The bridge stops."""
