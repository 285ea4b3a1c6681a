"""How near a breaker is to tripping.

IEC 60898-1 leaves a breaker wide room: it may trip after an hour at 1.45 times its rating, and must not before at 1.13
times; at 2.55 times, from cold, it may take from one second to a minute. The model is the most sensitive one that this
allows: a strip that is warmed by the square of the current and trips at the warmth of 1.13 times the rating for ever.
2.55 times the rating must take it there in no less than a second: so its time constant is
1 / ln(2.55² / (2.55² - 1.13²)), about 4.6 s. Real breakers are slower, so they trip later than the model says.
The magnetic part (from 3 times the rating, in a tenth of a second) is faster than any software, and is not modelled.
"""

from math import exp, log

_HELD = 1.13**2
"""The warmth that must not trip, relative to that of the rating."""
_FAST = 2.55**2
TIME_CONSTANT_S = 1.0 / log(_FAST / (_FAST - _HELD))


def warmed(warmth: float, ratio: float, elapsed_s: float) -> float:
    """Return the warmth after a while at a current of `ratio` times the rating. 1 = the rating for ever."""
    towards = ratio * ratio
    return towards + (warmth - towards) * exp(-elapsed_s / TIME_CONSTANT_S)


def risk(warmth: float) -> float:
    """Return 0 up to the warmth of the rating, 1 where the most sensitive breaker trips."""
    return min(max((warmth - 1.0) / (_HELD - 1.0), 0.0), 1.0)
