"""A simulated house obeys Home Assistant: loads behind plugs, Switches and relays; what is told without an answer."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from homeassistant.const import ATTR_ENTITY_ID, SERVICE_TURN_OFF, SERVICE_TURN_ON, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.smappee_infinity._vendor.smappee_gateway import commands
from custom_components.smappee_infinity.const import DOMAIN
from custom_components.smappee_infinity.declared import OUTPUT_MODULE
from tests import modules
from tests.custom_components.conftest import entry_for
from tests.custom_components.simulated_relays import EVERY_RELAY, MODULE, RELAYS, SERIAL, Relay, Simulated, living
from tests.custom_components.subentries import with_subentries
from tests.mosquitto import Mosquitto
from tests.waiting import until


class Guarded(Mosquitto):
    """A broker with rules of what it lets pass; what it denies, it takes and forgets."""

    def __init__(self, folder: Path) -> None:
        self._rules = folder / "rules.acl"
        super().__init__(folder, f"acl_file {self._rules}")
        self._write()

    def deny(self, topic: str) -> None:
        """Let nothing pass on this topic from now on."""
        self._write(f"topic deny servicelocation/+/{topic}")
        self.read_again()

    def _write(self, *lines: str) -> None:
        self._rules.write_text("\n".join(["topic readwrite #", *lines, ""]))


@pytest.fixture
def broker(open_network: None, tmp_path: Path) -> Iterator[Guarded]:  # noqa: ARG001 - before it starts
    broker = Guarded(tmp_path)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def quick_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for an answer that does not come."""
    monkeypatch.setattr(commands, "CONFIRMATION_TIMEOUT_S", 1.0)


@pytest.fixture
async def simulated(broker: Mosquitto) -> AsyncIterator[Simulated]:
    async with living(broker) as house:
        yield house


@pytest.fixture
async def home(hass: HomeAssistant, broker: Mosquitto, simulated: Simulated) -> Simulated:
    """Home Assistant, with the module declared and tried; it knows where every relay stands."""
    declared = {**modules.output(dialect="outputmodule", combined=False, normally_closed=[], override={}), "id": MODULE}
    entry: MockConfigEntry = with_subentries(entry_for(broker, SERIAL), (OUTPUT_MODULE, declared))
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: all(state(hass, relay) == (STATE_ON if relay.begins else STATE_OFF) for relay in RELAYS))
    return simulated


def entity_id(hass: HomeAssistant, relay: Relay) -> str | None:
    return er.async_get(hass).async_get_entity_id("switch", DOMAIN, f"{SERIAL}_{relay.key}")


def state(hass: HomeAssistant, relay: Relay) -> str | None:
    found = hass.states.get(entity_id(hass, relay) or "switch.none")
    return found.state if found else None


async def switch(hass: HomeAssistant, relay: Relay, *, on: bool) -> None:
    action = SERVICE_TURN_ON if on else SERVICE_TURN_OFF
    await hass.services.async_call("switch", action, {ATTR_ENTITY_ID: entity_id(hass, relay)}, blocking=True)


@EVERY_RELAY
async def test_the_load_follows_and_nothing_else_is_commanded(
    hass: HomeAssistant, home: Simulated, relay: Relay
) -> None:
    assert home.commands == []
    expected = []
    for on in (not relay.begins, relay.begins):
        await switch(hass, relay, on=on)
        assert state(hass, relay) == (STATE_ON if on else STATE_OFF)
        assert await home.power(relay) == pytest.approx(relay.watts if on else 0.0, rel=0.35)
        expected.append((relay.topic, relay.on if on else relay.off))
        await until(lambda: len(home.commands) == len(expected))  # the recorder is a client of its own
        assert home.commands == expected


@pytest.mark.usefixtures("quick_answer")
@EVERY_RELAY
async def test_without_an_answer_the_user_is_told_and_the_old_state_stays(
    hass: HomeAssistant, broker: Guarded, home: Simulated, relay: Relay
) -> None:
    """The command arrives, and the load moves; only the answer gets lost, as it may in a network."""
    broker.deny(f"{relay.topic}/state")
    with pytest.raises(HomeAssistantError) as failure:
        await switch(hass, relay, on=not relay.begins)
    assert failure.value.translation_key == "not_confirmed"
    assert (failure.value.translation_placeholders or {})["serial"] == SERIAL
    assert state(hass, relay) == (STATE_ON if relay.begins else STATE_OFF)
    await until(lambda: home.commands == [(relay.topic, relay.off if relay.begins else relay.on)])
    assert await home.power(relay) == pytest.approx(0.0 if relay.begins else relay.watts, rel=0.35)
