"""The relays of a hand-written gateway: what is commanded, what is answered, and how Home Assistant shows it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from homeassistant.const import ATTR_ENTITY_ID, ATTR_OPTION, SERVICE_SELECT_OPTION, SERVICE_TURN_OFF
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er

from custom_components.smappee_infinity.const import ACTION_TURN_ON_FOR, ATTR_DURATION, DOMAIN
from tests import genius
from tests.custom_components.sender import Sender, connected, in_background
from tests.mosquitto import Mosquitto

LAMP, HEATER = 1, 7
SWITCH_SERIAL = "4006000001"
INSTALLED = {
    **genius.home_control((LAMP, "Lamp")),
    "switchActuators": [{"nodeId": HEATER, "name": "Heater", "serialNumber": SWITCH_SERIAL}],
}


class Relays:
    """The gateway's side: notes every command, and answers those it is told to answer."""

    def __init__(self, gateway: Sender) -> None:
        self.gateway = gateway
        self.commands: list[tuple[str, str]] = []
        self.answers = True

    async def tell(self, node: int, value: str, *, kind: str = "state") -> None:
        await self.gateway.send(f"plug/{node}/{kind}", {"value": value, "since": 1}, retain=True)

    async def listen(self, broker: Mosquitto, ready: asyncio.Event) -> None:
        async with connected(broker.host, broker.port) as client:
            await client.subscribe(genius.topic("plug/+/setstate"))
            ready.set()
            async for message in client.messages:
                assert isinstance(message.payload, bytes)
                node, value = message.topic.value.split("/")[3], json.loads(message.payload)["value"]
                self.commands.append((node, value))
                if self.answers:
                    await self.tell(int(node), value)


@asynccontextmanager
async def recorded(broker: Mosquitto, gateway: Sender) -> AsyncIterator[Relays]:
    """Note and answer commands."""
    relays = Relays(gateway)
    async with in_background(partial(relays.listen, broker)):
        yield relays


def switch(hass: HomeAssistant, node: int, domain: str = "switch", key: str = "plug") -> State:
    return shown(hass, domain, f"{key}_{node}")


def off_at(hass: HomeAssistant, node: int) -> str:
    return shown(hass, "sensor", f"plug_{node}_switches_off_at").state


def off_after(hass: HomeAssistant, node: int) -> State:
    return shown(hass, "select", f"plug_{node}_switch_off_after")


def shown(hass: HomeAssistant, domain: str, key: str) -> State:
    entity_id = er.async_get(hass).async_get_entity_id(domain, DOMAIN, f"{genius.SERIAL}_{key}")
    assert entity_id is not None
    state = hass.states.get(entity_id)
    assert state is not None
    return state


async def act(hass: HomeAssistant, action: str, node: int) -> None:
    await hass.services.async_call("switch", action, {ATTR_ENTITY_ID: switch(hass, node).entity_id}, blocking=True)


async def nothing_more_than(hass: HomeAssistant, relays: Relays, *expected: tuple[str, str]) -> None:
    """Prove that no other command is on its way: one more, that takes the same way, is the next to arrive."""
    with suppress(HomeAssistantError):  # it is not confirmed while the gateway does not answer
        await act(hass, SERVICE_TURN_OFF, HEATER)
    assert relays.commands == [*expected, (str(HEATER), "OFF")]
    relays.commands.pop()


async def turn_on_for(hass: HomeAssistant, node: int, seconds: float) -> None:
    data = {ATTR_ENTITY_ID: switch(hass, node).entity_id, ATTR_DURATION: {"seconds": seconds}}
    await hass.services.async_call(DOMAIN, ACTION_TURN_ON_FOR, data, blocking=True)


async def choose(hass: HomeAssistant, node: int, option: str) -> None:
    data = {ATTR_ENTITY_ID: off_after(hass, node).entity_id, ATTR_OPTION: option}
    await hass.services.async_call("select", SERVICE_SELECT_OPTION, data, blocking=True)
