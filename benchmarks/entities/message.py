"""One `realtime` message of 28 channels in which every value changes, with all entities enabled and written."""

import asyncio
import gc
import json
import math
from collections.abc import Mapping
from dataclasses import replace

from benchmarks.entities.house import House, QuickLoop, house
from benchmarks.recording import Recording, record
from benchmarks.results import OURS, Result, beside_peers
from simulator import Message

MESSAGES = 10
MOST_ROUNDS = 10
AT_MOST = 0.33
PEER_NAME = "mqtt templates"
SITE_ENERGIES = 4
"""Of the whole house ours begin at 0, and a template cannot net the phases."""


def message(rounds: int) -> list[Result]:
    """Compare the CPU time of a message; of a few rounds the fastest counts."""
    rounds = min(rounds, MOST_ROUNDS)
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        return runner.run(_compare(with_every_value_moving(record(seconds=1 + MESSAGES * rounds)), rounds))


def with_every_value_moving(recording: Recording) -> Recording:
    """Return the same seconds, but every value of every channel and line differs from the second before."""
    return replace(recording, seconds=tuple(_moved(each, second) for second, each in enumerate(recording.seconds, 1)))


async def _compare(recording: Recording, rounds: int) -> list[Result]:
    async with house(recording, every_entity=True) as home:
        fastest = {OURS: math.inf, PEER_NAME: math.inf}
        for number in range(rounds):
            begin = 1 + number * MESSAGES
            messages = recording.seconds[begin : begin + MESSAGES]
            gc.collect()
            fastest[OURS] = min(fastest[OURS], await home.ours(messages))
            gc.collect()
            fastest[PEER_NAME] = min(fastest[PEER_NAME], await home.theirs(messages))
        entities = home.entities()
        _require_agreement(home, entities)
    name = f"message to {len(entities)} entities, all values change"
    per_message = {who: 1e6 * seconds / MESSAGES for who, seconds in fastest.items()}
    return beside_peers(name, "µs", per_message, {PEER_NAME: AT_MOST})


def _require_agreement(home: House, entities: Mapping[str, str]) -> None:
    """Raise RuntimeError when ours and the peers do not show the same: then the comparison would mean nothing."""
    states = home.hass.states
    shown = [(states.get(ours), states.get(peer)) for peer, ours in entities.items()]
    wrong = [
        (ours.name, ours.state, peer.state)
        for ours, peer in shown
        if ours and peer and not math.isclose(float(ours.state), float(peer.state), rel_tol=0.05, abs_tol=0.06)
    ]
    if len(wrong) > SITE_ENERGIES:
        raise RuntimeError(f"ours and {PEER_NAME} disagree: {wrong}")


def _moved(each: Message, step: int) -> Message:
    document = json.loads(each.payload)
    document["measuredFrequency"] = 50_000_000 + 10_000 * (step % 7)
    for voltage in document["voltages"]:
        voltage["voltage"] = 230 + step % 5
    for channel in document["channelPowers"]:
        channel["power"] = 100 + 10 * (step % 50)
        channel["current"] = 10 + step % 50
        channel["apparentPower"] = 700 + 20 * (step % 50)
        channel["cosPhi"] = 20 + step % 50
        channel["importEnergy"] += 3600 * step
        channel["exportEnergy"] += 3600 * step
    return replace(each, payload=json.dumps(document, separators=(",", ":")).encode())
