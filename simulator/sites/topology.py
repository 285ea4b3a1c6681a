"""Supply topologies: which wires come into the house, and what a gateway can measure between them.

A **terminal** is a wire: ``L1``, ``L2``, ``L3`` or ``NEUTRAL``. A **pair** of terminals is where a load is connected
or a voltage is measured, current flowing in at the first and out at the second.
"""

import cmath
import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

type Terminal = int
type Pair = tuple[Terminal, Terminal]

L1: Final = 0
L2: Final = 1
L3: Final = 2
NEUTRAL: Final = 3
TERMINALS: Final = 4


class Phase(Enum):
    """A phase as the gateway names it; the value is the wire's ``phaseId`` (protocol facts 3.7, inferred)."""

    A = 0
    B = 1
    C = 2


@dataclass(frozen=True, slots=True)
class Topology:
    """A supply.

    ``phase_type`` is the wire's word (protocol facts 3.5: THREE_DELTA captured, the others from the vendor's client).
    ``emf_v`` are the lines' phasors against the neutral or, without one, the virtual star point.
    ``sensing`` tells, for each phase, the conductor its CT embraces and the terminal its voltage is measured against.
    ``reported`` are the pairs whose voltages ``realtime`` lists, in the order of ``phaseId``.
    """

    phase_type: str
    emf_v: tuple[complex, ...]
    sensing: dict[Phase, Pair]
    reported: tuple[Pair, ...]


def _phasors(volt: float, *angles_deg: float) -> tuple[complex, ...]:
    return tuple(cmath.rect(volt, math.radians(angle)) for angle in angles_deg)


SINGLE_PHASE: Final = Topology(
    phase_type="ONE",
    emf_v=_phasors(230.0, 0.0),
    sensing={Phase.A: (L1, NEUTRAL)},
    reported=((L1, NEUTRAL),),
)

SPLIT_PHASE: Final = Topology(
    phase_type="TWO",
    emf_v=_phasors(120.0, 0.0, 180.0),
    sensing={Phase.A: (L1, NEUTRAL), Phase.B: (L2, NEUTRAL)},
    reported=((L1, NEUTRAL), (L2, NEUTRAL)),
)

THREE_STAR: Final = Topology(
    phase_type="THREE_STAR",
    emf_v=_phasors(230.0, 0.0, -120.0, 120.0),
    sensing={Phase.A: (L1, NEUTRAL), Phase.B: (L2, NEUTRAL), Phase.C: (L3, NEUTRAL)},
    reported=((L1, NEUTRAL), (L2, NEUTRAL), (L3, NEUTRAL)),
)

# The two-wattmeter method: L3 is the reference, so the capture reads 230, 231 and 0 V. A CT on "phase C" therefore
# cannot be measured against L3; the capture's one (0.7 A, 165 VA) fits the remaining pair, L1-L2 (inferred).
THREE_DELTA: Final = Topology(
    phase_type="THREE_DELTA",
    emf_v=_phasors(230.0 / math.sqrt(3.0), 0.0, -120.0, 120.0),
    sensing={Phase.A: (L1, L3), Phase.B: (L2, L3), Phase.C: (L1, L2)},
    reported=((L1, L3), (L2, L3), (L3, L3)),
)
