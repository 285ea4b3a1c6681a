"""What a step of the balancing costs, and how soon after its message the command for an overload leaves."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from copy import replace
from statistics import median, quantiles

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
from mqtt_schema.quantities import Phase, Role
from simulator import Message
from smappee_gateway.session import Session

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
ORJSON = "orjson.loads"
CALM_A, OVERLOAD_A = 10.0, 30.0
"""What each line of the connection carries before, and in a message that shows an overload."""
CHARGING_A = 16.0
SECONDS = 300
OVERLOAD_EVERY_S = 7
PASSES = 10
"""How often all messages are taken."""


def results(rounds: int) -> list[Result]:
    """Measure both."""
    recording = record()
    return [*step_cost(recording, min(rounds, 10)), *latency(recording)]


def step_cost(recording: Recording, rounds: int) -> list[Result]:
    """Compare a step of a large house with the bare parsing of the message that it answers."""
    readings = [large(second) for second in range(SECONDS)]
    payloads = [message.payload for message in recording.seconds]
    times_s = fastest_s({OURS: each(new_controller, readings), ORJSON: each(lambda: orjson.loads, payloads)}, rounds)
    times_us = {OURS: 1e6 * times_s[OURS] / len(readings), ORJSON: 1e6 * times_s[ORJSON] / len(payloads)}
    return beside_peers("step with 10 chargers and 50 loads, aimed at 1000 µs", "µs", times_us, {})


def latency(recording: Recording) -> list[Result]:
    """Say how soon the command for an overload leaves: beside the parsing of its message, and the peers' periods."""
    overloads = [with_overload(message) for message in recording.seconds]
    parsing_s = [_timed_s(orjson.loads, message.payload) for _ in range(PASSES) for message in overloads]
    answers_s = answered_s(recording, overloads)
    middle_us = {OURS: 1e6 * median(answers_s), ORJSON: 1e6 * median(parsing_s)}
    last_ms = {OURS: 1e3 * quantiles(answers_s, n=100)[-1]}
    path = "from the bytes of an overload to its command"
    periods_ms = {name: 1e3 * period_s for name, period_s in PERIODS_S.items()}
    return [
        *beside_peers(f"{path}, median", "µs", middle_us, {}),
        *beside_peers(f"{path}, 99 of 100", "ms", {**last_ms, **periods_ms}, {}),
    ]


def new_controller() -> Callable[[Reading], None]:
    """Return a controller of the large house, at its beginning."""
    state = State()

    def take(reading: Reading) -> None:
        nonlocal state
        state, _ = controller.step(state, reading, LARGE, armed=True)

    return take


def large(second: int) -> Reading:
    """Return a moment of a large house in which something changes each second; every seventh is an overload."""
    current_a = 120.0 + 3.0 * (second % 5) + (0.0 if second % OVERLOAD_EVERY_S else 120.0)
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


def with_overload(message: Message) -> Message:
    """Return a message whose grid CTs, which are the first three, carry too much."""
    document = json.loads(message.payload)
    for channel in document["channelPowers"][: len(Phase)]:
        channel |= {"current": round(10 * OVERLOAD_A), "power": round(230 * OVERLOAD_A)}
    return replace(message, payload=json.dumps(document, separators=(",", ":")).encode())


def answered_s(recording: Recording, overloads: Sequence[Message]) -> list[float]:
    """Return how long each message takes from its bytes to the command that it leads to, in the same call.

    Decoder, session and balancing are joined as in life. The balancing has seen a calm house before each of them.
    Raises LookupError when a message is not answered at once.
    """
    settings = Settings(circuits=(MAIN_25_A,), chargers=(GARAGE,))
    calm, _ = controller.step(State(), _garage_reading(0.0, dict.fromkeys(Phase, CALM_A)), settings, armed=True)
    times_s = []
    for _ in range(PASSES):
        client = our_client(recording)
        for message in our_messages(overloads):
            begin = time.perf_counter()
            client.receive(message)
            reading = _garage_reading(1.0, grid_a(client.session))
            _, answer = controller.step(calm, reading, settings, armed=True)
            times_s.append(time.perf_counter() - begin)
            if not any(isinstance(command, SetCurrent) for command in answer.commands):
                raise LookupError("an overload was not answered in the handling of its message")
    return times_s


def grid_a(session: Session) -> dict[Phase, float]:
    """Return what the connection carries, in A by line."""
    return {
        channel.phase: session.readings.channels[channel.index].current_a or 0.0
        for channel in session.site.channels
        if channel.role is Role.GRID and channel.phase is not None
    }


def _garage_reading(at: float, lines: Mapping[Phase, float]) -> Reading:
    charger = ChargerReading(
        mode=Mode.FAST,
        reachable=True,
        current_a=dict.fromkeys(Phase, CHARGING_A),
        set_a=CHARGING_A,
        allowed=True,
    )
    return Reading(
        at=at,
        fresh=True,
        circuits={MAIN_25_A.id: CircuitReading(current_a=lines)},
        chargers={GARAGE.id: charger},
    )


def _timed_s(work: Callable[[bytes], object], payload: bytes) -> float:
    begin = time.perf_counter()
    work(payload)
    return time.perf_counter() - begin
