"""Writes the documents that follow from the code, or checks that they are up to date."""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

import bridge_topics
import data_points
import protocol
import schemas

DOCS = Path(__file__).resolve().parents[2] / "docs"


def documents() -> dict[str, str]:
    """Return every generated file: path below docs/ and text."""
    return {
        "protocol.md": protocol.document(),
        "points.md": data_points.document(),
        "bridge-topics.md": bridge_topics.document(),
        "bridge-asyncapi.json": bridge_topics.asyncapi(),
        "asyncapi.json": schemas.asyncapi(),
        **schemas.json_schemas(),
        **of_the_component(),
    }


def of_the_component() -> dict[str, str]:
    """Return the documents that cannot be made without Home Assistant; none where it is not installed."""
    if find_spec("homeassistant") is None:
        return {}
    import entities  # noqa: PLC0415 - imports Home Assistant

    return {"entities.md": entities.document()}


def present(name: str) -> str | None:
    """Return the text of a file that is there now."""
    file = DOCS / name
    return file.read_text(encoding="utf-8") if file.exists() else None


def leftovers(names: set[str]) -> list[Path]:
    """Return the generated schemas whose payload is gone."""
    return [file for file in (DOCS / "schema").glob("*") if file.relative_to(DOCS).as_posix() not in names]


def write(files: dict[str, str]) -> None:
    """Write all files and remove what is left over."""
    for name, text in files.items():
        file = DOCS / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for file in leftovers(set(files)):
        file.unlink()


def main() -> int:
    """Run the command line; exit code 1 when `--check` finds a difference."""
    parser = argparse.ArgumentParser(prog="scripts/docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; fail when a document is out of date")
    arguments = parser.parse_args()
    files = documents()
    if not arguments.check:
        write(files)
        return 0
    stale = sorted(name for name, text in files.items() if present(name) != text)
    stale += [file.name for file in leftovers(set(files))]
    if stale:
        sys.stderr.write(f"Out of date: {', '.join(stale)}. Run scripts/docs.\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
