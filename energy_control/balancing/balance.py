"""Shares out what is free among all chargers and loads of one moment, and lets each move towards its share."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from energy_control.balancing.allocation import EPSILON, Grant, Key, Request, allocate
from energy_control.balancing.charger_case import ChargerCase
from energy_control.balancing.circuits import Circuits
from energy_control.balancing.circumstances import Circumstances
from energy_control.balancing.decisions import CircuitAnswer
from energy_control.balancing.load_case import LoadCase
from energy_control.balancing.settings import Kind

ACTING_RISK = 0.1
"""From here on a breaker is relieved at once, whatever that takes."""
LONGEST_ABOVE_S = 5.0
"""So long a breaker may be used above its rating: chargers have that time to come down, and motors to start."""

_NOTHING = Grant()

type Case = ChargerCase | LoadCase


class Cases(NamedTuple):
    """Everything that is balanced."""

    chargers: Sequence[ChargerCase]
    loads: Sequence[LoadCase]

    @property
    def all(self) -> Sequence[Case]:
        """Both."""
        return (*self.chargers, *self.loads)


class Balance:
    """Of one moment."""

    def __init__(self, cases: Cases, circuits: Circuits, found: Mapping[str, CircuitAnswer], at: float) -> None:
        """`found`: how the circuits are."""
        self._chargers = cases.chargers
        self._cases = cases.all
        self._circuits = circuits
        self._found = found
        self._at = at
        self._blocked_since = {case.id: case.state.blocked_since for case in cases.all}
        self._settings = circuits.settings

    def strike(self) -> None:
        """Share out, and move all: first those that come down, then those that may go up.

        Nobody goes up on a line on which another one has not come down yet.
        """
        pools = self._circuits.pools()
        exceeded = {key for key, left in pools.items() if left < -EPSILON}
        for case in self._cases:
            case.give_back(pools, self._circuits, self._at)
        asked = [(case, case.request(self._circuits, self._at)) for case in self._cases]
        requests = {case.id: request for case, request in asked if request is not None}
        grants = allocate(requests.values(), pools, self._tolerates)
        for case in self._chargers:
            case.weigh(self._circuits, pools, grants.get(case.id, _NOTHING), self._at)
        self._move(requests, grants, exceeded)

    def _move(self, requests: Mapping[str, Request], grants: Mapping[str, Grant], exceeded: set[Key]) -> None:
        used = {name: {key for key, _ in request.uses} for name, request in requests.items()}
        rising, gates = [], []
        for case in self._cases:
            grant = grants.get(case.id, _NOTHING)
            if case.id in used and not case.comes_down(grant):
                rising.append((case, grant))
                continue
            case.move(grant, self._circumstances(urgent=not exceeded.isdisjoint(used.get(case.id, ())), held=True))
            if case.id in used:
                gates.append((case.id, used[case.id]))
        gates += [(case.id, self._keys(case)) for case in self._cases if case.is_falling(self._at)]
        for case, grant in rising:
            held = any(name != case.id and not keys.isdisjoint(used[case.id]) for name, keys in gates)
            case.move(grant, self._circumstances(urgent=False, held=held))

    def _keys(self, case: Case) -> set[Key]:
        ones = dict.fromkeys(case.lines, 1.0)
        return {key for key, _ in self._circuits.uses(case.circuit, ones, ones)}

    def _circumstances(self, *, urgent: bool, held: bool) -> Circumstances:
        return Circumstances(self._at, self._settings, self._circuits, urgent, held)

    def _tolerates(self, request: Request, short: Sequence[tuple[Key, float]]) -> bool:
        """Tell whether something may stay on for a while although a fuse is used above its margin."""
        if any(self._is_hard(key) or self._found[key[0]].trip_risk >= ACTING_RISK for key, _ in short):
            return False
        since = self._blocked_since[request.id]
        is_within = all(missing <= self._circuits.by_id[key[0]].kept_free_a for key, missing in short)
        longest_s = self._settings.cut_after_s if is_within else LONGEST_ABOVE_S
        return since is None or self._at - since < longest_s

    def _is_hard(self, key: Key) -> bool:
        circuit, line = key
        is_limited = line is None or self._circuits.is_external(key)
        return is_limited or self._circuits.by_id[circuit].kind is Kind.HARD
