"""The cost of a start: the documents of a gateway with 28 channels, from bytes to a client that knows the site.

It is paid once for each start of the client and each change of the installation.
"""

import orjson

from benchmarks.clients import OurClient, VendorClient, our_messages, vendor_messages
from benchmarks.recording import Recording, record
from benchmarks.results import OURS, Result, beside_peers
from benchmarks.rounds import Contender, each, fastest_s

STARTS = 50
"""One alone is too short to be timed."""


def results(rounds: int) -> list[Result]:
    """Compare starts."""
    times_s = fastest_s(contenders(record(seconds=0)), rounds)
    times_us = {contender: 1e6 * time_s / STARTS for contender, time_s in times_s.items()}
    return beside_peers("start, all documents", "µs", times_us, {})


def contenders(recording: Recording) -> dict[str, Contender]:
    """Return ours and its peers, all fed the same documents."""
    serial = recording.serial
    starts = range(STARTS)
    payloads = [document.payload for document in recording.documents]
    own, vendor = our_messages(recording.documents), vendor_messages(recording.documents)
    return {
        OURS: each(lambda: lambda _: OurClient(serial, own), starts),
        "orjson.loads": each(lambda: orjson.loads, payloads * STARTS),
        "pysmappee": each(lambda: lambda _: VendorClient(serial, vendor), starts),
    }
