"""The same seed is the same day, whatever else runs; another seed is another."""

import pytest

from simulator import SITES
from tests.simulator.living import live, new_gateway


@pytest.mark.parametrize("site", sorted(SITES))
def test_the_same_seed_writes_the_same_bytes(site: str) -> None:
    assert live(new_gateway(site, seed=7), 400) == live(new_gateway(site, seed=7), 400)


def test_another_seed_is_another_family() -> None:
    assert live(new_gateway(seed=7), 10) != live(new_gateway(seed=8), 10)


def test_a_load_does_not_depend_on_the_others() -> None:
    home, full = new_gateway("home"), new_gateway("full")
    home.fast_forward(hours=12)
    full.fast_forward(hours=12)
    assert home.house.meter.loads_j["Dishwasher"] == full.house.meter.loads_j["Dishwasher"]
