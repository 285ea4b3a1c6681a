"""What stands in the way of control, in the language of the house: a list inside a longer text."""

from collections.abc import Iterable, Mapping
from typing import Final

from homeassistant.core import HomeAssistant

from .. import texts
from .._vendor.energy_control.balancing.arming import Refusal

PREFIX: Final = "obstacle_"


def explained(hass: HomeAssistant, refusals: Iterable[Refusal], names: Mapping[str, str]) -> str:
    """Return one line for each obstacle; `names`: of what is declared, by identifier."""
    return "\n".join(dict.fromkeys(f"- {_text(hass, refusal, names)}" for refusal in refusals))


def _text(hass: HomeAssistant, refusal: Refusal, names: Mapping[str, str]) -> str:
    sentence = texts.message(hass, f"{PREFIX}{refusal.obstacle}")
    return sentence.replace("{name}", names.get(refusal.about, refusal.about))
