"""A CT of the grid that is mounted the wrong way round is a repair, stands in the way, and counts at its worst."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity._vendor.energy_control.balancing import mounting
from tests import genius
from tests.custom_components.balanced import (
    CURRENT,
    HOUSE_W,
    THE_CHARGER,
    THE_MAIN_FUSE,
    Recorder,
    add_helpers,
    balanced,
    enable,
    measured,
    refusal,
    shown,
)
from tests.custom_components.conftest import entry_for
from tests.custom_components.running import set_up
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto

WITHOUT_SUN = tuple(ct for ct in genius.HOUSE if ct.name != "Roof")
CHARGES, RESTS = {"oven": 3680, "grid2": -3910}, {"oven": 0, "grid2": -230}
"""The CT of L2 is the wrong way round."""
REFUSED = (
    "- Main fuse, L{line}: a CT seems to be the wrong way round, or to be on another phase. Turn it, or correct it in "
    "the Smappee app; if something feeds in there, measure it, too."
)


@pytest.fixture
def entry(broker: Mosquitto) -> MockConfigEntry:
    return balanced(entry_for(broker, genius.SERIAL), THE_MAIN_FUSE, THE_CHARGER)


@pytest.fixture
def cts() -> tuple[genius.Ct, ...]:
    return genius.HOUSE


@pytest.fixture
async def recorder(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, cts: tuple[genius.Ct, ...]
) -> Recorder:
    await add_helpers(hass)
    await gateway.install(cts)
    gateway.live = genius.powers(0, **{**HOUSE_W, **CHARGES})
    await set_up(hass, entry, gateway)
    return Recorder(hass)


def suspected(hass: HomeAssistant) -> list[dict[str, str] | None]:
    """What the repairs say."""
    issues = ir.async_get(hass).issues.values()
    return [issue.translation_placeholders for issue in issues if issue.translation_key == "ct_backwards"]


def told(line: str) -> dict[str, str]:
    return {"name": "Main fuse", "line": line, "serial": genius.SERIAL}


async def change(entry: MockConfigEntry, gateway: Sender, times: int, **other_w: int) -> None:
    """Let the charger stop and start so often; it ends as it began."""
    for moment in (RESTS, CHARGES) * (times // 2):
        await measured(entry, gateway, **{**moment, **other_w})
        await measured(entry, gateway, **{**moment, **other_w})


async def test_a_charger_that_starts_and_stops_shows_it_and_the_guard_takes_the_worst(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, recorder: Recorder
) -> None:
    await measured(entry, gateway, **CHARGES)
    await enable(hass)
    await change(entry, gateway, 2)
    await measured(entry, gateway, grid2=-8280, oven=3680)
    assert (suspected(hass), recorder.taken()) == ([], [])
    await measured(entry, gateway, **CHARGES)
    await change(entry, gateway, 2)
    assert suspected(hass) == [told("L2")]
    assert float(shown(hass, "sensor", "headroom_main_L2").state) == pytest.approx(23.75 - 17, abs=0.1)
    await measured(entry, gateway, grid2=-8280, oven=3680)
    assert recorder.taken() == [(CURRENT, "set_value", 6.0)]
    assert await refusal(hass) == REFUSED.format(line=2)


@pytest.mark.usefixtures("recorder")
async def test_it_is_known_after_a_restart_until_the_ct_was_turned(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await measured(entry, gateway, **CHARGES)
    await change(entry, gateway, 4)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert suspected(hass) == []
    gateway.second += 1
    gateway.live = genius.powers(gateway.second, **{**HOUSE_W, **CHARGES})
    assert await gateway.during(hass.config_entries.async_setup(entry.entry_id))
    await measured(entry, gateway, **CHARGES)
    assert suspected(hass) == [told("L2")]
    await measured(entry, gateway, grid2=3910, oven=3680)
    await measured(entry, gateway, grid2=3910, oven=3680)
    for oven in (0, 0, 3680, 3680):
        await measured(entry, gateway, grid2=230 + oven, oven=oven)
    assert suspected(hass) == []
    await enable(hass)


@pytest.mark.parametrize("cts", [WITHOUT_SUN])
@pytest.mark.usefixtures("recorder")
async def test_a_line_that_feeds_in_where_nothing_can_is_suspected_until_it_was_seen_to_draw(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounting, "LASTS_S", 0.0)
    for _ in range(2):
        await measured(entry, gateway, grid1=-1150)
    assert suspected(hass) == [told("L1")]
    assert await refusal(hass) == REFUSED.format(line=1)
    for _ in range(2):
        await measured(entry, gateway, grid1=1150)
    assert suspected(hass) == []
    await enable(hass)


@pytest.mark.usefixtures("recorder")
async def test_a_line_of_a_house_with_sun_may_feed_in(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounting, "LASTS_S", 0.0)
    for _ in range(3):
        await measured(entry, gateway, grid1=-1150)
    assert suspected(hass) == []
    await enable(hass)
