"""Hands out recordings to an administrator's browser."""

from datetime import timedelta
from typing import Final

from aiohttp import web
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.decorators import require_admin
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util import dt as dt_util

from . import capture
from .const import DOMAIN

_URL: Final = f"/api/{DOMAIN}/capture/{{entry_id}}"


class CaptureView(HomeAssistantView):
    """A link cannot carry a header, so it is signed for the administrator who asked for the recording."""

    url = _URL
    name = f"api:{DOMAIN}:capture"

    @require_admin
    async def get(self, request: web.Request, entry_id: str) -> web.StreamResponse:
        """Return the file of a recording that has ended."""
        hass = request.app[KEY_HASS]
        found = capture.find(hass, entry_id)
        if found is None or found.is_running:
            raise web.HTTPNotFound
        content = await hass.async_add_executor_job(found.content)
        name = f"smappee-capture-{dt_util.now():%Y-%m-%d-%H%M}.jsonl"
        found.fetched()
        return web.Response(
            body=content,
            content_type="application/jsonl",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )


def signed_link(hass: HomeAssistant, entry_id: str, valid: timedelta) -> str:
    """Return a path that works without a log-in header, for the user of the current request."""
    return async_sign_path(hass, _URL.format(entry_id=entry_id), valid)
