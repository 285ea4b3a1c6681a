"""Small files as they are written now, kept to be looked at. `python -m tests.openhab_bridge.files.golden` renews them.

The YAML for openHAB is left out: it is long, and held against the textual files.
"""

from dataclasses import replace
from pathlib import Path

from mqtt_schema.quantities import Role
from openhab_bridge.files import FILES
from tests.openhab_bridge.files.living import SETTINGS, WITH_EVERYTHING, installation

FOLDER = Path(__file__).parent / "golden"
KINDS = ("things", "items", "sitemap", "evcc")


def written(kind: str) -> str:
    """Of a house with the CTs of its grid, and the first part of each other kind that there is."""
    told = installation(WITH_EVERYTHING)
    first = {node.scope.kind: node for node in reversed(told.nodes)}
    kept = [node for node in told.nodes if node.part.role is Role.GRID or first[node.scope.kind] is node]
    return FILES[kind]([replace(told, nodes=tuple(kept))], SETTINGS)


def path_of(kind: str) -> Path:
    return FOLDER / f"house.{kind}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in KINDS:
        path_of(each).write_text(written(each), encoding="utf-8")
