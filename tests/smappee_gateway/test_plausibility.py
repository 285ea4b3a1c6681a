"""How much a CT can measure, told by its type."""

import pytest

from mqtt_schema.model import Channel
from mqtt_schema.quantities import Role
from smappee_gateway.plausibility import HIGHEST_VOLTAGE_V, highest_power_w


@pytest.mark.parametrize(
    ("ct_type", "ampere"),
    [("SCT2_50A", 50), ("CT50_100_200", 200), ("SCT03_400A", 400), ("ROGOWSKI_600A", 600), ("", 800), ("X9999", 800)],
)
def test_the_rating_is_in_the_type_and_otherwise_the_largest_there_is(ct_type: str, ampere: int) -> None:
    channel = Channel(index=0, key="hub_0", name="Oven", role=Role.LOAD, ct_type=ct_type)
    assert highest_power_w(channel) == HIGHEST_VOLTAGE_V * ampere
