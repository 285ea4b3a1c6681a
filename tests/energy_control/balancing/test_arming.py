"""Control can be enabled only where the balancing sees what it is to protect."""

import msgspec
import pytest

from energy_control.balancing.arming import Obstacle, Refusal, Supply, faults, main_circuit, refusals
from energy_control.balancing.settings import Circuit, Settings
from tests.energy_control.balancing.moments import BOILER, CAR, CHARGER, HOUSE, L1, L2, L3, MAIN, MAIN_FUSE, WITH_BOILER

ALL = frozenset({L1, L2, L3})
SEEN = Supply(connected=ALL, measured=ALL)


def with_circuits(*circuits: Circuit) -> Settings:
    return msgspec.structs.replace(HOUSE, circuits=circuits)


def test_nothing_stands_in_the_way_of_a_whole_house() -> None:
    assert refusals(WITH_BOILER, SEEN) == ()
    assert main_circuit(WITH_BOILER) is MAIN_FUSE


@pytest.mark.parametrize(
    ("supply", "expected"),
    [
        (Supply(connected=ALL, measured=ALL, sign_faults=("Oven",)), [Refusal(Obstacle.SIGN_FAULT, "Oven")]),
        (Supply(connected=ALL, measured=ALL, backwards=("Mains L1",)), [Refusal(Obstacle.BACKWARDS, "Mains L1")]),
        (Supply(connected=ALL, measured=frozenset({L1, L3})), [Refusal(Obstacle.LINE_UNKNOWN, "L2")]),
    ],
    ids=["sign", "backwards", "missing"],
)
def test_what_is_measured_wrongly_or_not_at_all_stands_in_the_way(supply: Supply, expected: list[Refusal]) -> None:
    assert list(refusals(HOUSE, supply)) == expected


def test_a_connected_line_without_a_ct_stands_in_the_way() -> None:
    two = with_circuits(msgspec.structs.replace(MAIN_FUSE, lines=(L1, L2)))
    assert refusals(two, Supply(connected=ALL, measured=frozenset({L1, L2}))) == (
        Refusal(Obstacle.LINE_NOT_MEASURED, "L3"),
    )
    assert refusals(two, Supply(connected=frozenset({L1, L2}), measured=frozenset({L1, L2}))) == ()


def test_there_must_be_one_main_fuse_and_something_to_control() -> None:
    assert refusals(Settings(), SEEN) == (Refusal(Obstacle.NO_MAIN_FUSE), Refusal(Obstacle.NOTHING_TO_CONTROL))
    second = msgspec.structs.replace(MAIN_FUSE, id="second")
    assert Refusal(Obstacle.SEVERAL_MAIN_FUSES, "second") in faults(with_circuits(MAIN_FUSE, second))


def test_circuits_must_lead_to_the_main_fuse() -> None:
    lost = Circuit(id="lost", parent="nowhere", rating_a=16.0)
    assert Refusal(Obstacle.UNKNOWN_PARENT, "lost") in faults(with_circuits(MAIN_FUSE, lost))
    circle = (Circuit(id="a", parent="b", rating_a=16.0), Circuit(id="b", parent="a", rating_a=16.0))
    assert {one.about for one in faults(with_circuits(MAIN_FUSE, *circle)) if one.obstacle is Obstacle.CIRCLE} == {
        "a",
        "b",
    }
    below = (Circuit(id="a", parent=MAIN, rating_a=20.0), Circuit(id="b", parent="a", rating_a=16.0))
    assert faults(with_circuits(MAIN_FUSE, *below)) == ()


def test_chargers_and_loads_must_belong_to_a_circuit() -> None:
    gone = msgspec.structs.replace(CHARGER, circuit="gone")
    assert Refusal(Obstacle.UNKNOWN_PARENT, CAR) in faults(msgspec.structs.replace(HOUSE, chargers=(gone,)))
    boiler = msgspec.structs.replace(WITH_BOILER.loads[0], circuit="gone")
    assert faults(msgspec.structs.replace(WITH_BOILER, loads=(boiler,))) == (Refusal(Obstacle.UNKNOWN_PARENT, BOILER),)


@pytest.mark.parametrize(("rating_a", "is_too_small"), [(6.0, True), (6.9, True), (7.0, False)])
def test_a_charger_must_be_able_to_charge_when_nothing_else_is_on(rating_a: float, is_too_small: bool) -> None:  # noqa: FBT001
    small = msgspec.structs.replace(MAIN_FUSE, rating_a=rating_a)
    assert (Refusal(Obstacle.TOO_SMALL, CAR) in faults(with_circuits(small))) is is_too_small


def test_every_obstacle_is_reached() -> None:
    reached = {
        one.obstacle
        for settings, supply in (
            (Settings(), SEEN),
            (with_circuits(MAIN_FUSE, msgspec.structs.replace(MAIN_FUSE, id="second")), SEEN),
            (with_circuits(MAIN_FUSE, Circuit(id="lost", parent="nowhere", rating_a=16.0)), SEEN),
            (with_circuits(MAIN_FUSE, Circuit(id="own", parent="own", rating_a=16.0)), SEEN),
            (with_circuits(msgspec.structs.replace(MAIN_FUSE, rating_a=6.0, lines=(L1,))), SEEN),
            (HOUSE, Supply(connected=ALL, measured=frozenset(), sign_faults=("Oven",), backwards=("Mains L1",))),
        )
        for one in refusals(settings, supply)
    }
    assert reached == set(Obstacle)
