"""How chargers differ in taking commands.

The habits were reported of real chargers by their owners and by the programs that control them. Their times are
invented, but for those of ``patient``, which a maker's programming guide tells.
"""

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

from simulator.house.charging.commands import MINIMUM_A


class Rounding(Enum):
    """What a charger makes of a current between two of its steps."""

    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"


class BelowMinimum(Enum):
    """What a charger makes of a current below 6 A."""

    REFUSE = "refuses it"
    CLAMP = "offers 6 A"
    PAUSE = "pauses"


@dataclass(frozen=True, slots=True)
class Character:
    """The habits of a charger; the defaults are those of an exact one."""

    title: str
    step_a: float = 0.1
    rounding: Rounding = Rounding.DOWN
    below_minimum: BelowMinimum = BelowMinimum.REFUSE
    delay_s: float = 0.0
    """A command is accepted at once and takes effect so much later."""
    replaces_waiting: bool = False
    """A current that waits for its turn is replaced by a later one, which waits no longer for that; a pause and its end
    do not wait at all. So chargers keep the time that IEC 61851 asks for between two changes."""
    raises_a_per_s: float = math.inf
    """It offers more only gradually; less at once."""
    resets_on_enable: bool = False
    """Being enabled sets its current to its maximum."""
    obeys: bool = True
    """Otherwise it accepts and echoes every command, and goes on as it was."""
    sticks_at_minimum: bool = False
    """Once at 6 A it echoes a higher current but offers 6 A until it is paused and resumed."""
    write_interval_s: float = 0.0
    """It refuses a command that comes sooner after the last accepted one of the same kind; a heartbeat never."""
    heartbeat_s: float = math.inf
    """Without a command or heartbeat for so long it falls back to ``fallback_a``."""
    fallback_a: float = MINIMUM_A
    vanishes_every_s: float = math.inf
    """In the mean so often it does not answer for ``away_s``; what it offers stays."""
    away_s: float = 0.0
    dies_after_s: float = math.inf
    """After so much charging it never answers again; what it offers stays."""


CHARACTERS: Final = {
    "exact": Character("does what it is told, at once"),
    "late": Character("takes 8 s for every command", delay_s=8.0),
    "patient": Character("changes its current once in 6 s, pauses at once", delay_s=6.0, replaces_waiting=True),
    "coarse": Character("whole ampere, rounded down", step_a=1.0, below_minimum=BelowMinimum.CLAMP),
    "coarse-up": Character("steps of 2 A, rounded up", step_a=2.0, rounding=Rounding.UP),
    "nearest": Character("whole ampere, the nearest; 0 pauses", 1.0, Rounding.NEAREST, BelowMinimum.PAUSE),
    "resets": Character("goes to its maximum when it is enabled", resets_on_enable=True),
    "deaf": Character("accepts every command and ignores it", obeys=False),
    "vanishing": Character("is away for 3 min about every hour", vanishes_every_s=3600.0, away_s=180.0),
    "dying": Character("dies after 10 min of charging and keeps its current", dies_after_s=600.0),
    "cloud": Character("a write each 15 min, 5 s late", delay_s=5.0, step_a=1.0, write_interval_s=900.0),
    "sticky": Character("sticks at 6 A until it is paused and resumed", sticks_at_minimum=True),
    "heartbeat": Character("falls back to 6 A after 60 s without a sign of life", heartbeat_s=60.0),
    "slow": Character("raises its current by 0.5 A each second", raises_a_per_s=0.5),
}
