"""Control can be enabled only where the balancing sees what it is to protect; otherwise it says what is missing."""

import pytest
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity.balancing.const import CIRCUIT
from tests import genius
from tests.custom_components.balanced import (
    HOUSE_W,
    MAIN,
    THE_CHARGER,
    THE_LAMP,
    THE_MAIN_FUSE,
    Declared,
    Recorder,
    add_helpers,
    balanced,
    enable,
    measured,
    refusal,
    shown,
)
from tests.custom_components.conftest import entry_for
from tests.custom_components.running import arrived, set_up
from tests.custom_components.sender import Sender
from tests.mosquitto import Mosquitto

WITHOUT_L3 = tuple(ct for ct in genius.HOUSE if ct.name != "Mains L3")
CHARGER_ID, KIND, NAME, TABLE = THE_CHARGER


@pytest.fixture
def declared() -> tuple[Declared, ...]:
    return (THE_MAIN_FUSE, THE_CHARGER)


@pytest.fixture
def entry(broker: Mosquitto, declared: tuple[Declared, ...]) -> MockConfigEntry:
    return balanced(entry_for(broker, genius.SERIAL), *declared)


@pytest.fixture
async def recorder(hass: HomeAssistant) -> Recorder:
    await add_helpers(hass)
    return Recorder(hass)


async def start(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    gateway.live = genius.powers(0, **HOUSE_W)
    await set_up(hass, entry, gateway)
    await measured(entry, gateway)


@pytest.mark.usefixtures("recorder")
async def test_it_is_off_at_first_and_can_be_enabled_when_all_is_seen(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await start(hass, gateway, entry)
    assert shown(hass, "switch", "control_enabled").state == STATE_OFF
    await enable(hass)
    assert shown(hass, "switch", "control_enabled").state == STATE_ON


@pytest.mark.usefixtures("recorder")
@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ((THE_MAIN_FUSE,), ["There is nothing to control"]),
        (((*THE_MAIN_FUSE[:3], {**MAIN, "parent": "gone"}), THE_LAMP), ["no main fuse", "Main fuse: its circuit"]),
        ((THE_MAIN_FUSE, ("other", CIRCUIT, "Other fuse", MAIN), THE_LAMP), ["Other fuse: this is a second"]),
        ((THE_MAIN_FUSE, (CHARGER_ID, KIND, NAME, {**TABLE, "circuit": "gone"})), ["Left charger: its circuit"]),
        (((*THE_MAIN_FUSE[:3], {**MAIN, "rating": 6.0}), THE_CHARGER), ["Left charger: the limit of its circuit"]),
    ],
)
async def test_settings_that_contradict_are_refused_by_name(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, told: list[str]
) -> None:
    await start(hass, gateway, entry)
    problems = await refusal(hass)
    assert all(problem in problems for problem in told), problems
    assert len(problems.splitlines()) == len(told)
    assert shown(hass, "switch", "control_enabled").state == STATE_OFF


@pytest.mark.usefixtures("recorder")
async def test_a_line_without_a_ct_is_refused(hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry) -> None:
    await gateway.install(WITHOUT_L3)
    await start(hass, gateway, entry)
    assert await refusal(hass) == (
        "- Line L3 has a voltage but no CT at the grid connection. Add one, or correct its phase in the Smappee app."
    )


@pytest.mark.usefixtures("recorder")
async def test_a_line_whose_ct_says_nothing_is_refused(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await start(hass, gateway, entry)
    channels = genius.channels(**HOUSE_W)
    channels[1] = genius.channel(1, "nonsense")
    await gateway.measure(channels)
    await arrived(entry.runtime_data, gateway)
    assert await refusal(hass) == "- Line L2 is not measured now. Look at its CT and hub."


@pytest.mark.usefixtures("recorder")
async def test_a_charger_that_seems_to_give_back_is_refused(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry
) -> None:
    await start(hass, gateway, entry)
    await measured(entry, gateway, oven=-3680)
    assert (await refusal(hass)).startswith("- Oven: it seems to give power back")


@pytest.mark.usefixtures("recorder")
@pytest.mark.parametrize(("language", "told"), [("nl", "Er is niets"), ("de", "Es gibt nichts"), ("es", "There is")])
@pytest.mark.parametrize("declared", [(THE_MAIN_FUSE,)])
async def test_it_says_so_in_the_language_of_the_house(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, language: str, told: str
) -> None:
    hass.config.language = language
    await start(hass, gateway, entry)
    assert (await refusal(hass)).startswith(f"- {told}")


async def test_a_charger_whose_circuit_is_deleted_is_no_longer_commanded(
    hass: HomeAssistant, gateway: Sender, entry: MockConfigEntry, recorder: Recorder
) -> None:
    await start(hass, gateway, entry)
    await enable(hass)
    hass.config_entries.async_remove_subentry(entry, THE_MAIN_FUSE[0])
    await gateway.living(hass.async_block_till_done(), **HOUSE_W)
    recorder.taken()
    await measured(entry, gateway, grid2=8280, oven=3680)
    assert recorder.taken() == []
    assert not entry.runtime_data.balancing.enabled
