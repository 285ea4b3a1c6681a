"""The cost of a second: a `realtime` message of 28 channels, from bytes to the set of changes."""

import json

import orjson

from benchmarks.clients import our_client, our_messages, vendor_client, vendor_messages
from benchmarks.recording import Recording, record, with_every_counter_moving
from benchmarks.results import OURS, Result, beside_peers
from benchmarks.rounds import Contender, each, fastest_s

AT_MOST = {"orjson.loads": 2.5}


def results(rounds: int) -> list[Result]:
    """Compare a usual second, and the dearest one: all counters of all channels have stepped."""
    usual = record()
    dearest = with_every_counter_moving(usual)
    return [
        *_compare("realtime message, usual", usual, rounds, AT_MOST),
        *_compare("realtime message, every counter steps", dearest, rounds, {}),
    ]


def contenders(recording: Recording) -> dict[str, Contender]:
    """Return ours and its peers, all fed the same payloads."""
    payloads = [message.payload for message in recording.seconds]
    return {
        OURS: each(lambda: our_client(recording).receive, our_messages(recording.seconds)),
        "orjson.loads": each(lambda: orjson.loads, payloads),
        "json.loads": each(lambda: json.loads, payloads),
        "pysmappee": each(lambda: vendor_client(recording).receive, vendor_messages(recording.seconds)),
    }


def _compare(name: str, recording: Recording, rounds: int, at_most: dict[str, float]) -> list[Result]:
    times_s = fastest_s(contenders(recording), rounds)
    times_us = {contender: 1e6 * time_s / len(recording.seconds) for contender, time_s in times_s.items()}
    return beside_peers(name, "µs", times_us, at_most)
