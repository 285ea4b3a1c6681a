"""Settings that no house can have are refused where they are made, so that no step can meet them."""

import math

import msgspec
import pytest

from energy_control.balancing.arming import Obstacle, Refusal, Supply, refusals
from energy_control.balancing.settings import Charger, Circuit, ShedLoad
from tests.energy_control.balancing.moments import BOILER_ON_L1, CHARGER, HOUSE, MAIN_FUSE

NUMBERS = (-1.0, math.nan, math.inf)


@pytest.mark.parametrize("value", [0.0, *NUMBERS])
@pytest.mark.parametrize(
    ("item", "field"),
    [
        (MAIN_FUSE, "rating_a"),
        (CHARGER, "step_a"),
        (CHARGER, "min_a"),
        (CHARGER, "max_a"),
        (BOILER_ON_L1, "rated_a"),
    ],
)
def test_what_must_be_above_0(item: Circuit | Charger | ShedLoad, field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{item.id}: .*{field}.* cannot be"):
        msgspec.structs.replace(item, **{field: value})


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize(("item", "field"), [(MAIN_FUSE, "margin_a"), (CHARGER, "fallback_a")])
def test_what_must_not_be_below_0(item: Circuit | Charger, field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{item.id}: {field} cannot be"):
        msgspec.structs.replace(item, **{field: value})
    msgspec.structs.replace(item, **{field: 0.0})


def test_a_charger_whose_least_is_above_its_most() -> None:
    with pytest.raises(ValueError, match="min_a and max_a cannot be"):
        msgspec.structs.replace(CHARGER, min_a=17.0)


def test_a_margin_wider_than_the_rating_leaves_nothing() -> None:
    assert msgspec.structs.replace(MAIN_FUSE, margin_a=30.0).limit_a == 0.0


def test_a_house_whose_voltages_are_not_known_yet_must_have_a_ct_too() -> None:
    unmeasured = msgspec.structs.replace(HOUSE, circuits=(msgspec.structs.replace(MAIN_FUSE, lines=()),))
    nothing = Supply(connected=frozenset(), measured=frozenset())
    assert refusals(unmeasured, nothing) == (Refusal(Obstacle.LINE_NOT_MEASURED, "L1"),)
