"""Reads a scenario file (TOML) and explains what is wrong with it: file, line, table and the nearest right word."""

import difflib
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import voluptuous as vol

from simulator.scenario.scenario import Event, Scenario, ScenarioError, SiteChanges
from simulator.scenario.words import COMPANIONS, HEAD, SITE, SITE_NAME, WORDS, Values, event_schema
from simulator.sites.site import GatewayKind

_HEADER: Final = re.compile(r"\s*\[+\s*([\w.-]+)\s*\]+")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the file: ``name`` as in its header, "" before the first, and which of that name it is, from 1."""

    file: str
    lines: tuple[str, ...]
    name: str = ""
    ordinal: int = 1

    def where(self, key: str = "") -> str:
        """Where `key` stands, or the table: file, line if it can be found, and event."""
        number = self._line(key) or self._line("")
        line = f", line {number}" if number else ""
        return f"{self.file}{line}{f', event {self.ordinal}' if self.name == 'event' else ''}"

    def named(self, name: str, ordinal: int = 1) -> "Table":
        """Another table of the same file."""
        return replace(self, name=name, ordinal=ordinal)

    def mistake(self, key: str, reason: str) -> ScenarioError:
        """What to raise."""
        return ScenarioError(f"{self.where(key)}: {reason}")

    def _line(self, key: str) -> int | None:
        """The line of `key` in this table, or of the table's header; None when it is written in another way."""
        wanted = re.compile(rf'\s*"?{re.escape(key)}"?\s*=' if key else _HEADER)
        name, seen = "", Counter({"": 1})
        for number, line in enumerate(self.lines, 1):
            if header := _HEADER.match(line):
                name = header[1]
                seen[name] += 1
            if (name, seen[name]) == (self.name, self.ordinal) and wanted.match(line):
                return number
        return None


def load(path: Path) -> Scenario:
    """Read the file at `path`. Raises ScenarioError with an explanation, and OSError when it cannot be opened."""
    try:
        content = path.read_text(encoding="utf-8")
        document = tomllib.loads(content)
    except ValueError as error:
        raise ScenarioError(f"{path}: {error}") from error
    top = Table(str(path), tuple(content.splitlines()))
    site = _site(document.pop("site", None), top)
    events = _events(document.pop("event", []), top)
    head = _checked(document, vol.Schema(HEAD), top)
    if "profile" in head:
        head["profile"] = GatewayKind(head["profile"])
    return Scenario(**site, **head, events=events)


def _site(site: object, top: Table) -> dict[str, Any]:
    """The built-in site and what differs from it."""
    if site is None:
        return {}
    if not isinstance(site, dict):
        return _checked({"site": site}, vol.Schema(SITE_NAME), top)
    changes = _checked(site, vol.Schema(SITE), top.named("site"))
    return {"site": changes.pop("like"), "site_changes": SiteChanges(**changes)}


def _events(events: object, top: Table) -> tuple[Event, ...]:
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise top.mistake("event", "write each event as a table of its own, headed [[event]]")
    return tuple(_event(event, top.named("event", ordinal)) for ordinal, event in enumerate(events, 1))


def _event(event: Values, table: Table) -> Event:
    words = [key for key in event if key in WORDS]
    if not words:
        _must_know(event, table, {"at", *WORDS, *COMPANIONS})
        raise table.mistake("", f"nothing happens in this event; give it one of: {', '.join(WORDS)}")
    if len(words) > 1:
        raise table.mistake(words[1], f"an event has either {words[0]!r} or {words[1]!r}; make two events of it")
    values = _checked(event, event_schema(words[0]), table)
    return Event(values["at"], WORDS[words[0]].happening(values), table.where(words[0]))


def _checked(values: Values, schema: vol.Schema, table: Table) -> dict[str, Any]:
    """The values as the schema has them. Raises ScenarioError for the first mistake."""
    _must_know(values, table, {str(key) for key in schema.schema})
    try:
        checked: dict[str, Any] = schema(values)
    except vol.MultipleInvalid as error:
        first = error.errors[0]
        key = str(first.path[0])
        if key not in values:
            raise table.mistake("", f"{key!r} is missing") from error
        raise table.mistake(key, f"{key} = {values[key]!r}: {first.msg}") from error
    return checked


def _must_know(values: Values, table: Table, known: set[str]) -> None:
    for key in values:
        if key not in known:
            nearest = difflib.get_close_matches(key, known, n=1)
            advice = f"did you mean {nearest[0]!r}?" if nearest else f"write one of: {', '.join(sorted(known))}"
            raise table.mistake(key, f"unknown key {key!r}; {advice}")
