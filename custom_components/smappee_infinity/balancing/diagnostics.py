"""Diagnostics of the balancing: what is declared, what was decided last and why. No entity that its owner has named."""

import msgspec

from .runtime import Balancing


def balancing_of(balancing: Balancing) -> dict[str, object]:
    """Return it in words that JSON knows; circuits, chargers and loads by identifier."""
    return {
        "enabled": balancing.enabled,
        "obstacles": msgspec.to_builtins(balancing.refusals()),
        "settings": msgspec.to_builtins(balancing.settings),
        "answer": msgspec.to_builtins(balancing.answer, str_keys=True),
        "memory": msgspec.to_builtins(balancing.memory, str_keys=True),
        "failures": balancing.failures(),
    }
