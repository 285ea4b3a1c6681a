"""On which lines a load, or the whole site, is: told only where there is no doubt."""

import pytest

from mqtt_schema.model import Channel, Site
from mqtt_schema.points import Scope, ScopeKind
from mqtt_schema.quantities import Phase, Role, Topology
from openhab_bridge.names import part_of

L1, L2, L3 = Phase


def lines(topology: Topology, *phases: Phase | None, balanced: bool = False) -> tuple[Phase, ...]:
    """Of a load with a CT on each of these lines."""
    channels = tuple(
        Channel(index=number, key=f"ct-{number}", name="Pump", role=Role.LOAD, phase=phase, balanced=balanced)
        for number, phase in enumerate(phases)
    )
    return part_of(Site(topology=topology, channels=channels), Scope(ScopeKind.LOAD, "ct-0")).lines


@pytest.mark.parametrize(
    ("topology", "phases"),
    [
        (Topology.SINGLE_PHASE, (L1,)),
        (Topology.SPLIT_PHASE, (L2,)),
        (Topology.SPLIT_PHASE, (L1, L2)),
        (Topology.STAR, (L3,)),
        (Topology.STAR, (L1, L2, L3)),
        (Topology.DELTA, (L1, L2, L3)),
        (Topology.UNKNOWN, (L1, L2, L3)),
    ],
)
def test_a_load_is_on_the_lines_of_its_cts(topology: Topology, phases: tuple[Phase, ...]) -> None:
    assert lines(topology, *phases) == phases


@pytest.mark.parametrize("topology", [Topology.DELTA, Topology.UNKNOWN])
@pytest.mark.parametrize("phases", [(L1,), (L1, L3)])
def test_a_load_between_lines_may_be_on_one_more_than_its_cts(topology: Topology, phases: tuple[Phase, ...]) -> None:
    assert lines(topology, *phases) == ()


def test_a_ct_that_stands_for_three_lines_tells_none() -> None:
    assert lines(Topology.STAR, L1, balanced=True) == ()


def test_a_site_without_a_neutral_may_have_one_line_more_than_voltages() -> None:
    def of_site(topology: Topology, *phases: Phase) -> tuple[Phase, ...]:
        return part_of(Site(topology=topology, phases=phases), Scope(ScopeKind.SITE)).lines

    assert of_site(Topology.DELTA, L1, L2) == of_site(Topology.UNKNOWN, L1, L2) == ()
    assert of_site(Topology.SPLIT_PHASE, L1, L2) == (L1, L2)
    assert of_site(Topology.DELTA, L1, L2, L3) == of_site(Topology.UNKNOWN, L1, L2, L3) == (L1, L2, L3)
    assert of_site(Topology.UNKNOWN, L1) == (L1,)


def test_a_ct_on_an_unknown_line_leaves_all_lines_untold() -> None:
    assert lines(Topology.STAR, L1, None) == ()
