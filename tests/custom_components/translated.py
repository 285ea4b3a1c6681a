"""The texts of the component, as its files have them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from custom_components.smappee_infinity import config_flow, mistakes
from custom_components.smappee_infinity._vendor.energy_control.balancing.arming import Obstacle
from custom_components.smappee_infinity._vendor.smappee_gateway.setting_problems import SENTENCES
from custom_components.smappee_infinity.balancing import obstacles

FOLDER = Path(config_flow.__file__).parent
TEXTS: dict[str, Any] = json.loads((FOLDER / "translations" / "en.json").read_text())
ABOUT_A_LOAD = {"contained", "running_load"}
"""Second steps of the options: they are about the load that was chosen in the first."""
MISTAKES = {f"{mistakes.PREFIX}{wrong}": sentence for wrong, sentence in SENTENCES.items()}
OBSTACLES = {f"{obstacles.PREFIX}{obstacle}" for obstacle in Obstacle}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def texts_below(path: str) -> Iterator[tuple[str, str]]:
    """All texts below a dotted path, with their own paths."""
    found = TEXTS
    for key in path.split("."):
        found = found[key]
    yield from texts_in(path, found)


def texts_in(path: str, part: dict[str, Any] | str) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield path, part
        return
    for key, below in part.items():
        yield from texts_in(f"{path}.{key}", below)
