"""Time stamps of ``realtime``: on whole seconds, or where the device happens to be."""

from random import Random
from typing import Final

from simulator.gateway.profile import Stamps

SECOND_MS: Final = 1000
JITTER_MS: Final = 20


def whole_seconds(_: Random) -> Stamps:
    """As a Genius stamps (captured)."""
    return lambda now_ms: now_ms


def unaligned(rng: Random) -> Stamps:
    """About a second apart at arbitrary ms, as a Plus and a Solar stamp (captured; how far they stray is invented)."""
    phase_ms = rng.randrange(1, SECOND_MS - JITTER_MS)
    return lambda now_ms: now_ms - SECOND_MS + phase_ms + rng.randrange(JITTER_MS)
