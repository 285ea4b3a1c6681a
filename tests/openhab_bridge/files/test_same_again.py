"""The same house gives the same files, in whatever order it is told: a difference is a difference of the house."""

import pytest

from openhab_bridge.files import FILES
from tests.openhab_bridge.files import golden
from tests.openhab_bridge.files.living import HOUSES, SETTINGS, installation, shuffled


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("house", HOUSES)
def test_the_order_in_which_a_house_is_told_does_not_matter(house: str, kind: str) -> None:
    told = installation(house, all_points=True)
    texts = {FILES[kind]([one], SETTINGS) for one in (told, told, shuffled(told, 1), shuffled(told, 2))}
    assert len(texts) == 1


@pytest.mark.parametrize("kind", FILES)
def test_the_order_of_gateways_does_not_matter(kind: str) -> None:
    told = [installation(house) for house in HOUSES]
    assert FILES[kind](told, SETTINGS) == FILES[kind](told[::-1], SETTINGS)


def test_there_are_the_five_kinds_that_can_be_exported() -> None:
    assert list(FILES) == ["things", "items", "sitemap", "yaml", "evcc"]


@pytest.mark.parametrize("kind", golden.KINDS)
def test_files_look_as_they_did(kind: str) -> None:
    assert golden.written(kind) == golden.path_of(kind).read_text(encoding="utf-8")
