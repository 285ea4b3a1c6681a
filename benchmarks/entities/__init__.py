"""What our entities cost in Home Assistant, beside its own `mqtt` sensors with value templates."""

from benchmarks.entities.hour import hour
from benchmarks.entities.message import message
from benchmarks.results import Result


def results(rounds: int) -> list[Result]:
    """Compare one message in which everything changes, and an hour at default settings."""
    return [*message(rounds), *hour()]
