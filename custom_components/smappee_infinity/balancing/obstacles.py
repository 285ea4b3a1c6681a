"""What stands in the way of control, in the language of the house: a list inside a longer text."""

from collections.abc import Iterable, Mapping
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import translation

from .._vendor.energy_control.balancing.arming import Refusal
from ..const import DOMAIN

PREFIX: Final = "obstacle_"
ENGLISH: Final = "en"


async def load_texts(hass: HomeAssistant) -> None:
    """Load the texts, so that they can be read without waiting."""
    for language in {hass.config.language, ENGLISH}:
        await translation.async_get_translations(hass, language, "exceptions", {DOMAIN})


def explained(hass: HomeAssistant, refusals: Iterable[Refusal], names: Mapping[str, str]) -> str:
    """Return one line for each obstacle; `names`: of what is declared, by identifier."""
    return "\n".join(dict.fromkeys(f"- {_text(hass, refusal, names)}" for refusal in refusals))


def _text(hass: HomeAssistant, refusal: Refusal, names: Mapping[str, str]) -> str:
    key = f"component.{DOMAIN}.exceptions.{PREFIX}{refusal.obstacle}.message"
    texts = translation.async_get_cached_translations(hass, hass.config.language, "exceptions", DOMAIN)
    return texts[key].replace("{name}", names.get(refusal.about, refusal.about))
