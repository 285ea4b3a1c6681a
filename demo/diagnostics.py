"""The CTs one by one, as the component's diagnostics tell them: entities show a load's power, not each CT's."""

from typing import Final

import msgspec

from demo.gateway import DOMAIN
from demo.home_assistant import HomeAssistant

GRID: Final = "grid"
SOLAR: Final = "solar"


class Channel(msgspec.Struct):
    """A CT. The diagnostics hide its name."""

    index: int
    role: str
    phase: int | None = None


class Reading(msgspec.Struct):
    """What a CT reads now, in W."""

    power: float | None = None


class _Site(msgspec.Struct):
    channels: list[Channel]


class _Readings(msgspec.Struct):
    channels: dict[int, Reading]


class Diagnostics(msgspec.Struct):
    """The part of the diagnostics that the demo reads."""

    site: _Site
    readings: _Readings

    @property
    def channels(self) -> list[Channel]:
        """The CTs in the order of the installation."""
        return self.site.channels

    def power_w(self, channel: Channel) -> float | None:
        """Return what a CT reads now; None when that is not known."""
        return self.readings.channels.get(channel.index, Reading()).power


async def offered(home_assistant: HomeAssistant) -> bool | None:
    """Tell whether they can be downloaded; None while Home Assistant does not know of them."""
    offers = await home_assistant.command("diagnostics/list")
    return any(offer["domain"] == DOMAIN for offer in offers) or None


async def download(home_assistant: HomeAssistant, entry_id: str) -> Diagnostics:
    """Download them as a user would."""
    document = await home_assistant.get(f"/api/diagnostics/config_entry/{entry_id}")
    return msgspec.convert(document["data"], Diagnostics, strict=False)
