"""EV chargers that take commands, each with a character of its own, and the cars at them."""

from simulator.house.charging.car import Car, LiveCar
from simulator.house.charging.character import CHARACTERS, Character
from simulator.house.charging.charger import Charger, LiveCharger, PilotState, Status, Visits
from simulator.house.charging.commands import (
    Accepted,
    Answer,
    Command,
    Heartbeat,
    NoAnswer,
    Refusal,
    Refused,
    SetCurrent,
    SetEnabled,
    SetPhases,
)
from simulator.house.charging.journal import Entry, Journal, Offence, Violation

__all__ = [
    "CHARACTERS",
    "Accepted",
    "Answer",
    "Car",
    "Character",
    "Charger",
    "Command",
    "Entry",
    "Heartbeat",
    "Journal",
    "LiveCar",
    "LiveCharger",
    "NoAnswer",
    "Offence",
    "PilotState",
    "Refusal",
    "Refused",
    "SetCurrent",
    "SetEnabled",
    "SetPhases",
    "Status",
    "Violation",
    "Visits",
]
