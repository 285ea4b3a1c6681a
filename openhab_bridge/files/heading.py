"""What stands above every file."""

from collections.abc import Iterator

from openhab_bridge.settings import Settings

NO_TOPICS = (
    "The plain topics are switched off in the bridge's configuration: nothing is published where this file looks."
)


def heading(mark: str, kind: str, settings: Settings, *lines: str) -> Iterator[str]:
    """Begin a file. `mark` begins a comment, `kind` is what was exported, `lines` say what the file needs."""
    first = f"Written by `smappee-bridge export {kind}`: when the house changes, write it anew."
    warning = () if settings.topics.enabled else (NO_TOPICS,)
    yield from (f"{mark} {line}" for line in (first, *lines, *warning))
    yield ""
