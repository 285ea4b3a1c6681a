"""Which version of the project this is."""

from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION = "smappee-infinity"


def own_version() -> str:
    """Return the version that is installed; empty when it runs from a folder."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return ""
