"""Numbers: how much each charger may draw."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .balancing.controls import add_numbers
from .coordinator import SmappeeConfigEntry

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant, entry: SmappeeConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the highest current of every charger."""
    add_numbers(entry, async_add_entities)
