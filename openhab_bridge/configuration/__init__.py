"""The configuration of the bridge: read from a file in YAML, explained in plain words, or found by itself."""

from openhab_bridge.configuration.file import load

__all__ = ["load"]
