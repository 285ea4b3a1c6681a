"""What a step of the balancing costs, and how soon after its message the command for an overload leaves."""

import time
from collections.abc import Callable
from copy import replace
from statistics import quantiles

import orjson

from benchmarks.clients import our_client, our_messages
from benchmarks.garage.scenarios import GARAGE, L1, L2, L3, MAIN_25_A
from benchmarks.recording import Recording, record
from benchmarks.results import OURS, Result, beside_peers
from benchmarks.rounds import each, fastest_s
from energy_control.balancing import controller
from energy_control.balancing.controller import State
from energy_control.balancing.decisions import SetCurrent
from energy_control.balancing.reading import ChargerReading, CircuitReading, LoadReading, Reading
from energy_control.balancing.settings import Mode, Settings, ShedLoad

LARGE = Settings(
    circuits=(replace(MAIN_25_A, rating_a=250.0), replace(MAIN_25_A, id="garage", parent=MAIN_25_A.id, rating_a=160.0)),
    chargers=tuple(replace(GARAGE, id=f"charger {number}", circuit="garage") for number in range(10)),
    loads=tuple(
        ShedLoad(id=f"load {number}", circuit=MAIN_25_A.id, lines=(L1,), rated_a=4.0, metered=True)
        for number in range(50)
    ),
)
PERIODS_S = {"loop of 10 s": 10.0, "loop of 20 s": 20.0, "loop of 30 s": 30.0}
"""How often those look that do not follow each message (control facts §5.3)."""
PERCENT = 99


def results(rounds: int) -> list[Result]:
    """Measure both."""
    recording = record()
    readings = [large(second) for second in range(300)]
    times_s = fastest_s(
        {
            OURS: each(new_controller, readings),
            "orjson.loads": each(lambda: orjson.loads, [message.payload for message in recording.seconds]),
        },
        min(rounds, 10),
    )
    times_us = {name: 1e6 * time_s / 300 for name, time_s in times_s.items()}
    answer_ms = 1e3 * p99_s(recording)
    periods_ms = {name: 1e3 * period_s for name, period_s in PERIODS_S.items()}
    return [
        *beside_peers("step with 10 chargers and 50 loads", "µs", times_us, {}),
        *beside_peers(
            "from the bytes of a message to the command, 99 of 100", "ms", {OURS: answer_ms, **periods_ms}, {}
        ),
    ]


def new_controller() -> Callable[[Reading], None]:
    """Return a controller of the large house, at its beginning."""
    state = State()

    def take(reading: Reading) -> None:
        nonlocal state
        state, _ = controller.step(state, reading, LARGE, armed=True)

    return take


def large(second: int) -> Reading:
    """Return a moment of a large house in which something changes each second."""
    current_a = 120.0 + 3.0 * (second % 7)
    lines = dict.fromkeys((L1, L2, L3), current_a)
    charger = ChargerReading(
        mode=Mode.FAST, reachable=True, current_a=dict.fromkeys((L1, L2, L3), 8.0), set_a=10.0, allowed=True
    )
    return Reading(
        at=float(second),
        fresh=True,
        circuits={
            MAIN_25_A.id: CircuitReading(current_a=lines, power_w=690.0 * current_a),
            "garage": CircuitReading(current_a=dict.fromkeys(lines, 80.0), power_w=690.0 * 80.0),
        },
        chargers={one.id: charger for one in LARGE.chargers},
        loads={one.id: LoadReading(on=True, current_a={L1: 3.0}) for one in LARGE.loads},
    )


def p99_s(recording: Recording) -> float:
    """Return how long 99 of 100 messages take from their bytes to the command that they lead to.

    The message is one of a house with 28 CTs; what the balancing is told is an overload in every second one.
    """
    client, messages = our_client(recording), our_messages(recording.seconds)
    settings, state, times_s = Settings(circuits=(MAIN_25_A,), chargers=(GARAGE,)), State(), []
    for second, message in enumerate(messages):
        begin = time.perf_counter()
        client.receive(message)
        lines = dict.fromkeys((L1, L2, L3), 30.0 if second % 2 else 10.0)
        charger = ChargerReading(mode=Mode.FAST, reachable=True, current_a=lines, set_a=32.0, allowed=True)
        reading = Reading(
            at=float(100 * second),
            fresh=True,
            circuits={MAIN_25_A.id: CircuitReading(current_a=lines)},
            chargers={GARAGE.id: charger},
        )
        state, answer = controller.step(state, reading, settings, armed=True)
        if any(isinstance(command, SetCurrent) for command in answer.commands):
            times_s.append(time.perf_counter() - begin)
    return quantiles(times_s, n=100)[PERCENT - 1]
