"""Nobody gets what is not there, and nobody is served before those with a higher priority."""

from hypothesis import given
from hypothesis import strategies as st

from energy_control.balancing.allocation import EPSILON, Key, Request, allocate
from mqtt_schema.quantities import Phase

KEYS: tuple[Key, ...] = tuple((circuit, line) for circuit in ("main", "garage") for line in Phase)


@st.composite
def requests(draw: st.DrawFn) -> list[Request]:
    found = []
    for number in range(draw(st.integers(0, 8))):
        keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=6, unique=True))
        least = draw(st.floats(1.0, 10.0))
        found.append(
            Request(
                id=str(number),
                priority=draw(st.integers(1, 3)),
                uses=tuple((key, draw(st.sampled_from([1.0, 2.0]))) for key in keys),
                least=least,
                most=least + draw(st.floats(0.0, 20.0)),
                entry=least,
                on=draw(st.booleans()),
            )
        )
    return found


POOLS = st.fixed_dictionaries(dict.fromkeys(KEYS, st.floats(-10.0, 60.0)))


@given(requests(), POOLS)
def test_nothing_is_given_that_is_not_there(asked: list[Request], pools: dict[Key, float]) -> None:
    before = dict(pools)
    grants = allocate(asked, pools, lambda _request, _short: False)
    for key in KEYS:
        given_a = sum(grants[one.id].units * share for one in asked for used, share in one.uses if used == key)
        assert given_a <= max(before[key], 0.0) + len(asked) * 1e-3
        assert abs(before[key] - given_a - pools[key]) < 1e-6


@given(requests(), POOLS)
def test_everybody_gets_at_least_its_least_or_nothing_and_no_more_than_it_wants(
    asked: list[Request], pools: dict[Key, float]
) -> None:
    grants = allocate(asked, pools, lambda _request, _short: False)
    for one in asked:
        units = grants[one.id].units
        assert units == 0.0 or one.least - EPSILON <= units <= one.most + 1e-6
        assert (units == 0.0) is (grants[one.id].blocked_by is not None)


@given(requests(), POOLS)
def test_who_could_have_more_has_met_a_limit(asked: list[Request], pools: dict[Key, float]) -> None:
    grants = allocate(asked, pools, lambda _request, _short: False)
    for one in asked:
        units = grants[one.id].units
        if 0.0 < units < one.most - 1e-5:
            assert any(pools[key] <= 1e-3 for key, _ in one.uses)
            assert grants[one.id].limited_by is not None


@given(requests(), POOLS)
def test_somebody_more_important_gets_no_less_because_of_others(asked: list[Request], pools: dict[Key, float]) -> None:
    important = [one for one in asked if one.priority == 3]
    alone = allocate(important, dict(pools), lambda _request, _short: False)
    among = allocate(asked, dict(pools), lambda _request, _short: False)
    for one in important:
        assert (among[one.id].units > 0.0) is (alone[one.id].units > 0.0)


@given(requests(), POOLS)
def test_what_is_firm_or_tolerated_keeps_its_least(asked: list[Request], pools: dict[Key, float]) -> None:
    grants = allocate(asked, pools, lambda _request, _short: True)
    for one in asked:
        if one.on:
            assert grants[one.id].units >= one.least


@given(requests(), POOLS)
def test_the_order_of_asking_does_not_matter(asked: list[Request], pools: dict[Key, float]) -> None:
    forward = allocate(asked, dict(pools), lambda _request, _short: False)
    backward = allocate(asked[::-1], dict(pools), lambda _request, _short: False)
    assert forward == backward
