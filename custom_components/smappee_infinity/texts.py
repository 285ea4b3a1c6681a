"""Texts inside longer texts, in the language of the house: Home Assistant itself translates only whole ones."""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import translation

from .const import DOMAIN

EXCEPTIONS: Final = "exceptions"
FORMS: Final = "config_subentries"
ENGLISH: Final = "en"


async def load(hass: HomeAssistant) -> None:
    """Load the texts, so that they can be read without waiting."""
    for language in {hass.config.language, ENGLISH}:
        for category in (EXCEPTIONS, FORMS):
            await translation.async_get_translations(hass, language, category, {DOMAIN})


def text(hass: HomeAssistant, category: str, key: str) -> str | None:
    """Return a text as it stands in the translations, with its placeholders; None: there is no such text."""
    texts = translation.async_get_cached_translations(hass, hass.config.language, category, DOMAIN)
    return texts.get(f"component.{DOMAIN}.{category}.{key}")


def message(hass: HomeAssistant, key: str) -> str:
    """Return the text of an exception, with its placeholders; raises KeyError."""
    found = text(hass, EXCEPTIONS, f"{key}.message")
    if found is None:
        raise KeyError(key)
    return found
