"""The recorder of everything a charger was told, so that tests can count it exactly."""

from dataclasses import dataclass, field
from enum import Enum

from simulator.house.charging.commands import Answer, Command, Refused


class Violation(Enum):
    """What nobody must ask of a charger, whether it refuses or not."""

    OUT_OF_RANGE = "a current that it cannot offer"
    SWITCHED_UNDER_LOAD = "other phases while its contactor was closed"
    TOO_SOON = "a write within its least interval"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command and its answer, ``at_s`` simulated seconds after the charger began to live."""

    at_s: float
    command: Command
    answer: Answer


@dataclass(frozen=True, slots=True)
class Offence:
    """A violation, by which command."""

    at_s: float
    violation: Violation
    command: Command


@dataclass(slots=True)
class Journal:
    """Every command in the order of time, answered, refused or lost, and every offence."""

    entries: list[Entry] = field(default_factory=list)
    offences: list[Offence] = field(default_factory=list)

    def commands[Kind: Command](self, kind: type[Kind]) -> list[Kind]:
        """The commands of a `kind`, whatever became of them."""
        return [entry.command for entry in self.entries if isinstance(entry.command, kind)]

    @property
    def refused(self) -> list[Entry]:
        """What the charger refused."""
        return [entry for entry in self.entries if isinstance(entry.answer, Refused)]
