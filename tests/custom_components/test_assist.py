"""Plugs are switched by voice as everything else is: by Home Assistant's own sentences."""

import pytest
from homeassistant.components.conversation import async_converse
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.intent import IntentResponseType
from homeassistant.setup import async_setup_component

from tests.custom_components.relays import HEATER, LAMP, Relays, switch


@pytest.fixture
async def assist(hass: HomeAssistant, home: Relays) -> Relays:
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    for node in (LAMP, HEATER):
        async_expose_entity(hass, "conversation", switch(hass, node).entity_id, should_expose=True)
    return home


async def say(hass: HomeAssistant, sentence: str, language: str = "en") -> IntentResponseType:
    result = await async_converse(hass, sentence, None, Context(), language)
    return result.response.response_type


async def test_a_plug_is_switched_off_by_its_name(hass: HomeAssistant, assist: Relays) -> None:
    assert await say(hass, "turn off the heater") is IntentResponseType.ACTION_DONE
    assert switch(hass, HEATER).state == STATE_OFF
    assert assist.commands == [(str(HEATER), "OFF")]


async def test_a_plug_is_switched_on_in_another_language(hass: HomeAssistant, assist: Relays) -> None:
    assert await say(hass, "zet lamp aan", "nl") is IntentResponseType.ACTION_DONE
    assert switch(hass, LAMP).state == STATE_ON
    assert assist.commands == [(str(LAMP), "ON")]


async def test_a_plug_that_is_not_exposed_is_not_switched(hass: HomeAssistant, assist: Relays) -> None:
    async_expose_entity(hass, "conversation", switch(hass, HEATER).entity_id, should_expose=False)
    assert await say(hass, "turn off the heater") is IntentResponseType.ERROR
    assert assist.commands == []
