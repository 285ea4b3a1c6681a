"""The bridge over HTTP: a status page, its JSON, /health and /metrics. Nothing can be changed here."""

from openhab_bridge.web.server import CannotServeError, serving

__all__ = ["CannotServeError", "serving"]
