"""Reads the configuration of the bridge from a file; every mistake in it is told at once, each with its line."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import voluptuous as vol

from openhab_bridge.configuration.checks import place_of, shown_key
from openhab_bridge.configuration.document import read
from openhab_bridge.configuration.errors import ConfigurationError
from openhab_bridge.configuration.schema import settings
from openhab_bridge.configuration.written import Document, Place, Problem
from openhab_bridge.settings import Settings


def load(file: Path, environment: Mapping[str, str]) -> Settings:
    """Read a file; secrets may stand in the environment. Raises ConfigurationError."""
    document = read(file, environment)
    problems = list(document.problems)
    try:
        found: Settings = vol.Schema(settings(file.parent))(document.content)
    except vol.MultipleInvalid as errors:
        problems += _beyond(document.problems, errors.errors)
    else:
        if not problems:
            return found
    in_order = sorted(problems, key=lambda problem: (document.line(problem.place), _path(problem.place)))
    raise ConfigurationError(_sentence(file, document, problem) for problem in in_order)


def _beyond(known: Iterable[Problem], errors: Iterable[vol.Invalid]) -> Iterator[Problem]:
    """Yield what is wrong where nothing was found wrong before."""
    places = {problem.place for problem in known}
    for error in errors:
        if (place := place_of(error)) not in places:
            yield Problem(place, error.error_message)


def _sentence(file: Path, document: Document, problem: Problem) -> str:
    where = _path(problem.place)
    return f"{file}:{document.line(problem.place)}: {where and f'{where}: '}{problem.text}"


def _path(place: Place) -> str:
    """Write a place as people do: `gateways[0].port`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{shown_key(step)}" for step in place)
    return "".join(steps).removeprefix(".")
