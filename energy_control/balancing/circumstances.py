"""What else matters to whoever moves towards a grant."""

from typing import NamedTuple

from energy_control.balancing.circuits import Circuits
from energy_control.balancing.settings import Settings


class Circumstances(NamedTuple):
    """What else matters now."""

    at: float
    settings: Settings
    circuits: Circuits
    urgent: bool
    """Too much flows."""
    held: bool
    """Others must come down before this one may go up."""
